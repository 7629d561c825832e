# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: MIT
# What the tests of `cgi-login ca-refresh` share: bundles of private roots, runs of it, a look at what it made. The
# provider is behind TLS, with a private CA of the site's own. To be loaded after helpers.

setup_file() { ca_setup_file; }

ca_setup_file() {
    SITE_STANDIN_TLS=1 e2e_setup_file
    export BUNDLES=$SITE_DIR/bundles OURS=$SITE_DIR/tls/certificate.pem
    export ROOTS=55 # how many there are beside the site's own
    mkdir -p "$BUNDLES"
    make_roots
}

setup() {
    e2e_setup
    CA=$SITE_PRODUCT/ca
    rm -rf "$SITE_PRODUCT"/ca "$SITE_PRODUCT"/ca.*
}

teardown() {
    [[ ! -e $SITE_DIR/standin/pid ]] || kill -CONT "$(<"$SITE_DIR/standin/pid")" || true
    e2e_teardown
}

# --- bundles ---

ca_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1 -out "$BUNDLES/key.pem" 2>/dev/null; }

root() { # SUBJECT [OPTION...]: a new CA's certificate, with one key for all
    openssl req -x509 -key "$BUNDLES/key.pem" -days 9 -subj "$1" "${@:2}" 2>/dev/null
}

expired_root() { # SUBJECT
    (
        cd "$WORK" && : >index.txt && printf '[ca]\ndefault_ca=ours\n[ours]\ndatabase=index.txt\nnew_certs_dir=.
default_md=sha256\npolicy=any\nrand_serial=yes\nx509_extensions=v3\n[v3]\nbasicConstraints=CA:TRUE\n[any]
commonName=supplied\n' >ca.cnf
        openssl req -new -key "$BUNDLES/key.pem" -subj "$1" -out expired.csr
        openssl ca -config ca.cnf -batch -notext -selfsign -keyfile "$BUNDLES/key.pem" -in expired.csr \
            -out expired.pem -startdate 20200101000000Z -enddate 20210101000000Z 2>/dev/null && cat expired.pem
    )
}

# roots.pem: private roots; good.pem: these and the site's own.
make_roots() {
    local number
    ca_key
    for ((number = 1; number <= ROOTS; number++)); do
        printf '# Root %s\n' "$number"
        root "/O=Tests/CN=Root $number"
    done >"$BUNDLES/roots.pem"
    cat "$BUNDLES/roots.pem" "$OURS" >"$BUNDLES/good.pem"
    chmod -R a+rX "$BUNDLES" "$SITE_DIR/tls"
    chmod 600 "$BUNDLES/key.pem"
}

bundle() { # NAME: from standard input; prints its path
    cat >"$BUNDLES/$1"
    chmod 644 "$BUNDLES/$1"
    printf '%s' "$BUNDLES/$1"
}

# --- running, and looking ---

# refresh STATUS ARGUMENT...: runs ca-refresh, and wants that exit status. Its output is in the files OUT and ERR.
refresh() {
    local code=0
    site_admin ca-refresh "${@:2}" >"$OUT" 2>"$ERR" </dev/null || code=$?
    note "ca-refresh ${*:2}: $(cat "$OUT" "$ERR")"
    assert_equal "$code" "$1"
}

# All that could change: the very folder and files, their bytes, and what lies beside.
state() {
    (cd "$SITE_PRODUCT" && ls -A && find ca* -exec stat -c '%n %i %a %Y %s' {} + 2>/dev/null | sort &&
        find ca -type f -exec sha256sum {} + 2>/dev/null | sort)
}

# refused WORDS ARGUMENT...: it fails, says WORDS, prints nothing on standard output, and nothing has changed.
refused() {
    note "$*"
    local before
    before=$(state)
    refresh 1 "${@:2}"
    assert_contains "$(err)" "$1"
    assert_equal "$(out)" ""
    assert_equal "$(state)" "$before"
}

# The folder has COUNT files, each under the name that openssl gives it, which any user may read; nothing else is left.
assert_folder() { # COUNT
    local file
    assert_equal "$(find "$CA" -type f | wc -l)" "$1"
    assert_equal "$(stat -c %a "$CA")" 755
    assert_equal "$(find "$CA" -type f ! -perm 644)" ""
    for file in "$CA"/*; do
        assert_regex "${file##*/}" "^$(openssl x509 -in "$file" -noout -subject_hash)\.[0-9]+\$"
    done
    assert_equal "$(cd "$SITE_PRODUCT" && compgen -G 'ca*' | tr '\n' ' ')" "ca "
}

# HOME/ca with good.pem, which alone makes the provider trusted.
fill() {
    refresh 0 --from "$BUNDLES/good.pem"
    site_config_edit 'del(.providers.instagram.ca_file)'
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What `make dist` made: the files of the archive, and its programs in a root folder with nothing else in it, run
# without a server, as a user without rights, within the limits of a tight host. test.sh says which archive.

load ../tests/e2e/helpers
export E2E_NO_SERVER=1

setup_file() {
    export ARCHIVE=$BATS_FILE_TMPDIR/archive
    mkdir "$ARCHIVE"
    tar -xzf "$SITE_ARCHIVE" -C "$ARCHIVE" --strip-components=1
    e2e_setup_file
}

# --- the files ---

@test "the sums are right" {
    cd "$ARCHIVE"
    sha256sum --quiet -c SHA256SUMS
}

@test "nothing is missing, and every place in INSTALL.html is filled in" {
    local file
    for file in INSTALL.html MANUAL.html CHANGES.html MANIFEST htaccess.example licences docs/settings.html \
        cgi-login/config-template.json cgi-login/providers/instagram.json cgi-login/templates/login.html cgi-login/languages/en.json \
        cgi-login/share/man/man1/cgi-login.1 cgi-login/gate/redirect.htaccess cgi-login/gate/authorizer.htaccess \
        cgi-bin/gate.cgi public_html/index.html public_html/cgi-login/style.css; do
        [[ -e $ARCHIVE/$file ]] || fail "$file is missing"
    done
    refute grep '@[A-Z]*@' "$ARCHIVE/INSTALL.html"
    # What stands there of the gate is what its form fills in.
    refute grep -E '^@[A-Z_]+@$' "$ARCHIVE/INSTALL.html"
    assert_equal "$(grep -c '^# BEGIN cgi-login gate$' "$ARCHIVE/INSTALL.html")" 2
}

# The pages are read from a folder, without a network: each link leads to a file and a heading that are there.
@test "the manual is whole: every link of its pages leads somewhere, and it says how to upgrade and to remove" {
    "$E2E_ROOT/dist/check_pages.py" "$ARCHIVE" >&2
    grep -q '<h2 id="upgrade">' "$ARCHIVE/MANUAL.html"
    grep -q '<h2 id="uninstall">' "$ARCHIVE/MANUAL.html"
    grep -qF "cgi-login $(<"$E2E_ROOT/VERSION")" "$ARCHIVE/MANUAL.html"
    tidy -quiet -errors --warn-proprietary-attributes no "$ARCHIVE"/*.html "$ARCHIVE"/docs/settings.html >&2
}

@test "what is new is the newest section of the changelog" {
    local heading
    heading=$("$E2E_ROOT/dist/changelog.sh" | sed -n '1s/^## //p')
    [[ -n $heading ]]
    assert_equal "$(grep -o '<h2[^>]*>[^<]*' "$ARCHIVE/CHANGES.html" | sed 's/.*>//')" "$heading"
}

@test "no file is there twice" {
    local twice
    twice=$(cd "$ARCHIVE" && find . -type f ! -path './cgi-login/lib/*' -exec sha256sum {} + | sort | uniq -w 64 -D)
    assert_equal "$twice" ""
    assert_equal "$(find "$ARCHIVE" -name 'htaccess*' -o -name 'config-template.json' | wc -l)" 2
}

# What SPDX 2.3 wants of each package and each relationship, and that it names what MANIFEST names.
@test "the bill of materials is SPDX 2.3, and has every library with its version" {
    local sbom=$ARCHIVE/SBOM.spdx.json
    jq -e '.spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0" and .SPDXID == "SPDXRef-DOCUMENT" and
        (.documentNamespace | test("^urn:uuid:[0-9a-f-]{36}$")) and (.name | length > 0) and
        (.creationInfo.created | test("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$")) and
        (.creationInfo.creators | all(test("^(Tool|Organization|Person): "))) and
        ([.SPDXID, .packages[].SPDXID] as $ids | ($ids | unique | length) == ($ids | length) and
            ($ids | all(test("^SPDXRef-[A-Za-z0-9.-]+$"))) and
            (.relationships | all(.spdxElementId as $a | .relatedSpdxElement as $b | ($ids | index($a)) and ($ids | index($b)))) and
            ([.relationships[].relatedSpdxElement] | sort) == ($ids - ["SPDXRef-DOCUMENT"] | sort)) and
        (.packages | all(.name != "" and .downloadLocation != null and .versionInfo != "" and
            (.licenseDeclared | test("^[A-Za-z0-9.-]+( WITH [A-Za-z0-9.-]+)?$"))))' "$sbom"
    diff -u <(awk '/^name +version/ { here = 1; next } here && !NF { exit } here { print $1, $2 }' "$ARCHIVE/MANIFEST") \
        <(jq -r '.packages[] | "\(.name) \(.versionInfo)"' "$sbom") >&2
}

@test "every program is a static PIE" {
    local program
    for program in "$ARCHIVE"/cgi-bin/*.cgi "$ARCHIVE"/cgi-login/{bin,lib}/*; do
        note "$program"
        readelf -lhdW "$program" >"$OUT"
        refute_contains "$(out)" INTERP
        refute_contains "$(out)" NEEDED
        assert_regex "$(out)" 'Type: +DYN'
        assert_regex "$(out)" 'GNU_STACK[ 0-9a-fx]+ RW '
    done
}

lacks() { # PROGRAM BYTES PATTERN: is smaller, and has nothing of that in it
    note "$*"
    [[ $(stat -c %s "$ARCHIVE/cgi-bin/$1.cgi") -lt $2 ]]
    refute grep -aoE "$3" "$ARCHIVE/cgi-bin/$1.cgi"
}

# Who never talks to the provider or the store must not carry what does; who seldom does has a full program for it.
@test "start and login carry no TLS and no database, profile, logout and gate no MongoDB" {
    local program
    for program in start login; do
        lacks "$program" 500000 'isMaster|OpenSSL 3|CERTIFICATE|SQLite format'
    done
    for program in profile logout gate; do
        lacks "$program" 1500000 'isMaster|OpenSSL 3|CERTIFICATE'
        grep -qa isMaster "$ARCHIVE/cgi-login/lib/$program" || fail "$program has no full program with MongoDB"
    done
}

assert_found_by_hash() { # FOLDER: of certificates
    local file
    [[ $(find "$1" -name '*.[0-9]' | wc -l) -gt 100 ]] || fail "too few certificates"
    for file in "$1"/*0.0; do
        assert_equal "${file##*/}" "$(openssl x509 -in "$file" -noout -subject_hash).0"
    done
}

@test "certificates are found by their hash" {
    assert_found_by_hash "$ARCHIVE/cgi-login/ca"
}

@test "no path of the building machine is in it" {
    refute grep -raolF -e "$E2E_ROOT/" -e "${DIST_CACHE:-$E2E_ROOT/build/dist}" "$ARCHIVE"
}

# --- the programs ---

# ask PROGRAM METHOD PATH [QUERY [COOKIE [VARIABLE...]]]: a request, as Apache hands it on.
ask() {
    local -a variables=(GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 SERVER_NAME=localhost
        "SERVER_PORT=${SITE_URL##*:}" "HTTP_HOST=${SITE_URL#*//}" REMOTE_ADDR=127.0.0.1 "REQUEST_METHOD=$2"
        "REQUEST_URI=$3${4:+?$4}" "QUERY_STRING=${4-}" "SCRIPT_NAME=/cgi-bin/$1.cgi" "DOCUMENT_ROOT=$SITE_HTML"
        "CGI_LOGIN_CONFIG=$SITE_CONFIG" "${@:6}")
    [[ $3 != /auth/* ]] || variables+=(PATH_INFO=/instagram)
    [[ -z ${5-} ]] || variables+=("HTTP_COOKIE=$5")
    cgi "$1" "${variables[@]}"
}

cookies() { # those of the last response, as a browser sends them back
    header Set-Cookie | sed '/Max-Age=0/d; s/;.*//' | paste -sd';' -
}

sign_in_alone() { # sets SESSION
    local pending
    ask start GET /auth/instagram
    AUTHORIZE=$(header Location) pending=$(cookies)
    assert_contains "$AUTHORIZE" "$STANDIN_URL/oauth/authorize"
    decide harbour.bakery
    ask callback GET /auth/instagram/callback "${CALLBACK#*\?}" "$pending"
    assert_equal "$(header Location)" "$SITE_URL/profile#"
    SESSION=$(cookies)
    ask profile GET /profile '' "$SESSION" HTTP_ACCEPT=application/json
    assert_equal "$STATUS $(json .user.username)" "200 harbour.bakery"
}

# No server runs here, which is all that there is to be found.
@test "the command-line program helps, makes keys and finds nothing to change but the site that does not respond" {
    admin 0 --help
    assert_regex "$(out)" '^usage: cgi-login'
    admin 0 new-key
    assert_regex "$(out)" '^[A-Za-z0-9+/]{43}=$'
    admin 1 check
    assert_equal "$(grep -c FIX "$OUT")" 1
    assert_contains "$(out)" "  FIX   $SITE_URL takes no connection: "
}

@test "login shows the button" {
    ask login GET /login
    assert_status 200
    assert_contains "$(body)" Instagram
}

@test "a person signs in over TLS, trusting a CA of its own, is listed, and signs out" {
    sign_in_alone
    admin 0 users list
    assert_contains "$(out)" harbour.bakery
    ask logout POST /logout '' "$SESSION" HTTP_SEC_FETCH_SITE=same-origin "HTTP_ORIGIN=$SITE_URL" CONTENT_LENGTH=0
    assert_status 302
    assert_no_secrets
}

@test "deauthorize, deletion and backchannel answer" {
    ask deauthorize POST /auth/instagram/deauthorize '' '' CONTENT_LENGTH=0
    assert_regex "$STATUS" '^4'
    ask deletion GET /auth/instagram/deletion code=none
    assert_regex "$STATUS" '^4'
    ask backchannel POST /auth/instagram/backchannel_logout '' '' CONTENT_LENGTH=0
    assert_regex "$STATUS" '^4'
}

@test "ca-refresh refreshes the certificates: from those that came with it all stay but the expired" {
    cat "$SITE_PRODUCT"/ca/* >"$SITE_DIR/bundle.pem"
    admin 0 ca-refresh --from "$SITE_DIR/bundle.pem"
    assert_contains "$(out)" "ca: $(find "$SITE_PRODUCT/ca" -name '*.[0-9]' | wc -l) certificates, "
    [[ ! -e $SITE_PRODUCT/ca.refresh-new ]]
    assert_found_by_hash "$SITE_PRODUCT/ca"
}

@test "twenty requests at once" {
    local number
    local -a pids=()
    for number in {1..20}; do
        (REQUESTS=$((100 * number)) && ask login GET /login && assert_status 200) 3>&- &
        pids+=($!)
    done
    for number in "${pids[@]}"; do
        wait "$number"
    done
}

@test "no file outside of its own folder is opened" {
    local allowed="^($SITE_HOME/|$SITE_DIR/tls/certificate\.pem\$|/dev/(null|urandom)|/etc/ssl/|/proc/self/"
    allowed+='|/etc/(resolv\.conf|hosts|localtime))'
    [[ -z ${SITE_RUNNER-} ]] || skip "the emulator opens files of its own"
    command -v strace >/dev/null || skip "there is no strace"
    CGI_WRAPPER=(strace -f -qq -A -e "trace=open,openat,openat2,creat" -o "$WORK/trace")
    sign_in_alone
    CGI_WRAPPER=()
    # What leads to the program comes first, and opens the C library's files.
    refute grep -vE "$allowed|^/(etc/ld\.so|lib|usr/(lib|share/locale)/|etc/(nsswitch|passwd|group))" \
        <(sed -n 's/.*open[a-z0-9]*(\(AT_FDCWD, \)\?"\([^"]*\)".*/\2/p' "$WORK/trace")
    grep -q "$SITE_CONFIG" "$WORK/trace"
}

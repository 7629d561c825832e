#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# `cgi-login ca-refresh`: the folder of CA certificates that it makes from a bundle, what proves it, and everything that
# has to leave the old folder as it was. The provider is behind TLS, with a private CA of the site's own.

load helpers

setup_file() {
    SITE_STANDIN_TLS=1 e2e_setup_file
    export BUNDLES=$SITE_DIR/bundles OURS=$SITE_DIR/tls/certificate.pem
    export ROOTS=55 # how many there are beside the site's own
    mkdir -p "$BUNDLES"
    make_roots
    server_start
}

teardown_file() {
    [[ ! -e ${BUNDLES-}/server.pid ]] || kill "$(<"$BUNDLES/server.pid")" || true
    e2e_teardown_file
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

# --- a server for them: $BUNDLES over TLS with the site's certificate, and some faults ---

server_start() {
    local code
    code=$(
        cat <<'PYTHON'
import http.server, os, ssl, sys
folder, certificate, key = sys.argv[1:]

class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/redirect":
            self.send_response(301)
            self.send_header("Location", "/good.pem")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", str(os.path.getsize("good.pem") + 1))
            self.end_headers()
            self.wfile.write(open("good.pem", "rb").read())
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"#" * 65536)
            except OSError:
                pass
        else:
            super().do_GET()

class Server(http.server.ThreadingHTTPServer):
    def shutdown_request(self, request):
        """Ends TLS before the connection: without, the end could be anybody's (RFC 8446, section 6.1)."""
        try:
            request.settimeout(10)
            request.unwrap()
        except (OSError, ValueError):
            pass
        super().shutdown_request(request)

os.chdir(folder)
server = Server(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
open("server.pid", "w").write(str(os.getpid()))
open("port.new", "w").write(str(server.server_address[1]))
os.rename("port.new", "port")
server.serve_forever()
PYTHON
    )
    _site_spawn "$BUNDLES/server.log" "$(_site_python)" -c "$code" "$BUNDLES" "$OURS" "$SITE_DIR/tls/key.pem"
    _site_until test -s "$BUNDLES/port" || fail "the server of bundles did not start"
    export SERVER
    SERVER=https://localhost:$(<"$BUNDLES/port")
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

# --- what it is for ---

@test "a bundle from a file makes ca/, and with nothing else to trust people sign in" {
    refresh 0 --from "$BUNDLES/good.pem"
    assert_equal "$(out)" "ca: $((ROOTS + 1)) certificates, $((ROOTS + 1)) new, 0 gone"
    assert_equal "$(err)" ""
    assert_folder $((ROOTS + 1))
    site_config_edit 'del(.providers.instagram.ca_file)'
    sign_in "$JAR"
    assert_signed_in "$JAR"
    site_admin check --online >"$OUT"
    assert_contains "$(out)" "ok    certificates are checked against $CA"
    assert_contains "$(out)" "$STANDIN_URL answers over TLS"
    # It was the folder that did it.
    rm -rf "$CA"
    begin "$WORK/other"
    decide
    assert_login_fails "$WORK/other" provider_unreachable
}

@test "a second run says that nothing changed, and the next what did" {
    local some
    fill
    refresh 0 --from "$BUNDLES/good.pem"
    assert_equal "$(out)" "ca: $((ROOTS + 1)) certificates, nothing changed"
    some=$(
        {
            sed '1,/^# Root 3$/d' "$BUNDLES/roots.pem"
            root "/CN=New 1"
            cat "$OURS"
            root "/CN=New 2"
            root "/CN=New 3"
        } | bundle some.pem
    )
    refresh 0 --from "$some"
    assert_equal "$(out)" "ca: $((ROOTS + 2)) certificates, 3 new, 2 gone"
    assert_folder $((ROOTS + 2))
    sign_in "$JAR"
}

@test "the system's own bundle gives the names that the system has" {
    local file
    cp /etc/ssl/certs/ca-certificates.crt "$BUNDLES/system.pem"
    refresh 0 --from "$BUNDLES/system.pem"
    assert_regex "$(out)" '^ca: [0-9]+ certificates, '
    for file in "$CA"/*; do
        assert_equal "${file##*/}" "$(openssl x509 -in "$file" -noout -subject_hash).${file##*.}"
    done
    [[ $(find "$CA" -type f | wc -l) -gt 100 ]]
}

@test "expired certificates and those of no CA are left out and counted, twice the same is taken once" {
    local file
    printf '[req]\ndistinguished_name=name\n[name]\n[v3]\nbasicConstraints=critical,CA:FALSE\n' >"$WORK/server.cnf"
    file=$({
        cat "$BUNDLES/good.pem"
        expired_root "/CN=Old 1"
        expired_root "/CN=Old 2"
        root "/CN=server" -config "$WORK/server.cnf" -extensions v3
        cat "$OURS"
    } | bundle mixed.pem)
    assert_equal "$(grep -c 'BEGIN CERTIFICATE' "$file")" $((ROOTS + 5))
    refresh 0 --from "$file"
    assert_equal "$(out)" \
        "ca: $((ROOTS + 1)) certificates, $((ROOTS + 1)) new, 0 gone, 2 expired left out, 1 of no CA left out"
    assert_folder $((ROOTS + 1))
}

@test "certificates with one subject become .0, .1 and .2, and each of them is found" {
    local file hash
    # The site's own last: OpenSSL has to go through the others' keys first.
    file=$({
        cat "$BUNDLES/roots.pem"
        root /CN=localhost
        root /CN=localhost
        cat "$OURS"
    } | bundle subjects.pem)
    refresh 0 --from "$file"
    hash=$(openssl x509 -in "$OURS" -noout -subject_hash)
    assert_equal "$(cd "$CA" && echo "$hash".*)" "$hash.0 $hash.1 $hash.2"
    assert_equal "$(openssl x509 -in "$CA/$hash.2")" "$(openssl x509 -in "$OURS")"
    site_config_edit 'del(.providers.instagram.ca_file)'
    sign_in "$JAR"
}

@test "ca_folder in the config is what is renewed, also behind a symbolic link, and ca/ then is not" {
    site_run mkdir "$SITE_HOME/trusted"
    site_run ln -s trusted "$SITE_HOME/link"
    site_config_edit --arg folder "$SITE_HOME/link/" '.ca_folder = $folder'
    refresh 0 --from "$BUNDLES/good.pem"
    assert_equal "$(find "$SITE_HOME/trusted" -type f | wc -l)" $((ROOTS + 1))
    assert_equal "$(readlink "$SITE_HOME/link")" trusted
    [[ ! -e $CA ]]
    site_config_edit 'del(.providers.instagram.ca_file)'
    sign_in "$JAR"
    assert_equal "$(find "$SITE_HOME" -maxdepth 1 -name '*refresh*')" ""
    rm -r "$SITE_HOME/trusted" "$SITE_HOME/link"
}

@test "check notes a folder that is over a year old, until it is renewed" {
    fill
    site_admin check >"$OUT"
    refute_contains "$(out)" ca-refresh
    find "$CA" -type f -exec touch -d '400 days ago' {} +
    site_admin check >"$OUT"
    assert_regex "$(out)" "note +the CA certificates in $CA were put there 400 days ago, .*cgi-login ca-refresh"
    # Also when the new one holds the same.
    refresh 0 --from "$BUNDLES/good.pem"
    assert_contains "$(out)" "nothing changed"
    site_admin check >"$OUT"
    refute_contains "$(out)" ca-refresh
}

# --- from a URL ---

@test "an https URL is fetched with what is trusted so far" {
    fill
    refresh 0 --from "$SERVER/good.pem"
    assert_equal "$(out)" "ca: $((ROOTS + 1)) certificates, nothing changed"
    sign_in "$JAR"
}

@test "a server that is not trusted, or speaks no TLS, gives nothing" {
    local words="Fetch a bundle elsewhere and say --from FILE"
    # ca_file is for the provider, not for this.
    refused "certificate" --from "$SERVER/good.pem"
    assert_contains "$(err)" "$words"
    fill
    refused "$words" --from "${SITE_URL/http:/https:}/"
    refused "$words" --from "https://localhost:$(_site_free_port)/"
    # The one that is taken when none is named: it is not trusted, wherever this runs.
    refused "https://curl.se/ca/cacert.pem cannot be fetched: "
    assert_contains "$(err)" "$words"
}

@test "answers that are no bundle are refused: redirect, 404, HTML, cut off, endless" {
    local path words
    fill
    printf '<!doctype html><title>Not here</title>\n' | bundle page.html >/dev/null
    while IFS='|' read -r path words; do
        refused "$words" --from "$SERVER$path"
    done <<'TABLE'
/redirect|cannot be fetched: the answer is 301.
/nowhere|cannot be fetched: the answer is 404.
/page.html|there is no certificate in it
/cut|cannot be fetched: 
/endless|larger than 1048576 bytes
TABLE
    sign_in "$JAR"
}

@test "only https: no other scheme is asked" {
    local url
    fill
    for url in "http://localhost:1/good.pem" "$SITE_URL/good.pem" "file://$BUNDLES/good.pem" "ftp://localhost/x" \
        "https://user:word@localhost/x" "https://" "HTTP://localhost/"; do
        refused "--from: expected a file or an https URL, not $url" --from "$url"
    done
}

# --- files that are no bundle ---

@test "files that are no bundle are refused, and the folder stays to the last byte" {
    local good=$BUNDLES/good.pem words file
    fill
    cat "$OURS" "$OURS" | bundle few.pem >/dev/null
    : | bundle empty.pem >/dev/null
    printf '<html>-----BEGIN</html>\n' | bundle page.html >/dev/null
    head -c -200 "$good" | bundle cut.pem >/dev/null
    {
        cat "$good"
        printf -- '-----BEGIN CERTIF'
    } | bundle cut_early.pem >/dev/null
    sed '400s/^..../!!!!/' "$good" | bundle garbage.pem >/dev/null
    sed '400s/^....../AAAAAA/' "$good" | bundle damaged.pem >/dev/null
    {
        cat "$good"
        printf '\0'
    } | bundle nul.pem >/dev/null
    head -c 30000 /dev/urandom | bundle noise.pem >/dev/null
    {
        cat "$good"
        head -c 1100000 /dev/zero | tr '\0' '#'
    } | bundle huge.pem >/dev/null
    {
        cat "$good"
        openssl pkey -in "$BUNDLES/key.pem"
    } | bundle key_inside.pem >/dev/null
    # Encrypted: nobody is asked for a password.
    sed '0,/^-----BEGIN.*/s//&\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n/' \
        "$good" | bundle encrypted.pem >/dev/null
    {
        cat "$good"
        openssl crl2pkcs7 -nocrl -certfile "$OURS"
    } | bundle pkcs7.pem >/dev/null
    mkfifo "$BUNDLES/pipe"
    chmod 644 "$BUNDLES/pipe"
    while IFS='|' read -r file words; do
        refused "$words" --from "$BUNDLES/$file"
    done <<'TABLE'
few.pem|too few for a bundle
empty.pem|there is no certificate in it
page.html|there is no certificate in it
cut.pem|is no certificate, or is damaged or cut off
cut_early.pem|its last certificate is cut off
garbage.pem|is no certificate, or is damaged or cut off
damaged.pem|is no certificate, or is damaged or cut off
nul.pem|it is no text
noise.pem|cannot be used
huge.pem|cannot be read: File too large
key_inside.pem|is no certificate, or is damaged or cut off
encrypted.pem|is no certificate, or is damaged or cut off
pkcs7.pem|is no certificate, or is damaged or cut off
nowhere.pem|cannot be read: No such file or directory
.|cannot be read: 
pipe|cannot be read: 
key.pem|cannot be read: Permission denied
TABLE
    rm "$BUNDLES/pipe"
    sign_in "$JAR"
}

# --- the proof ---

@test "a bundle without the provider's CA is refused where the old folder had it" {
    fill
    refused "$CA stays as it was" --from "$BUNDLES/roots.pem"
    assert_regex "$(err)" "providers.instagram: with the new certificates: $STANDIN_URL: .*certificate"
    sign_in "$JAR"
    # A ca_file is trusted beside the folder, as at a sign-in.
    site_config_edit --arg file "$OURS" '.providers.instagram.ca_file = $file'
    refresh 0 --from "$BUNDLES/roots.pem"
    assert_equal "$(out)" "ca: $ROOTS certificates, 0 new, 1 gone"
    sign_in "$JAR"
}

@test "what could not be verified before, or is down, does not keep the folder from being renewed" {
    site_config_edit 'del(.providers.instagram.ca_file)'
    refresh 0 --from "$BUNDLES/roots.pem"
    assert_regex "$(err)" "providers.instagram: nothing could be proved, .*$STANDIN_URL: .*certificate"
    assert_folder "$ROOTS"
    # And it can mend what was not trusted.
    refresh 0 --from "$BUNDLES/good.pem"
    assert_equal "$(err)" ""
    sign_in "$JAR"
    standin_stop
    refresh 0 --from "$BUNDLES/good.pem"
    assert_contains "$(err)" "nothing could be proved"
}

@test "every provider is tried, and every host of it" {
    local dead
    dead=https://localhost:$(_site_free_port)
    fill
    site_config_edit --arg url "$dead/me" '.providers.instagram.profile_url = $url |
        .providers.other = (.providers.instagram + {preset: "instagram", profile_url: "http://localhost:1/me"})'
    refresh 0 --from "$BUNDLES/good.pem"
    assert_equal "$(grep -c "$dead" "$ERR")" 1
    # http has no certificate.
    refute_contains "$(err)" "http://localhost:1"
    refused "providers.other: with the new certificates: $STANDIN_URL: " --from "$BUNDLES/roots.pem"
    # Nothing was sent to anybody.
    assert_equal "$(standin_log)" ""
    site_config_edit '.providers.other.preset = "nowhere"'
    refused "nowhere.json" --from "$BUNDLES/good.pem"
}

# --- folders that are not ours, or cannot be written ---

@test "a folder with anything else in it is left alone" {
    local thing
    fill
    for thing in README cert.pem 0a1b2c3d.r0 0A1B2C3D.0 0a1b2c3d 0a1b2c3d.0.pem $'\e[31mred'; do
        site_run touch "$CA/$thing"
        refused "is no certificate by its hash" --from "$BUNDLES/good.pem"
        refute_contains "$(err)" $'\e'
        rm "$CA/$thing"
    done
    site_run mkdir "$CA/0a1b2c3d.0"
    refused "0a1b2c3d.0 in it is no certificate by its hash" --from "$BUNDLES/good.pem"
    rmdir "$CA/0a1b2c3d.0"
    site_run ln -s /etc/hostname "$CA/0a1b2c3d.0"
    refused "0a1b2c3d.0 in it is no certificate by its hash" --from "$BUNDLES/good.pem"
    rm "$CA/0a1b2c3d.0"
    refresh 0 --from "$BUNDLES/good.pem"
}

# bats test_tags=host
@test "the system's store is left to the system" {
    site_config_edit '.ca_folder = "/etc/ssl/certs"'
    refused "A system's own folder is kept up to date by the system" --from "$BUNDLES/good.pem"
    assert_contains "$(err)" "/etc/ssl/certs is left alone: "
    assert_equal "$(find /etc/ssl -name '*.refresh-*')" ""
    site_admin check >"$OUT"
    refute_contains "$(out)" ca-refresh
}

@test "a file in the folder's place, and a folder whose parent is not there, are told" {
    site_run touch "$CA"
    refused "$CA cannot be read: Not a directory" --from "$BUNDLES/good.pem"
    rm "$CA"
    site_config_edit '.ca_folder = "/nonexistent/folder/ca"'
    refused "/nonexistent/folder/ca.refresh-lock cannot be written: No such file" --from "$BUNDLES/good.pem"
}

@test "a home that cannot be written is told, and the folder stays" {
    fill
    chmod 555 "$SITE_PRODUCT"
    if site_run test -w "$SITE_PRODUCT"; then
        skip "whoever runs this may write everywhere"
    fi
    refused "$CA.refresh-lock cannot be written: Permission denied" --from "$BUNDLES/good.pem"
    chmod 755 "$SITE_PRODUCT"
    sign_in "$JAR"
}

# A limit on the size of files is what a disk without room looks like.
@test "a disk that takes no more is told, and nothing is left of the new folder" {
    local before code=0
    fill
    before=$(state)
    (
        trap '' XFSZ
        ulimit -f 0
        site_admin ca-refresh --from "$BUNDLES/good.pem" 2>&1 || printf 'exit status %s\n' $?
    ) </dev/null | cat >"$OUT"
    assert_contains "$(out)" "$CA.refresh-new cannot be written: File too large"
    assert_contains "$(out)" "exit status 1"
    assert_equal "$(state)" "$before"
    sign_in "$JAR"
}

# --- interrupted, two at once, meanwhile ---

# Starts a run, and stops it in its proof, where the provider does not answer; RUN is what waits for it.
hang() {
    kill -STOP "$(<"$SITE_DIR/standin/pid")"
    site_admin ca-refresh --from "$BUNDLES/good.pem" >"$WORK/hung.out" 2>"$WORK/hung.err" </dev/null 3>&- &
    RUN=$!
    _site_until made_whole || fail "it does not come to the proof"
    # shellcheck disable=SC2046
    kill -STOP $(_site_programs)
}

made_whole() { [[ $(find "$CA.refresh-new" -type f 2>/dev/null | wc -l) -eq $((ROOTS + 1)) ]]; }

@test "a run that is killed leaves the old folder as it was, and the next one clears up" {
    local before
    fill
    before=$(cd "$CA" && stat -c '%n %i %Y' . ./* && sha256sum ./*)
    hang
    # shellcheck disable=SC2046
    kill -KILL $(_site_programs)
    wait "$RUN" || true
    assert_equal "$(cd "$CA" && stat -c '%n %i %Y' . ./* && sha256sum ./*)" "$before"
    [[ -d $CA.refresh-new && -e $CA.refresh-lock ]]
    kill -CONT "$(<"$SITE_DIR/standin/pid")"
    sign_in "$JAR"
    refresh 0 --from "$BUNDLES/good.pem"
    assert_folder $((ROOTS + 1))
    sign_in "$JAR"
}

@test "what an interrupted run left is cleared up, wherever it stopped" {
    local hash
    fill
    hash=$(openssl x509 -in "$OURS" -noout -subject_hash)
    site_run sh -c "mkdir '$CA.refresh-new' '$CA.refresh-old' && : >'$CA.refresh-lock'
        printf -- '-----BEGIN' >'$CA.refresh-new/$hash.0'; : >'$CA.refresh-old/0a1b2c3d.12'"
    refresh 0 --from "$BUNDLES/good.pem"
    assert_folder $((ROOTS + 1))
    # Between the two steps of a file system that cannot exchange two folders in one.
    mv "$CA" "$CA.refresh-old"
    site_run mkdir "$CA.refresh-new"
    refresh 1 --from "$OURS"
    assert_folder $((ROOTS + 1))
    sign_in "$JAR"
    # What a run has not made is not removed.
    site_run sh -c "mkdir '$CA.refresh-new' && touch '$CA.refresh-new/0a1b2c3d.0' '$CA.refresh-new/mine'"
    refused "refresh-new is left alone: mine in it" --from "$BUNDLES/good.pem"
}

@test "while one run is at work another one says so, and does nothing" {
    fill
    hang
    refused "$CA: another ca-refresh is at work on it" --from "$BUNDLES/good.pem"
    # shellcheck disable=SC2046
    kill -CONT "$(<"$SITE_DIR/standin/pid")" $(_site_programs)
    wait "$RUN"
    assert_equal "$(cat "$WORK/hung.out")" "ca: $((ROOTS + 1)) certificates, nothing changed"
    assert_folder $((ROOTS + 1))
}

@test "eight runs at once leave one whole folder" {
    local number done=0
    fill
    for number in {1..8}; do
        site_admin ca-refresh --from "$BUNDLES/good.pem" >"$WORK/out.$number" 2>"$WORK/err.$number" </dev/null 3>&- &
    done
    wait
    for number in {1..8}; do
        if [[ -s $WORK/out.$number ]]; then
            done=$((done + 1))
        else
            assert_contains "$(cat "$WORK/err.$number")" "another ca-refresh is at work"
        fi
    done
    [[ $done -gt 0 ]]
    assert_folder $((ROOTS + 1))
    sign_in "$JAR"
}

@test "people sign in while the folder is renewed again and again" {
    local number
    fill
    while [[ ! -e $WORK/enough ]]; do
        site_admin ca-refresh --from "$BUNDLES/good.pem" >>"$WORK/runs" 2>>"$ERR" </dev/null || break
    done 3>&- &
    for number in {1..8}; do
        rm -f "$JAR"
        sign_in "$JAR"
    done
    : >"$WORK/enough"
    wait
    assert_equal "$(err)" ""
    assert_equal "$(sort -u "$WORK/runs")" "ca: $((ROOTS + 1)) certificates, nothing changed"
    assert_folder $((ROOTS + 1))
}

# preload VARIABLE=VALUE...: runs ca-refresh. With NO_EXCHANGE the system call that exchanges two folders fails, with
# FAIL_RENAME rename() of what it names.
preload() {
    cc -shared -fPIC -O1 -o "$SITE_DIR/exchange.so" -x c - -ldl <<'C' || return 1
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
long syscall(long number, ...) {
    __builtin_va_list list;
    long a[6];
    __builtin_va_start(list, number);
    for (int i = 0; i < 6; i++)
        a[i] = __builtin_va_arg(list, long);
    __builtin_va_end(list);
    if (number == SYS_renameat2 && getenv("NO_EXCHANGE") != NULL) {
        errno = EINVAL;
        return -1;
    }
    long (*real)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
int rename(const char *from, const char *to) {
    int (*real)(const char *, const char *) = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    if (getenv("FAIL_RENAME") != NULL && strstr(from, getenv("FAIL_RENAME")) != NULL) {
        errno = EIO;
        return -1;
    }
    return real(from, to);
}
C
    chmod 755 "$SITE_DIR/exchange.so"
    site_run env CGI_LOGIN_CONFIG="$SITE_CONFIG" ASAN_OPTIONS=verify_asan_link_order=0 \
        LD_PRELOAD="$SITE_DIR/exchange.so" "$@" "$SITE_PRODUCT/bin/cgi-login" ca-refresh --from "$BUNDLES/good.pem" \
        >"$OUT" 2>"$ERR" </dev/null
}

# bats test_tags=host
@test "two folders are exchanged in one step, and where the file system cannot, in two" {
    local before
    fill
    before=$(stat -c %i "$CA")
    preload FAIL_RENAME=refresh
    assert_not_equal "$(stat -c %i "$CA")" "$before"
    assert_folder $((ROOTS + 1))
    before=$(stat -c %i "$CA")
    preload NO_EXCHANGE=1
    assert_contains "$(out)" "nothing changed"
    assert_not_equal "$(stat -c %i "$CA")" "$before"
    assert_folder $((ROOTS + 1))
    # And takes the first one back when the second fails.
    before=$(state)
    refute preload NO_EXCHANGE=1 FAIL_RENAME=.refresh-new
    assert_contains "$(err)" "$CA cannot be replaced: Input/output error"
    assert_equal "$(state)" "$before"
    sign_in "$JAR"
}

# --- the command line ---

@test "help, wrong usage, a config that cannot be used, output that cannot be written" {
    local arguments code
    site_admin ca-refresh --help >"$OUT"
    assert_equal "$(head -n 1 "$OUT")" "usage: cgi-login ca-refresh [OPTION]..."
    assert_contains "$(out)" "--from SOURCE"
    assert_contains "$(out)" "https://curl.se/ca/cacert.pem"
    refute_contains "$(out)" "--to"
    for arguments in extra --from "--to x" --online --nonsense "--from x --within 3"; do
        note "$arguments"
        # shellcheck disable=SC2086
        refresh 2 $arguments
        assert_equal "$(out)" ""
        assert_not_equal "$(err)" ""
    done
    refused "cannot be read" --from $'\e[31mred\x07'
    refute_contains "$(err)" $'\e'
    refute_contains "$(err)" $'\x07'
    code=0
    site_admin ca-refresh --from "$BUNDLES/good.pem" >/dev/full 2>"$ERR" || code=$?
    assert_equal "$code" 1
    site_config_edit '.ca_folder = "relative"'
    refused "ca_folder: expected the absolute path" --from "$BUNDLES/good.pem"
}

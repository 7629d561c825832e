#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# `cgi-login ca-refresh`: where a bundle may come from, and everything that is no bundle: the folder stays as it was.

load helpers
load ca

setup_file() {
    ca_setup_file
    server_start
}
teardown_file() {
    [[ ! -e ${BUNDLES-}/server.pid ]] || kill "$(<"$BUNDLES/server.pid")" || true
    e2e_teardown_file
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
/redirect|cannot be fetched: the response is 301.
/nowhere|cannot be fetched: the response is 404.
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

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# The servers of docs/web-servers.md beside Apache, with the very text of the document, of which only paths are changed:
# nginx with fcgiwrap and with FastCGI, lighttpd with both, Caddy with FastCGI. Each in turn is the site.

load helpers
load nginx

export E2E_NO_SERVER=1
NGINX_APP_PORT=0 # there is none

e2e_prepare() {
    local program
    mkdir -p "$SITE_DIR/run" "$SITE_DIR/logs"
    : >"$SITE_DIR/logs/error.log"
    _site_give_away "$SITE_DIR/run" "$SITE_DIR/logs"
    for program in $PROGRAMS; do
        nginx_spawn "$program" "$SITE_CGI_BIN/$program"
    done
    nginx_spawn fcgiwrap "$(PATH=$PATH:/usr/sbin command -v fcgiwrap)" -f -c 4
}

teardown_file() {
    nginx_stop
    e2e_teardown_file
}

setup() {
    e2e_setup
    jq -n '{person: {username: ("u" * 30), name: ("🥖" * 64), biography: ("🌊" * 150),
        website: ("https://example.com/" + "w" * 480), profile_picture_url: ("https://cdn.example/" + "p" * 1004)}}' >"$WORK/person"
    standin_control "@$WORK/person"
    site_config_edit '.setup_code = "aaaa1111bbbb2222cccc3333dddd4444"'
}

teardown() {
    [[ ! -s $SITE_DIR/run/server.pid ]] || _site_end "$(_site_read "$SITE_DIR/run/server.pid")"
    rm -f "$SITE_DIR/run/server.pid"
    e2e_teardown
}

# served COMMAND...: starts a server that stays in the foreground, and waits for its port.
served() {
    _site_give_away "$SITE_DIR/run" "$SITE_DIR/logs"
    _site_spawn "$SITE_DIR/logs/error.log" "${SITE_AS_OWNER[@]}" "$@"
    echo "$_SITE_PID" >"$SITE_DIR/run/server.pid"
    _site_settle nginx_up || fail "it does not start: $(tail -n 5 "$SITE_DIR/logs/error.log")"
}

# The whole way with the longest profile there is, and each other route, with a slash at its end and without.
# everything_works CHUNKED: the status of a form that comes in chunks, 400 where the server gathers it.
everything_works() {
    local path
    sign_in "$JAR"
    assert_signed_in "$JAR"
    for path in /auth /auth/instagram; do
        http "$path"
        assert_status 302
        assert_contains "$(header Location)" "$STANDIN_URL/oauth/authorize?client_id="
        http "$path/?return_to=%2Fa"
        assert_status 302
    done
    for path in callback:400 deauthorize:405 deletion:404 backchannel_logout:405; do
        note "$path"
        http "${AS_JSON[@]}" "/auth/instagram/${path%:*}"
        assert_status "${path#*:}"
        assert_equal "$(header Content-Type)" application/problem+json
    done
    http "${AS_JSON[@]}" --data signed_request=x.y /auth/instagram/deauthorize
    assert_equal "$STATUS|$(json .code)" "400|bad_request"
    http "${AS_JSON[@]}" -H 'Transfer-Encoding: chunked' --data signed_request=x.y /auth/instagram/deauthorize
    assert_status "$1"
    # The owner's page, and one below it.
    http /auth/console
    assert_status 200
    assert_contains "$(body)" 'name="code"'
    http "${AS_JSON[@]}" /auth/console/code
    assert_status 405
    http /login
    assert_status 200
    http -b "$JAR" -c "$JAR" --data '' /logout
    assert_status 302
    http "${AS_JSON[@]}" -b "$JAR" /profile
    assert_status 401
    http /.htaccess
    assert_not_equal "$STATUS" 200
    http /
    assert_status 200
}

nginx_served() { # SOCKET
    nginx_write_files
    nginx_block web-servers.md /etc/nginx/cgi-login.conf |
        sed "s#^fastcgi_pass .*#fastcgi_pass unix:$SITE_DIR/run/$1.sock;#" >"$SITE_DIR/nginx/cgi-login.conf"
    nginx_write_conf "    server {
        listen 127.0.0.1:$_SITE_PORT;
        root $SITE_HTML;
$(nginx_block web-servers.md 'in the server block')
    }"
    _site_give_away "$SITE_DIR/nginx"
    served "$(PATH=$PATH:/usr/sbin command -v nginx)" -p "$SITE_DIR/nginx" -c "$SITE_DIR/nginx/nginx.conf" \
        -e "$SITE_DIR/logs/error.log"
    everything_works 400
}

@test "nginx with fcgiwrap" { nginx_served fcgiwrap; }

# shellcheck disable=SC2016 # a variable of nginx
@test "nginx with FastCGI" { nginx_served '$program'; }

lighttpd_served() { # COMMENT
    {
        printf 'server.document-root = "%s"\nserver.port = %s\nserver.bind = "127.0.0.1"\n' "$SITE_HTML" "$_SITE_PORT"
        printf 'server.errorlog = "%s/logs/error.log"\nindex-file.names = ("index.html")\n' "$SITE_DIR"
        nginx_block web-servers.md 'lighttpd: the routes'
        nginx_block web-servers.md "$1"
    } >"$SITE_DIR/lighttpd.conf"
    served "$(PATH=$PATH:/usr/sbin command -v lighttpd)" -D -f "$SITE_DIR/lighttpd.conf"
    everything_works 400
}

@test "lighttpd with CGI" { lighttpd_served 'lighttpd: CGI'; }

@test "lighttpd with FastCGI" { lighttpd_served 'lighttpd: FastCGI'; }

@test "Caddy with FastCGI" {
    {
        printf '{\n\tadmin off\n\tauto_https off\n\tskip_install_trust\n}\n'
        nginx_block web-servers.md 'Caddy: what each route has'
        printf 'http://localhost:%s {\nbind 127.0.0.1\nroot * %s\n' "$_SITE_PORT" "$SITE_HTML"
        nginx_block web-servers.md "Caddy: in the site's block"
        printf 'file_server\n}\n'
    } >"$SITE_DIR/Caddyfile"
    served env HOME="$SITE_DIR/run" XDG_DATA_HOME="$SITE_DIR/run" XDG_CONFIG_HOME="$SITE_DIR/run" "$(command -v caddy)" run \
        --adapter caddyfile --config "$SITE_DIR/Caddyfile"
    everything_works 411
}

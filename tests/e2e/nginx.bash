# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A site without Apache: nginx with the programs under spawn-fcgi, and PHP, as docs/web-servers.md and docs/gate.md tell.
# nginx reads the very text of the documents, of which only the paths are changed.

NGINX_PROGRAMS="start callback login profile logout gate"

# The block of code of a document whose first line is the comment.
nginx_block() { # DOCUMENT COMMENT
    awk -v first="# $2" '/^```/ { inside = !inside; found = found && inside; next }
        inside && $0 == first { found = 1; seen = 1 } found { print } END { exit !seen }' "$E2E_ROOT/docs/$1" |
        sed -e "s#/home/you/cgi-login/config.json#$SITE_CONFIG#" -e "s#/home/you/cgi-bin#$SITE_CGI_BIN#" \
            -e "s#/run/cgi-login/#$SITE_DIR/run/#" -e "s#/run/php/php-fpm.sock#$SITE_DIR/run/php.sock#" \
            -e "s#127.0.0.1:3000#127.0.0.1:$NGINX_APP_PORT#"
}

nginx_write_files() {
    local name
    mkdir -p "$SITE_DIR/nginx"
    for name in body proxy fastcgi scgi uwsgi cache; do
        mkdir -p "$SITE_DIR/nginx/$name"
    done
    # As "nginx with spawn-fcgi" has it.
    # shellcheck disable=SC2016
    nginx_block web-servers.md /etc/nginx/cgi-login.conf |
        sed 's#^fastcgi_pass .*#fastcgi_pass unix:'"$SITE_DIR"'/run/$program.sock;#' >"$SITE_DIR/nginx/cgi-login.conf"
    for name in gate-ask gate guarded guarded-proxy guarded-fastcgi; do
        nginx_block gate.md "/etc/nginx/cgi-login-$name.conf" >"$SITE_DIR/nginx/cgi-login-$name.conf" ||
            fail "docs/gate.md has no cgi-login-$name.conf"
    done
}

# What the servers of a test have in common; each test file says which there are.
nginx_write_conf() { # SERVERS
    cat >"$SITE_DIR/nginx/nginx.conf" <<CONF
daemon off;
pid $SITE_DIR/run/nginx.pid;
error_log $SITE_DIR/logs/error.log warn;
worker_processes 1;
events {}
http {
    types { text/html html; text/css css; text/plain txt; }
    access_log $SITE_DIR/logs/access.log;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    scgi_temp_path scgi;
    uwsgi_temp_path uwsgi;
    proxy_cache_path cache keys_zone=pages:1m;
    absolute_redirect off;
$1
}
CONF
}

# nginx_spawn NAME COMMAND...: a FastCGI process behind the socket NAME.
nginx_spawn() {
    rm -f "$SITE_DIR/run/$1.sock"
    _site_spawn "$SITE_DIR/logs/error.log" "${SITE_AS_OWNER[@]}" "$(command -v spawn-fcgi)" -n \
        -s "$SITE_DIR/run/$1.sock" -- "${@:2}"
    echo "$_SITE_PID" >"$SITE_DIR/run/$1.pid"
}

nginx_up() { # PID
    _site_gone "$1" || _site_listening "$_SITE_PORT"
}

nginx_start() {
    local program
    for program in $NGINX_PROGRAMS; do
        nginx_spawn "$program" "$SITE_CGI_BIN/$program"
    done
    nginx_spawn php "$(command -v php-cgi)"
    _site_give_away "$SITE_DIR/nginx" "$SITE_DIR/run" "$SITE_DIR/logs"
    _site_spawn "$SITE_DIR/logs/error.log" "${SITE_AS_OWNER[@]}" "$(PATH=$PATH:/usr/sbin command -v nginx)" \
        -p "$SITE_DIR/nginx" -c "$SITE_DIR/nginx/nginx.conf" -e "$SITE_DIR/logs/error.log"
    echo "$_SITE_PID" >"$SITE_DIR/run/server.pid"
    _site_settle nginx_up || fail "nginx does not start: $(tail -n 5 "$SITE_DIR/logs/error.log")"
}

nginx_stop() {
    local file
    for file in "${SITE_DIR:?}"/run/*.pid; do
        [[ $file == */nginx.pid || ! -s $file ]] || _site_end "$(_site_read "$file")"
    done
}

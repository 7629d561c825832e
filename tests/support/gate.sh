# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Folders behind the gate, in each of its ways, on the site of site.sh; nginx and spawn-fcgi for the third. For
# tests/e2e, tests/bench and tests/load; to be sourced after site.sh.

# What the texts of the .htaccess blocks are called in PREFIX/gate.
GATE_TEXTS="redirect authorizer"

# A folder of the web root, with the lines that `gate add` would write.
gate_folder() { # FOLDER TEXT [GATE_URL [GATE_FILE]]: the site's own gate, if none is named
    local url=${3-/cgi-bin/gate$SITE_CGI_SUFFIX} file=${4-$SITE_CGI_BIN/gate$SITE_CGI_SUFFIX}
    mkdir -p "$SITE_HTML/$1"
    [[ " $GATE_TEXTS " == *" $2 "* ]] || _site_fail "the gate has no text $2" || return 1
    sed -e "s#@GATE_URL@#$url#g" -e "s#@GATE_FILE@#$file#g" "$SITE_PRODUCT/gate/$2.htaccess" >"$SITE_HTML/$1/.htaccess"
}

# mod_fcgid, which stays with one process for each program and gives it no more requests to end after.
gate_fcgid_rules() {
    printf 'LoadModule fcgid_module "%s/mod_fcgid.so"\n' "${SITE_HTTPD_MODULES:-/usr/lib/apache2/modules}"
    printf 'FcgidIPCDir "%s/run"\nFcgidProcessTableFile "%s/run/fcgid_shm"\n' "$SITE_DIR" "$SITE_DIR"
    printf 'FcgidMaxRequestsPerProcess 0\n'
}

# nginx on the same web root: all but /guard as it is, that by auth_request, in the fewest words. The user's
# name comes back in a header, for tests to see.
_gate_nginx_conf() { # PORT
    cat <<CONF
pid $SITE_DIR/nginx/pid;
worker_processes 2;
events {}
http {
    access_log off;
    client_body_temp_path $SITE_DIR/nginx/temp/body;
    fastcgi_temp_path $SITE_DIR/nginx/temp/fastcgi;
    proxy_temp_path $SITE_DIR/nginx/temp/proxy;
    scgi_temp_path $SITE_DIR/nginx/temp/scgi;
    uwsgi_temp_path $SITE_DIR/nginx/temp/uwsgi;
    types { text/html html; text/plain txt; application/octet-stream bin; }
    keepalive_requests 1000000;
    sendfile on;
    server {
        listen 127.0.0.1:$1;
        root $SITE_HTML;
        location /guard/ {
            auth_request /gate;
            auth_request_set \$gate_user \$upstream_http_x_cgi_login_user;
            add_header X-Gate-User \$gate_user always;
        }
        location = /gate {
            internal;
            fastcgi_pass unix:$SITE_DIR/nginx/gate.sock;
            fastcgi_pass_request_body off;
            fastcgi_param CGI_LOGIN_GATE_URI \$request_uri;
            fastcgi_param REQUEST_METHOD \$request_method;
            fastcgi_param REQUEST_URI \$request_uri;
            fastcgi_param SCRIPT_NAME /gate;
            fastcgi_param SERVER_PROTOCOL \$server_protocol;
            fastcgi_param CGI_LOGIN_CONFIG $SITE_CONFIG;
        }
        location ~ /\.ht { deny all; }
    }
}
CONF
}

# The gate's processes, which site_stop ends with the other programs, and nginx. Sets GATE_NGINX_URL.
gate_nginx_start() { # GATE_FILE [PROCESSES]
    local port folder=$SITE_DIR/nginx
    port=$(_site_free_port)
    mkdir -p "$folder/temp"
    _gate_nginx_conf "$port" >"$folder/nginx.conf"
    _site_give_away "$folder"
    site_run spawn-fcgi -s "$folder/gate.sock" -F "${2:-4}" -- "$1" >"$folder/spawn.log" 2>&1 ||
        _site_fail "spawn-fcgi: $(cat "$folder/spawn.log")" || return 1
    _site_spawn "$folder/output.log" "${SITE_AS_OWNER[@]}" nginx -p "$folder" -c "$folder/nginx.conf" \
        -e "$folder/error.log" -g 'daemon off;'
    GATE_NGINX=$_SITE_PID GATE_NGINX_URL=http://localhost:$port
    _site_until _site_listening "$port" || _site_fail "nginx: $(tail -n 5 "$folder/error.log")" || return 1
    export GATE_NGINX_URL GATE_NGINX
}

gate_nginx_stop() { [[ -z ${GATE_NGINX-} ]] || _site_end "$GATE_NGINX"; }

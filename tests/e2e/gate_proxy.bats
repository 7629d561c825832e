#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# The gate as what nginx's auth_request asks, in the very configuration that docs/gate.md gives: files, an application
# behind a proxy, PHP by FastCGI, and a shared cache in front of all.

load helpers
load nginx

export E2E_NO_SERVER=1

NAVIGATION=(-H 'Accept: text/html,*/*;q=0.8' -H 'Sec-Fetch-Mode: navigate')

e2e_prepare() {
    NGINX_APP_PORT=$(_site_free_port) NGINX_CACHE_PORT=$(_site_free_port)
    CACHED=http://localhost:$NGINX_CACHE_PORT
    export NGINX_APP_PORT NGINX_CACHE_PORT CACHED
    make_pages
    nginx_write_files
    nginx_write_conf "$(servers)"
    site_config_edit '.gate = [
        {path: "/members/board", allow: {usernames: ["instagram:layla.studio"]}},
        {path: "/members", allow: {signed_in: true}, public: ["/members/open", "/members/style.css"]},
        {path: "/app", allow: {}}, {path: "/forum", allow: {}}]'
    nginx_start
}

teardown_file() {
    nginx_stop
    e2e_teardown_file
}

setup() {
    e2e_setup
    rm -rf "${SITE_DIR:?}"/nginx/cache/*
}

make_pages() {
    local folder
    for folder in members members/board members/open members/empty app forum secret; do
        mkdir -p "$SITE_HTML/$folder"
    done
    echo '<h1>For members</h1>' >"$SITE_HTML/members/index.html"
    echo 'for members: text' >"$SITE_HTML/members/file.txt"
    echo 'a b' >"$SITE_HTML/members/täglich neu.txt"
    echo 'for the board' >"$SITE_HTML/members/board/plan.txt"
    echo 'open' >"$SITE_HTML/members/open/file.txt"
    echo 'h1 {}' >"$SITE_HTML/members/style.css"
    echo '{}' >"$SITE_HTML/members/config.json"
    echo 'password' >"$SITE_HTML/members/.htpasswd"
    echo 'unguarded' >"$SITE_HTML/free.txt"
    echo 'nobody is asked' >"$SITE_HTML/secret/file.txt"
    ln -s ../secret "$SITE_HTML/members/link"
    mkdir -m 0 "$SITE_HTML/members/closed"
    cat >"$SITE_HTML/forum/index.php" <<'PHP'
<?php
header('Content-Type: application/json');
header('Cache-Control: public, s-maxage=600');
foreach (['CDN-Cache-Control', 'Cloudflare-CDN-Cache-Control', 'Surrogate-Control', 'X-Accel-Expires'] as $name)
    header("$name: max-age=3600");
$told = ['REMOTE_USER', 'CGI_LOGIN_PROVIDER', 'CGI_LOGIN_ID', 'CGI_LOGIN_USERNAME', 'CGI_LOGIN_NAME', 'CGI_LOGIN_EMAIL',
    'CGI_LOGIN_GROUPS', 'HTTP_X_CGI_LOGIN_USER', 'HTTP_X_CGI_LOGIN_PROVIDER', 'HTTP_X_CGI_LOGIN_ID',
    'HTTP_X_CGI_LOGIN_USERNAME', 'HTTP_X_CGI_LOGIN_NAME', 'HTTP_X_CGI_LOGIN_EMAIL', 'HTTP_X_CGI_LOGIN_GROUPS',
    'REQUEST_METHOD', 'REQUEST_URI'];
foreach ($told as $name)
    $seen[$name] = $_SERVER[$name] ?? null;
$seen['body'] = file_get_contents('php://input');
echo json_encode($seen, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
PHP
    cp "$SITE_HTML/forum/index.php" "$SITE_HTML/forum/other.php"
    _site_give_away "$SITE_HTML"
}

# The guarded site; an application that speaks HTTP and takes every header it gets; and a cache that serves everybody.
servers() {
    cat <<CONF
    server {
        listen 127.0.0.1:$_SITE_PORT;
        root $SITE_HTML;
$(nginx_block web-servers.md 'in the server block')
$(nginx_block gate.md 'in the server block')
        location = /cgi-bin/gate {
            fastcgi_pass unix:$SITE_DIR/run/gate.sock;
            fastcgi_buffer_size 16k;
            fastcgi_buffers 4 16k;
            fastcgi_param REQUEST_METHOD \$request_method;
            fastcgi_param REQUEST_URI \$request_uri;
            fastcgi_param SCRIPT_NAME /cgi-bin/gate;
            fastcgi_param CGI_LOGIN_CONFIG $SITE_CONFIG;
        }
        location /from-outside/ {
            rewrite ^/from-outside/(.*) /members/\$1 last;
        }
        location ^~ /members/moved/ {
            include cgi-login-guarded.conf;
            try_files \$uri /members/board/plan.txt;
        }
        location ^~ /members/nested/ {
            include cgi-login-guarded.conf;
            location ~ \.txt$ {
            }
        }
    }
    server {
        listen 127.0.0.1:$NGINX_APP_PORT;
        underscores_in_headers on;
        location / {
            fastcgi_param REQUEST_METHOD \$request_method;
            fastcgi_param REQUEST_URI \$request_uri;
            fastcgi_param CONTENT_TYPE \$content_type;
            fastcgi_param CONTENT_LENGTH \$content_length;
            fastcgi_param SCRIPT_FILENAME $SITE_HTML/forum/index.php;
            fastcgi_pass unix:$SITE_DIR/run/php.sock;
        }
    }
    server {
        listen 127.0.0.1:$NGINX_CACHE_PORT;
        location / {
            proxy_cache pages;
            proxy_cache_valid 200 10m;
            proxy_pass http://127.0.0.1:$_SITE_PORT;
            proxy_set_header Host localhost:$_SITE_PORT;
            add_header X-Cache \$upstream_cache_status always;
        }
    }
CONF
}

guarded() { # JAR [CURL OPTION...] PATH_OR_URL
    http -b "$1" "${@:2}"
}

@test "a browser goes to the login and comes back to exactly that address; a script is told" {
    local back option
    http "${NAVIGATION[@]}" '/members/?a=%20b&c=d%26e'
    assert_status 302
    assert_contains "$(header Location)" "$SITE_URL/login?return_to="
    back=$(query_of "$(header Location)" return_to)
    assert_equal "$back" '/members/?a=%20b&c=d%26e'
    begin "$JAR" "/auth/instagram?$(header Location | sed 's/.*?//')"
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/members/?a=%20b&c=d%26e"
    guarded "$JAR" "$LOCATION"
    assert_status 200
    assert_contains "$(body)" 'For members'
    for option in 'X-Requested-With: XMLHttpRequest' 'Sec-Fetch-Mode: cors'; do
        http -H 'Accept: text/html' -H "$option" /members/file.txt
        assert_status 401
    done
    http /members/file.txt
    assert_status 401
    assert_equal "$(header Content-Type)" application/problem+json
    assert_equal "$(json .status)" 401
    assert_contains "$(json .login_url)" "$SITE_URL/login"
    http "${NAVIGATION[@]}" -d a=b /app/
    assert_status 401
    http -X DELETE /app/
    assert_status 401
}

@test "who may is served by nginx itself: ranges, 304, HEAD, types, names of every kind" {
    local etag
    sign_in "$JAR"
    guarded "$JAR" /members/file.txt
    assert_status 200
    assert_equal "$(header Content-Type)" text/plain
    assert_equal "$(header Cache-Control)" 'private, no-cache'
    assert_equal "$(header Vary)" Cookie
    assert_equal "$(header Set-Cookie)" ''
    etag=$(header ETag)
    guarded "$JAR" -H "If-None-Match: $etag" /members/file.txt
    assert_status 304
    guarded "$JAR" -r 4-10 /members/file.txt
    assert_status 206
    assert_equal "$(body)" members
    guarded "$JAR" -I /members/file.txt
    assert_status 200
    assert_equal "$(header Content-Length)" 18
    guarded "$JAR" '/members/t%C3%A4glich%20neu.txt?x=%zz'
    assert_status 200
    assert_equal "$(body)" 'a b'
    guarded "$JAR" /members/empty/
    assert_status 404
    guarded "$JAR" /members/nothing
    assert_status 404
    http /members/style.css
    assert_status 200
    assert_equal "$(header Cache-Control)" ''
    http /members/open/file.txt
    assert_status 200
    http "${NAVIGATION[@]}" /members/open/
    assert_status 404
    http /free.txt
    assert_status 200
}

@test "an application gets the whole request and who it is, whatever the client says it is" {
    local path name client
    local -a forged=()
    for name in User Provider Id Username Name Email Groups; do
        forged+=(-H "X-Cgi-Login-$name: forged" -H "x-cgi-login-${name,,}: forged" -H "X_Cgi_Login_$name: forged"
            -H "X-Cgi_Login-$name: forged")
    done
    forged+=(-u forged:forged -H 'Remote-User: forged' -H 'Cgi-Login-Id: forged' -H 'X-Original-URI: /members/open/x'
        -H 'X-Forwarded-Uri: /members/open/y' -H 'Cgi-Login-Gate-Uri: /members/open/z')
    sign_in "$JAR" layla.studio
    profile "$JAR"
    client=$(json '"instagram:" + .user.id')
    for path in /app/a%20b?c=%26d /forum/other.php?c=%26d; do
        note "$path"
        guarded "$JAR" "${forged[@]}" -d 'text=a%26b' "$path"
        assert_status 200
        assert_equal "$(json .REQUEST_METHOD)" POST
        assert_equal "$(json .REQUEST_URI)" "$path"
        assert_equal "$(json .body)" 'text=a%26b'
        refute_contains "$(body)" forged
        assert_equal "$(json .HTTP_X_CGI_LOGIN_USER)" "$client"
        assert_equal "$(json .HTTP_X_CGI_LOGIN_NAME)" 'ليلى حدّاد'
        assert_equal "$(json '.HTTP_X_CGI_LOGIN_EMAIL // ""')" ''
        [[ $path == /forum/* ]] || continue
        assert_equal "$(json .REMOTE_USER)" "$client"
        assert_equal "$(json .CGI_LOGIN_USERNAME)" layla.studio
        assert_equal "$(json .CGI_LOGIN_NAME)" 'ليلى حدّاد'
        assert_equal "$(json .CGI_LOGIN_EMAIL)" ''
    done
    guarded "$JAR" -X DELETE -H 'Transfer-Encoding: chunked' -d chunks /app/
    assert_status 200
    assert_equal "$(json .REQUEST_METHOD)" DELETE
    assert_equal "$(json .body)" chunks
    head -c 300000 /dev/zero | tr '\0' x >"$WORK/large"
    guarded "$JAR" --data-binary "@$WORK/large" /forum/
    assert_status 200
    assert_equal "$(json '.body | length')" 300000
}

@test "who may not is told so, and as whom they are logged in; two people in turn get each their own" {
    sign_in "$WORK/a" layla.studio
    sign_in "$WORK/b" sakura_zine
    guarded "$WORK/b" "${NAVIGATION[@]}" /members/board/plan.txt
    assert_status 403
    assert_contains "$(header Content-Type)" text/html
    assert_contains "$(body)" 山田さくら
    # shellcheck disable=SC2016
    assert_own_line gate 'GET /members/board/plan.txt' 'gate[0] (/members/board) does not let this account in'
    guarded "$WORK/b" -H 'Accept: application/json' /members/board/plan.txt
    assert_status 403
    for _ in 1 2 3 4 5 6 7 8; do
        guarded "$WORK/a" /app/
        assert_equal "$(json .HTTP_X_CGI_LOGIN_USERNAME)" layla.studio
        guarded "$WORK/b" /forum/
        assert_equal "$(json .CGI_LOGIN_USERNAME)" sakura_zine
        guarded "$WORK/a" /members/board/plan.txt
        assert_status 200
        guarded "$WORK/b" /members/board/plan.txt
        assert_status 403
    done
}

# The table of all ways past a gate: who is logged in gets each of these refused; who is not gets nothing at all.
@test "no other writing of a path leads past the gate" {
    local wanted path
    sign_in "$JAR"
    while read -r wanted path; do
        note "$path"
        guarded /dev/null "$path"
        # shellcheck disable=SC2153
        [[ $STATUS != 200 ]] || fail "served to nobody: $path"
        refute_contains "$(body)" 'or members'
        guarded "$JAR" "$path"
        assert_status "$wanted"
    done <<'TABLE'
400 /members/file.txt;a
400 /members/file.txt%3ba
400 /members/a%5cfile.txt
400 /members/a\file.txt
400 /members%2ffile.txt
400 /members/file.txt%3f
400 /members/file.txt%23
400 /members/open/..%2ffile.txt
400 /members/open%2f..%2ffile.txt
400 /members/open%3f/../file.txt
400 /members/open/..;/file.txt
400 /free.txt/..%2fmembers/file.txt
400 /members/%252e%252e/file.txt
400 /members/%c0%ae%c0%ae/file.txt
400 /members/%c1%a6ile.txt
400 /members/%fffile.txt
400 /members/file.txt.
400 /members/file.txt%20
400 /members/./file.txt%2e
404 /members/.htpasswd
404 /members/%2ehtpasswd
404 /members/config.json
404 /members/link/file.txt
404 /members/closed/file.txt
403 /from-outside/file.txt
403 /from-outside/board/plan.txt
403 /members/moved/x
403 /members/open/../board/plan.txt
403 /members//board/plan.txt
403 /members/%62oard/plan.txt
403 //members/./board/plan.txt
404 /Members/file.txt
400 /members/file.txt%00.css
200 //members//file.txt
200 /members/./open/../file.txt
200 /%6dembers/%66ile.txt
TABLE
    # What nginx could not open, either, another server might.
    assert_contains "$(log_lines gate)" '/members/closed/file.txt might be a symbolic link'
}

@test "what the gate is asked with is not for clients, and nothing is served without it" {
    local pid
    http /cgi-login-gate
    assert_status 404
    http -H 'X-Original-URI: /members/open/file.txt' -H 'X-Forwarded-Uri: /members/open/file.txt' /members/file.txt
    assert_status 401
    sign_in "$JAR"
    # A nested location without the lines: nginx knows the path even so.
    guarded "$JAR" /members/nested/a.txt
    assert_status 404
    http /members/nested/a.txt
    assert_status 401
    pid=$(cat "$SITE_DIR/run/gate.pid")
    _site_end "$pid"
    guarded "$JAR" /members/file.txt
    assert_status 500
    http /members/open/file.txt
    assert_status 500
    nginx_spawn gate "$SITE_CGI_BIN/gate"
    _site_until test -S "$SITE_DIR/run/gate.sock"
    guarded "$JAR" /members/file.txt
    assert_status 200
    site_config_edit '.gate = 7'
    guarded "$JAR" /members/file.txt
    assert_status 500
}

@test "a session that was checked anew comes back to the browser, and one that was ended is out" {
    sign_in "$JAR"
    cp "$JAR" "$WORK/copy"
    site_config_edit '.session.recheck_minutes = 0'
    guarded "$JAR" -c "$JAR" /members/file.txt
    assert_status 200
    assert_contains "$(header Set-Cookie)" "$SESSION_COOKIE="
    guarded "$JAR" -c "$JAR" /forum/
    assert_contains "$(header Set-Cookie)" "$SESSION_COOKIE="
    http -b "$JAR" -c "$JAR" -X POST /logout
    guarded "$WORK/copy" /members/file.txt
    assert_status 401
}

@test "a shared cache in front never hands one visitor's page to another" {
    local path
    sign_in "$WORK/a" layla.studio
    sign_in "$WORK/b" sakura_zine
    for path in /forum/ /app/ /members/file.txt /members/board/plan.txt; do
        note "$path"
        guarded "$WORK/a" "$CACHED$path"
        assert_status 200
        guarded "$WORK/a" "$CACHED$path"
        refute_contains "$(header X-Cache)" HIT
        guarded /dev/null "$CACHED$path"
        assert_status 401
        guarded "$WORK/b" "$CACHED$path"
        refute_contains "$(body)" layla.studio
        refute_contains "$(header X-Cache)" HIT
        refute_contains "$(cat "$HEADERS")" max-age=3600
    done
    # The cache does keep what is not guarded.
    http "$CACHED/free.txt"
    http "$CACHED/free.txt"
    assert_equal "$(header X-Cache)" HIT
}

# What Caddy and Traefik send, and that they get a whole response from, unless it is 2xx.
@test "a server that forwards the address in a header gets a whole response, and 204 with who it is" {
    local name
    http "${NAVIGATION[@]}" -H 'X-Forwarded-Method: GET' -H 'X-Forwarded-Uri: /members/?a=b' /cgi-bin/gate
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/login?return_to=%2Fmembers%2F%3Fa%3Db"
    http "${NAVIGATION[@]}" -H 'X-Forwarded-Method: POST' -H 'X-Forwarded-Uri: /members/' /cgi-bin/gate
    assert_status 401
    assert_contains "$(json .login_url)" "$SITE_URL/login"
    http -H 'X-Forwarded-Uri: /members/open/file.txt' /cgi-bin/gate
    assert_status 204
    assert_equal "$(header X-Cgi-Login-User)" ''
    grep -qi '^X-Cgi-Login-User:' "$HEADERS" || fail "the header is missing, for which Caddy has a text of its own"
    http -H 'X-Forwarded-Uri: /members/a%2fb' /cgi-bin/gate
    assert_status 400
    http -H 'X-Forwarded-Uri: /members/a' -H 'X-Original-URI: /members/open/a' /cgi-bin/gate
    assert_status 403
    http "${NAVIGATION[@]}" -H 'X-Original-URI: /members/a' /cgi-bin/gate
    assert_status 401
    assert_contains "$(header X-Cgi-Login-Url)" "$SITE_URL/login?return_to=%2Fmembers%2Fa"
    sign_in "$JAR" layla.studio
    guarded "$JAR" -H 'X-Forwarded-Uri: /members/' /cgi-bin/gate
    assert_status 204
    assert_equal "$(header X-Cgi-Login-Username)" layla.studio
    assert_equal "$(header X-Cgi-Login-Name)" 'ليلى حدّاد'
    assert_equal "$(header Cache-Control)" 'private, no-cache'
    guarded "$JAR" /cgi-bin/gate
    assert_status 500
}

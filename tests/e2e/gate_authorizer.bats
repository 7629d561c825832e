#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# The gate as a FastCGI authorizer: of mod_fcgid's access checker, in front of files and of an application in PHP, and of
# lighttpd. What each path is judged by is in tests/unit; here it is what the servers make of it.

load helpers
# shellcheck source=../support/gate.sh
source "$BATS_TEST_DIRNAME/../support/gate.sh"

e2e_prepare() {
    SITE_HTTPD_EXTRA="
LoadModule access_compat_module /usr/lib/apache2/modules/mod_access_compat.so
Alias /beside/ \"$SITE_HOME/beside/\"
<Directory \"$SITE_HOME/beside\">
  AllowOverride All
  Require all granted
</Directory>
$(fcgid_rules)"
    export SITE_HTTPD_EXTRA
    local folder=$SITE_HTML/members
    mkdir -p "$folder/vip" "$folder/app" "$SITE_HOME/beside"
    printf 'for members\n' | tee "$folder/a.txt" >"$SITE_HOME/beside/a.txt"
    printf 'the index of members\n' >"$folder/index.html"
    printf 'body {}\n' >"$folder/style.css"
    printf 'very secret\n' >"$folder/vip/index.html"
    printf 'a database\n' | tee "$folder/users.db" "$folder/config.json" "$folder/.hidden" >/dev/null
    printf 'elsewhere\n' >"$SITE_HOME/elsewhere.txt"
    ln -s "$SITE_HOME/elsewhere.txt" "$folder/link.txt"
    ln -s "$SITE_HOME/elsewhere.txt" "$SITE_HOME/beside/link.txt"
    ln -s vip "$folder/aside"
    mkdir "$folder/linked"
    ln -s ../vip/secret.html "$folder/linked/index.html"
    cp "$folder/vip/index.html" "$folder/vip/secret.html"
    application >"$folder/app/index.php"
    cp "$folder/app/index.php" "$folder/app/admin.php"
    gate_folder members authorizer
    cp "$folder/.htaccess" "$SITE_HOME/beside/"
    # What such an application brings along, outside of the gate's own lines.
    printf '%s\n' 'RewriteEngine On' 'RewriteRule ^to/ admin.php [L]' 'RewriteCond %{REQUEST_FILENAME} !-f' \
        'RewriteCond %{REQUEST_FILENAME} !-d' 'RewriteRule . index.php [L]' >"$folder/app/.htaccess"
    _site_give_away "$SITE_HTML"
    site_config_edit '.gate = [
        {path: "/members/vip", allow: {usernames: ["instagram:sakura_zine"]}},
        {path: "/members/app/admin.php", allow: {usernames: ["instagram:sakura_zine"]}},
        {path: "/members", allow: {signed_in: true}, public: ["/members/style.css"]},
        {path: "/beside", allow: {signed_in: true}}]'
}

fcgid_rules() {
    gate_fcgid_rules
    cat <<CONF
FcgidMaxRequestLen 4000000
FcgidMaxProcessesPerClass 1
<Directory "$SITE_HTML/members/app">
  Options +ExecCGI
  DirectoryIndex index.php
  AddHandler fcgid-script .php
  FcgidWrapper $(command -v php-cgi) .php
</Directory>
CONF
}

# Says what it was given, and lets any cache keep it.
application() {
    cat <<'PHP'
<?php
header('Content-Type: text/plain; charset=utf-8');
header('Cache-Control: ' . ($_GET['cache'] ?? 'public, max-age=600'));
foreach (['CDN-Cache-Control', 'Cloudflare-CDN-Cache-Control', 'Surrogate-Control', 'X-Accel-Expires',
          'X-LiteSpeed-Cache-Control'] as $name)
    header("$name: max-age=600");
foreach (['REMOTE_USER', 'CGI_LOGIN_PROVIDER', 'CGI_LOGIN_ID', 'CGI_LOGIN_USERNAME', 'CGI_LOGIN_NAME',
          'CGI_LOGIN_EMAIL', 'CGI_LOGIN_GROUPS', 'REQUEST_METHOD', 'REQUEST_URI', 'PATH_INFO'] as $name)
    echo $name, '=', $_SERVER[$name] ?? '(none)', "\n";
foreach ($_FILES as $name => $file)
    echo "file $name=", md5_file($file['tmp_name']), "\n";
foreach ($_POST as $name => $value)
    echo "field $name=$value\n";
PHP
}

gate_processes() {
    find /proc/[0-9]*/exe -maxdepth 0 -lname "$SITE_CGI_BIN/gate$SITE_CGI_SUFFIX" -printf '%h\n' 2>/dev/null |
        sed 's#/proc/##'
}

# Nothing of what lies in the folder.
refute_served() {
    refute_regex "$(tr -d '\0' <"$BODY")" 'for members|the index|very secret|a database|elsewhere|REMOTE_USER'
}

# Two people, for tests that only look.
setup() {
    e2e_setup
    LAYLA=$WORK/layla SAKURA=$WORK/sakura
    sign_in "$LAYLA" layla.studio
    sign_in "$SAKURA" sakura_zine
}

PAGE_LOAD=(-H 'Accept: text/html,application/xhtml+xml,*/*;q=0.8')

@test "who may gets the file from Apache: ranges, 304, HEAD, an index page; no cache may share it" {
    local etag
    http -b "$LAYLA" /members/a.txt
    assert_status 200
    assert_equal "$(body)" "for members"
    assert_equal "$(header Content-Type)" text/plain
    assert_equal "$(header Cache-Control)" "private, no-cache"
    assert_equal "$(header Vary)" Cookie
    refute_contains "$(cat "$HEADERS")" Variable
    refute_contains "$(cat "$HEADERS")" Set-Cookie
    etag=$(header ETag)
    http -b "$LAYLA" -H "If-None-Match: $etag" /members/a.txt
    assert_status 304
    assert_equal "$(header Cache-Control)|$(header Vary)" "private, no-cache|Cookie"
    http -b "$LAYLA" -r 4-6 /members/a.txt
    assert_status 206
    assert_equal "$(body)" mem
    http -b "$LAYLA" -I /members/a.txt
    assert_status 200
    assert_equal "$(header Content-Length)" 12
    http -b "$LAYLA" /members/
    assert_equal "$(body)" "the index of members"
    assert_equal "$(header Cache-Control)" "private, no-cache"
    http -b "$LAYLA" /members/none.txt
    assert_status 404
    # What is public may be kept.
    http /members/style.css
    assert_status 200
    assert_equal "$(header Cache-Control)$(header Vary)" ""
    refute_contains "$(cat "$HEADERS")" Variable
    assert_no_secrets
}

@test "who is not signed in goes to the login and back to that very address; a script is told 401" {
    local method
    http "${PAGE_LOAD[@]}" -H 'X-Original-URI: /members/style.css' -H 'X-Forwarded-Uri: /' '/members/a.txt?x=1&y=%2F'
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/login?return_to=%2Fmembers%2Fa.txt%3Fx%3D1%26y%3D%252F"
    refute_contains "$(body)" members
    http /members/a.txt
    assert_status 401
    assert_equal "$(header Content-Type)" application/problem+json
    assert_contains "$(json .login_url)" "$SITE_URL/login"
    http "${PAGE_LOAD[@]}" -H 'X-Requested-With: XMLHttpRequest' /members/
    assert_status 401
    # A form that was filled in too long ago, and an upload larger than our programs read.
    head -c 1000000 /dev/zero >"$WORK/upload"
    for method in POST PUT DELETE OPTIONS; do
        note "$method"
        http "${PAGE_LOAD[@]}" -X "$method" --data-binary "@$WORK/upload" /members/app/
        assert_status 401
        assert_equal "$(header Content-Type)" application/problem+json
    done
    assert_no_secrets
}

@test "who may not gets a page that says so; what is asked for in the end is judged, too" {
    http "${PAGE_LOAD[@]}" -b "$LAYLA" /members/vip/
    assert_status 403
    assert_contains "$(body)" "ليلى حدّاد"
    refute_contains "$(body)" secret
    # shellcheck disable=SC2016 # the quotes of the line
    assert_equal "$(log_lines gate)" \
        'cgi-login gate: not_allowed: /members/vip/: gate[0] (/members/vip) does not let this account in'
    http "${AS_JSON[@]}" -b "$LAYLA" /members/vip/secret.html
    assert_status 403
    assert_equal "$(json .code)" not_allowed
    http -b "$SAKURA" /members/vip/
    assert_equal "$(body)" "very secret"
    # By a RewriteRule of the application's, which leads to a page with a rule of its own.
    http "${PAGE_LOAD[@]}" -b "$LAYLA" /members/app/to/x
    assert_status 403
    assert_contains "$(body)" "ليلى حدّاد"
    http -b "$LAYLA" /members/app/admin.php/x
    assert_status 403
    http -b "$SAKURA" /members/app/to/x
    assert_status 200
    assert_contains "$(body)" "REQUEST_URI=/members/app/to/x"
    # By DirectoryIndex.
    site_config_edit '.gate = [{path: "/members/index.html", allow: {usernames: ["instagram:sakura_zine"]}}] + .gate'
    http -b "$LAYLA" /members/
    assert_status 403
    http -b "$SAKURA" /members/
    assert_equal "$(body)" "the index of members"
}

@test "an application in PHP gets a POST as it is, and who it is, from nobody but the gate" {
    local path
    head -c 1000000 /dev/urandom >"$WORK/upload"
    http -b "$LAYLA" -F "upload=@$WORK/upload" -F 'text=a&b' /members/app/post
    assert_status 200
    assert_contains "$(body)" "file upload=$(md5sum <"$WORK/upload" | cut -d ' ' -f 1)"
    assert_contains "$(body)" "field text=a&b"
    # index.php is reached as itself, by DirectoryIndex and by the application's own RewriteRule.
    for path in /members/app/index.php /members/app/ /members/app/2024/post; do
        note "$path"
        http -b "$LAYLA" -H 'REMOTE_USER: x' -H 'Remote-User: x' -H 'CGI_LOGIN_ID: x' -H 'Variable-REMOTE_USER: x' \
            -H 'REDIRECT_CGI_LOGIN_PUBLIC: no' -H 'X-Cgi-Login-User: x' -H 'CGI_LOGIN_PUBLIC: yes' "$path?q=%2e"
        assert_equal "$(body)" "REMOTE_USER=instagram:25014620183746519
CGI_LOGIN_PROVIDER=instagram
CGI_LOGIN_ID=25014620183746519
CGI_LOGIN_USERNAME=layla.studio
CGI_LOGIN_NAME=ليلى حدّاد
CGI_LOGIN_EMAIL=
CGI_LOGIN_GROUPS=
REQUEST_METHOD=GET
REQUEST_URI=$path?q=%2e
PATH_INFO=(none)"
        assert_equal "$(header Cache-Control)" "private, no-cache"
        refute_contains "$(cat "$HEADERS")" max-age
        refute_contains "$(cat "$HEADERS")" Variable
    done
    http -b "$LAYLA" '/members/app/?cache=no-store'
    assert_contains "$(header Cache-Control)" no-store
    assert_no_secrets
}

# Each must not give what is guarded to somebody without a session, and not what is Sakura's to Layla.
@test "no way of writing a path leads past the gate" {
    local path
    for path in /members/./a.txt //members/a.txt /members//a.txt /x/../members/a.txt '/members/a.txt;x' \
        '/members;x/a.txt' '/members\a.txt' /members%5ca.txt /members%2fa.txt /members%2Fa.txt /%6dembers/a.txt \
        /members/%61.txt /members/a.txt%00 /members/a.txt%00.css /members/a.txt%23 /members/a.txt%3f \
        /members/a.txt%3fstyle.css /Members/a.txt /MEMBERS/A.TXT /members/a.txt. /members./a.txt /members/a.txt%20 \
        /members/%c0%ae%c0%ae/members/a.txt /members%c0%afa.txt /members/%e0%80%afa.txt /members/%252e%252e/a.txt \
        /members/style.css/../a.txt /members/style.css/..%2fa.txt '/members/style.css;/../a.txt' \
        /members/style.css%2f..%2fa.txt /members/style.css/%2e%2e/a.txt /members/index.html /members/ \
        /members/app/index.php/style.css /members/app/style.css /members/vip/secret.html; do
        note "$path"
        http "$path"
        refute_served
        [[ $STATUS == 40[0134] ]] || fail "status $STATUS"
    done
    for path in /members/vip/secret.html /members//vip/secret.html /members/./vip/secret.html /members/x/../vip/ \
        /members/vip%2fsecret.html /members/VIP/secret.html '/members/vip;/secret.html' /members/vip./secret.html \
        '/members/vip\secret.html' /members/style.css/../vip/secret.html /members/aside/secret.html /members/aside/ /members/linked/ \
        /members/link.txt /members/users.db /members/config.json /members/.hidden /members/.htaccess \
        /members/.htaccess%00 /members/app/.htaccess /members/app/admin.php /members/app/admin.php/ \
        /members/app/to/../admin.php /members/app/admin.php%20; do
        note "Layla: $path"
        http -b "$LAYLA" "$path"
        refute_served
        [[ $STATUS == 40[034] ]] || fail "status $STATUS"
    done
    # A folder that lies outside of the web root, under an alias.
    http /beside/a.txt
    assert_status 401
    http -b "$LAYLA" /beside/a.txt
    assert_equal "$STATUS|$(body)" "200|for members"
    http -b "$LAYLA" /beside/link.txt
    assert_regex "$STATUS" '^40[34]$'
    refute_served
    assert_contains "$(log_lines gate)" "/beside/link.txt is a symbolic link"
    assert_no_secrets
}

@test "two people in turn, two hundred times in one process, and neither is ever taken for the other" {
    local i
    for ((i = 0; i < 100; i++)); do
        printf 'url = "%s/members/app/"\ncookie = "%s"\nnext\n' "$SITE_URL" "$LAYLA"
        printf 'url = "%s/members/app/"\ncookie = "%s"\nnext\n' "$SITE_URL" "$SAKURA"
    done | sed '$d' >"$WORK/curl"
    curl -sS -K "$WORK/curl" | grep '^REMOTE_USER' >"$OUT"
    assert_equal "$(wc -l <"$OUT")" 200
    assert_equal "$(awk 'NR % 2' "$OUT" | sort -u)" "REMOTE_USER=instagram:25014620183746519"
    assert_equal "$(awk '!(NR % 2)' "$OUT" | sort -u)" "REMOTE_USER=instagram:9007199254740993"
    assert_equal "$(gate_processes | wc -l)" 1
}

@test "a running process sees an edited rule, an ended session, a store that fails; it ends when it is told to" {
    local pid
    http -b "$LAYLA" /members/a.txt
    assert_status 200
    pid=$(gate_processes)
    site_config_edit '.gate[2].allow = {usernames: ["instagram:sakura_zine"]}'
    http -b "$LAYLA" /members/a.txt
    assert_status 403
    # Each request asks the store, and the browser gets the session anew.
    site_config_edit '.gate[2].allow = {} | .session.recheck_minutes = 0'
    http -b "$LAYLA" /members/app/
    assert_status 200
    assert_equal "$(header Set-Cookie | grep -c "^$SESSION_COOKIE=")" 1
    cp "$LAYLA" "$WORK/copy"
    http -b "$LAYLA" -c "$LAYLA" -X POST /logout
    http -b "$WORK/copy" /members/a.txt
    assert_status 401
    store_break
    http -b "$SAKURA" /members/a.txt
    assert_status 200
    site_config_edit '.session.on_store_outage = "sign_out"'
    http -b "$SAKURA" /members/a.txt
    refute_contains "$(body)" "for members"
    store_mend
    http -b "$SAKURA" /members/a.txt
    assert_status 200
    assert_equal "$(gate_processes)" "$pid"
    kill -TERM "$pid"
    _site_until _site_gone "$pid"
    http -b "$SAKURA" /members/a.txt
    assert_status 200
}

@test "a gate that cannot be asked serves nothing, whatever stands in the folders above and below" {
    local line
    for line in 'Satisfy Any' 'FcgidAccessCheckerAuthoritative Off' 'Header set Cache-Control "public"'; do
        note "$line"
        printf '%s\n' "$line" >>"$SITE_HTML/.htaccess"
        printf '%s\n' "$line" >>"$SITE_HTML/members/vip/.htaccess"
        http /members/a.txt
        assert_status 401
        refute_contains "$(body)" "for members"
        http -b "$LAYLA" /members/vip/secret.html
        assert_status 403
        refute_served
    done
    rm "$SITE_HTML/members/vip/.htaccess"
    mv "$SITE_CGI_BIN/gate" "$SITE_CGI_BIN/gate.away"
    http -b "$LAYLA" /members/a.txt
    mv "$SITE_CGI_BIN/gate.away" "$SITE_CGI_BIN/gate"
    refute_contains "$(body)" "for members"
    [[ $STATUS == 50? ]] || fail "status $STATUS"
    printf '{' >"$SITE_CONFIG"
    http -b "$LAYLA" /members/a.txt
    assert_status 500
    refute_contains "$(body)" "for members"
}

@test "lighttpd asks the gate as an authorizer, as the documents set it up" {
    local port path
    port=$(_site_free_port)
    # shellcheck disable=SC2016 # a fence of Markdown
    {
        printf 'server.document-root = "%s"\nserver.port = %s\nserver.bind = "127.0.0.1"\n' "$SITE_HTML" "$port"
        printf 'server.errorlog = "%s/logs/error.log"\nindex-file.names = ("index.html", "index.php")\n' "$SITE_DIR"
        printf 'mimetype.assign = (".txt" => "text/plain")\n'
        printf 'server.modules = ("mod_rewrite")\nurl.rewrite-once = ("^/members/app/to/" => "/members/app/admin.php")\n'
        printf 'fastcgi.server = (".php" => (("bin-path" => "%s", "max-procs" => 1,\n' "$(command -v php-cgi)"
        printf '  "socket" => "%s/run/php.sock")))\n' "$SITE_DIR"
        sed -n '/^## lighttpd: the gate/,/^## /p' "$E2E_ROOT/docs/web-servers.md" | sed -n '/^```lighttpd$/,/^```$/{/^```/!p}' |
            sed -e "s#/home/you/cgi-bin#$SITE_CGI_BIN#; s#/home/you/public_html#$SITE_HTML#; s#/run/cgi-login#$SITE_DIR/run#"
    } >"$SITE_DIR/lighttpd.conf"
    _site_spawn "$SITE_DIR/logs/error.log" "${SITE_AS_OWNER[@]}" lighttpd -D -f "$SITE_DIR/lighttpd.conf"
    echo "$_SITE_PID" >"$WORK/lighttpd"
    _site_until _site_listening "$port"
    LIGHTTPD=http://localhost:$port
    http "${PAGE_LOAD[@]}" "$LIGHTTPD/members/a.txt?x=1"
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/login?return_to=%2Fmembers%2Fa.txt%3Fx%3D1"
    http "$LIGHTTPD/members/a.txt"
    assert_status 401
    assert_equal "$(header Content-Type)" application/problem+json
    http -b "$LAYLA" "$LIGHTTPD/members/a.txt"
    assert_equal "$STATUS|$(body)" "200|for members"
    assert_equal "$(header Cache-Control)|$(header Vary)" "private, no-cache|Cookie"
    http "${PAGE_LOAD[@]}" -b "$LAYLA" "$LIGHTTPD/members/vip/"
    assert_status 403
    assert_contains "$(body)" "ليلى حدّاد"
    http -b "$LAYLA" -H 'REMOTE_USER: x' -F "upload=@$SITE_HTML/members/a.txt" "$LIGHTTPD/members/app/index.php"
    assert_contains "$(body)" "file upload=$(md5sum <"$SITE_HTML/members/a.txt" | cut -d ' ' -f 1)"
    assert_contains "$(body)" "REMOTE_USER=instagram:25014620183746519"
    assert_contains "$(body)" "CGI_LOGIN_NAME=ليلى حدّاد"
    for path in /members/vip/secret.html /members//vip/secret.html /members/./vip/secret.html /members%2fvip/ \
        /members/x/../vip/ /members/VIP/secret.html '/members/vip;/secret.html' /members/aside/secret.html \
        /members/linked/ /members/link.txt /members/users.db /members/.htaccess /members/app/to/x /members/app/admin.php/x \
        /members/%c0%ae/vip/ /members/a.txt%00 /members/a.txt%23 '/members\a.txt' /membersx/ /members/a.txt.; do
        note "$path"
        http -b "$LAYLA" "$LIGHTTPD$path"
        refute_served
        [[ $STATUS == 40[034] ]] || fail "status $STATUS"
    done
    assert_no_secrets
}

teardown() {
    [[ ! -e $WORK/lighttpd ]] || _site_end "$(cat "$WORK/lighttpd")"
    e2e_teardown
}

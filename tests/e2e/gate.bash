# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A members' area behind the gate by a local redirect, and what gate.bats and gate_prefork.bats both look at.

# shellcheck source-path=SCRIPTDIR source=../support/gate.sh
source "$E2E_ROOT/tests/support/gate.sh"

PAGE_LOAD=(-H 'Accept: text/html,application/xhtml+xml,*/*;q=0.8')
AS_BROWSER=(-H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: document' -H 'Sec-Fetch-Site: none' "${PAGE_LOAD[@]}")

# Says what it was given, and lets any cache keep it.
gate_script() {
    cat <<'S'
#!/bin/sh
printf 'Content-Type: text/plain\nCache-Control: public, s-maxage=600\nCDN-Cache-Control: max-age=600\n\n'
env
S
}

gate_members() {
    local folder=$SITE_HTML/members i
    export SITE_HTTPD_EXTRA="LoadModule negotiation_module /usr/lib/apache2/modules/mod_negotiation.so"
    mkdir -p "$folder/admin" "$folder/img" "$folder/forum" "$folder/cgi" "$folder/many" "$folder/.git"
    printf 'for members\n' | tee "$folder/a.txt" "$folder/über straße.txt" >/dev/null
    printf 'the index of members\n' >"$folder/index.html"
    printf 'body {}\n' >"$folder/img/style.css"
    printf 'very secret\n' | tee "$folder/admin/index.html" "$folder/admin/b.txt" "$folder/page.html" >/dev/null
    printf 'never served\n' | tee "$folder"/{users.db,config.json,a.txt~,a.txt.bak,.hidden,.htpasswd} "$folder/.git/config" \
        "$SITE_HOME/elsewhere.txt" >/dev/null
    ln -s "$SITE_HOME/elsewhere.txt" "$folder/link.txt"
    ln -s admin "$folder/aside"
    for ((i = 0; i < 1000; i++)); do printf 'file %s\n' "$i" >"$folder/many/$i.txt"; done
    gate_script >"$folder/cgi/echo.cgi"
    chmod 755 "$folder/cgi/echo.cgi"
    printf '%s\n' 'Options +ExecCGI' 'AddHandler cgi-script .cgi' >"$folder/cgi/.htaccess"
    mkdir -p "$folder/off" "$folder/apart"
    printf 'for members\n' | tee "$folder/off/a.txt" >"$folder/apart/a.txt"
    printf 'RewriteEngine Off\n' >"$folder/off/.htaccess"
    printf '%s\n' 'RewriteEngine On' 'RewriteOptions IgnoreInherit' >"$folder/apart/.htaccess"
    gate_folder members redirect
    printf '%s\n' 'ErrorDocument 404 /members/404.html' 'Options -SymLinksIfOwnerMatch +FollowSymLinks +MultiViews' >>"$folder/.htaccess"
    printf 'no such page for members\n' >"$folder/404.html"
    # What an application of many addresses and one script brings along.
    printf '%s\n' 'RewriteEngine On' 'RewriteCond %{REQUEST_FILENAME} !-f' 'RewriteCond %{REQUEST_FILENAME} !-d' \
        'RewriteRule . index.html [L]' >"$folder/forum/.htaccess"
    printf 'the forum\n' >"$folder/forum/index.html"
    _site_give_away "$SITE_HTML"
    site_config_edit '.gate = [
        {path: "/members/admin", allow: {usernames: ["instagram:sakura_zine"]}},
        {path: "/members/page.html", allow: {usernames: ["instagram:sakura_zine"]}},
        {path: "/members", allow: {signed_in: true}, public: ["/members/img"]}]'
}

# Nothing of what lies in the folder.
refute_served() {
    refute_regex "$(tr -d '\0' <"$BODY")" 'for members|the index|secret|never served|the forum|REMOTE_USER|^file'
}

assert_uncached() {
    assert_equal "$(header Cache-Control)|$(header Vary)" "private, no-cache|Cookie"
}

files_are_served() {
    local etag
    http -b "$LAYLA" /members/a.txt
    assert_status 200
    assert_equal "$(body)|$(header Content-Type)" "for members|text/plain"
    assert_uncached
    refute_regex "$(cat "$HEADERS")" 'X-Cgi-Login|Set-Cookie|Location'
    etag=$(header ETag)
    http -b "$LAYLA" -H "If-None-Match: $etag" /members/a.txt
    assert_status 304
    assert_uncached
    http -b "$LAYLA" -r 4-6 /members/a.txt
    assert_status 206
    assert_equal "$(body)" mem
    assert_uncached
    http -b "$LAYLA" -I /members/a.txt
    assert_status 200
    assert_equal "$(header Content-Length)" 12
    assert_uncached
    http -b "$LAYLA" /members/
    assert_status 200
    assert_equal "$(body)" "the index of members"
    assert_uncached
    refute_contains "$(cat "$HEADERS")" X-Cgi-Login
    http -b "$LAYLA" /members
    assert_status 301
    assert_equal "$(header Location)" "$SITE_URL/members/"
    http -b "$LAYLA" /members/none.txt
    assert_status 404
    assert_equal "$(body)" "no such page for members"
    http -b "$LAYLA" '/members/%C3%BCber%20stra%C3%9Fe.txt'
    assert_status 200
    assert_equal "$(body)" "for members"
    http -b "$LAYLA" /members/forum/topic/7
    assert_status 200
    assert_equal "$(body)" "the forum"
    assert_uncached
    http /members/img/style.css
    assert_status 200
    assert_equal "$(header Cache-Control)$(header Vary)" ""
    refute_contains "$(cat "$HEADERS")" X-Cgi-Login
    assert_no_secrets
}

# A script says what it was given. What the client says is there as HTTP_ and nowhere else.
scripts_learn_who() {
    local query='a=b&c=%41%2f..%00;x="<>|&d=\&' row
    http -b "$LAYLA" -H 'REMOTE-USER: x:1' -H 'X-Cgi-Login-User: x:1' -H 'Cgi-Login-Id: x:1' -H 'Cgi-Login-Email: x:1' \
        -H 'Redirect-Remote-User: x:1' -H 'Redirect-Redirect-Cgi-Login-Gate: x:1' -H 'Cgi-Login-Public: yes' \
        "/members/cgi/echo.cgi/more?$query"
    assert_status 200
    assert_uncached
    assert_equal "$(header CDN-Cache-Control)" ""
    for row in REMOTE_USER=instagram:25014620183746519 CGI_LOGIN_PROVIDER=instagram CGI_LOGIN_ID=25014620183746519 \
        CGI_LOGIN_USERNAME=layla.studio 'CGI_LOGIN_NAME=ليلى حدّاد' "QUERY_STRING=$query" PATH_INFO=/more \
        "REQUEST_URI=/members/cgi/echo.cgi/more?$query"; do
        assert_equal "$(grep "^${row%%=*}=" "$BODY")" "$row"
    done
    assert_equal "$(grep '=x:1$' "$BODY" | grep -vE '^(REDIRECT_)*HTTP_' || true)" ""
    assert_equal "$(grep -E '^CGI_LOGIN_(EMAIL|GROUPS)=.' "$BODY" || true)" ""
    # A query of some thousand bytes, which the gate reads as little as a short one.
    query=$(repeat x 6000)
    http -b "$LAYLA" "/members/cgi/echo.cgi?$query"
    assert_equal "$(grep '^QUERY_STRING=' "$BODY")" "QUERY_STRING=$query"
    assert_status 200
}

# refused STATUS LOCATION_OR_TYPE CURL_OPTION... PATH: what is refused, and how; nothing of the folder is in it.
refused() {
    note "$*"
    http "${@:3}"
    assert_status "$1"
    refute_served
    assert_equal "$(header Location)$([[ -z $(header Location) ]] && header Content-Type)" "$2"
    assert_regex "$(header Cache-Control)" '^no-store$'
    assert_contains "$(header Vary)" Cookie
}

people_are_refused() {
    local json=application/problem+json page='text/html; charset=utf-8' login="$SITE_URL/login?return_to=" method
    refused 302 "${login}%2Fmembers%2Fa.txt%3Fx%3D1%26y%3D%252F" "${PAGE_LOAD[@]}" '/members/a.txt?x=1&y=%2F'
    refused 302 "${login}%2Fmembers%2F" "${AS_BROWSER[@]}" /members/
    refused 302 "${login}%2Fmembers%2Fa.txt" -I "${AS_BROWSER[@]}" /members/a.txt
    # A query that no login leads back to: the page alone.
    refused 302 "${login}%2Fmembers%2Fa.txt" "${PAGE_LOAD[@]}" '/members/a.txt?x=%0D%0Aa'
    refused 302 "${login}%2Fmembers%2Fa.txt" "${PAGE_LOAD[@]}" "/members/a.txt?$(repeat x 3000)"
    refused 401 $json /members/a.txt
    assert_equal "$(json .login_url)" "${login}%2Fmembers%2Fa.txt"
    assert_contains "$(header WWW-Authenticate)" Cookie
    refused 401 $json "${PAGE_LOAD[@]}" -H 'X-Requested-With: XMLHttpRequest' /members/
    refused 401 $json -H 'Accept: application/json' /members/
    refused 401 $json "${PAGE_LOAD[@]}" -H 'Sec-Fetch-Mode: cors' /members/
    refused 401 $json "${PAGE_LOAD[@]}" -H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: iframe' /members/
    refused 401 $json "${PAGE_LOAD[@]}" -H 'Sec-Fetch-Mode: no-cors' -H 'Sec-Fetch-Dest: image' /members/a.txt
    refused 403 "$page" -b "$LAYLA" "${AS_BROWSER[@]}" '/members/admin/b.txt?x=1'
    assert_contains "$(body)" "/login?return_to=%2Fmembers%2Fadmin%2Fb.txt%3Fx%3D1"
    assert_contains "$(body)" 'action="/logout"'
    assert_contains "$(body)" 'ليلى حدّاد'
    assert_contains "$(log_lines gate)" 'not_allowed: /members/admin/b.txt: gate[0] (/members/admin) does not let this account in'
    refused 403 $json -b "$LAYLA" /members/admin/
    http -b "$SAKURA" /members/admin/
    assert_equal "$STATUS|$(body)" "200|very secret"
    for method in POST PUT DELETE OPTIONS; do
        http -b "$LAYLA" -X $method -d a=b /members/a.txt
        assert_status 405
        assert_equal "$(header Allow)" "GET, HEAD"
        refute_served
        refused 401 $json "${PAGE_LOAD[@]}" -X $method -d a=b /members/a.txt
    done
    assert_contains "$(log_lines gate)" FcgidAccessChecker
    assert_no_secrets
}

# Each row: the statuses that are right for an account that may see /members and not /members/admin, and the path.
bypasses() {
    cat <<'ROWS'
403 /members/../members/admin/b.txt
403 /members/%2e%2e/members/admin/b.txt
403 /members/x/../admin/b.txt
403 /members//admin/b.txt
403 /members/./admin/./b.txt
403 //members/admin/b.txt
403 /members/%61dmin/b.txt
301 /members/admin
403 /members/admin/
403 /members/admin/none
403 /members/page.html
403 /members/page
404 /members/Admin/b.txt
404 /MEMBERS/admin/b.txt
404 /members/A%64MIN/b.txt
400 /members/admin;x/b.txt
400 /members/;/admin/b.txt
400 /members/%3b/admin/b.txt
400 /members/admin%5cb.txt
40[03] /members/..\members\admin\b.txt
40[04] /members/admin%2fb.txt
40[04] /members/admin%2Fb.txt
40[034] /members/admin%3fb.txt
40[034] /members/a.txt%3f/../admin/b.txt
400 /members/admin%23/b.txt
40[04] /members/a.txt%00
400 /members/a.txt%0a
400 /members/admin./b.txt
400 /members/admin%20/b.txt
400 /members/a.txt.
400 /members/a.txt%20
400 /members/%c0%afadmin/b.txt
40[04] /members/%c0%ae%c0%ae/admin/b.txt
400 /members/%252e%252e/admin/b.txt
400 /members/%2561dmin/b.txt
40[04] /members/%zz
400 /members/%u0061dmin/b.txt
404 /members/link.txt
404 /members/aside/b.txt
40[34] /members/.htaccess
40[34] /members/.htpasswd
40[34] /members/.hidden
40[34] /members/.git/config
40[34] /members/users.db
40[34] /members/config.json
40[34] /members/a.txt~
40[34] /members/a.txt.bak
403 /cgi-bin/gate/members/admin/b.txt
403 /cgi-bin/gate/members/../members/admin/b.txt
404 /cgi-bin/gate/members/link.txt
403 /cgi-bin/gate/elsewhere/b.txt
403 /cgi-bin/gate/profile
ROWS
}

nothing_leads_past() {
    local status path header wrong=''
    while read -r status path; do
        note "$status $path"
        http -b "$LAYLA" "$path"
        [[ $STATUS =~ ^$status$ ]] || wrong+="$path: $STATUS is not $status"$'\n'
        refute_served
    done < <(bypasses)
    assert_equal "$wrong" ""
    # What is public leads no further, whoever asks.
    for path in /members/img/../a.txt /members/img/%2e%2e/a.txt '/members/img/..;/a.txt' /members/img%2f../a.txt /members/imgs; do
        http "$path"
        assert_regex "$STATUS" '^40[0134]$'
        refute_served
    done
    for header in X-Original-URL X-Rewrite-URL X-Original-URI X-Forwarded-Uri X-Forwarded-Prefix; do
        http -b "$LAYLA" -H "$header: /members/a.txt" /members/admin/b.txt
        assert_status 403
        refute_served
        http -b "$LAYLA" -H "$header: /members/admin/b.txt" /members/a.txt
        assert_equal "$STATUS|$(body)" "200|for members"
    done
    assert_contains "$(log_lines gate)" '/elsewhere/b.txt: no rule of `gate` holds it'
    # An .htaccess file below undoes nothing.
    for path in /members/off/a.txt /members/apart/a.txt; do
        http "$path"
        assert_status 401
        refute_served
        http -b "$LAYLA" "$path"
        assert_equal "$STATUS|$(body)" "200|for members"
    done
    # The program's own address is one like any other.
    http -b "$LAYLA" /cgi-bin/gate/members/a.txt
    assert_equal "$STATUS|$(body)" "200|for members"
    assert_uncached
}

# A whole login leads back to the very address; a name that is not base_url's leads there.
login_leads_back() {
    local url='/members/forum/topic/7?x=1&y=%C3%A9&z=a%2Fb%26c' www
    http "${AS_BROWSER[@]}" "$url"
    assert_status 302
    http -c "$JAR" "$(header Location)"
    assert_status 200
    begin "$JAR" "$(body | grep -o 'href="/auth/instagram?[^"]*"' | head -n 1 | sed 's/href="//; s/"$//; s/&amp;/\&/g')"
    decide layla.studio
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL$url"
    http -b "$JAR" "$LOCATION"
    assert_equal "$STATUS|$(body)" "200|the forum"
    www=${SITE_URL/localhost/www.localhost}
    http "${AS_BROWSER[@]}" --resolve "www.localhost:${SITE_URL##*:}:127.0.0.1" "$www/members/a.txt"
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/login?return_to=%2Fmembers%2Fa.txt"
}

# Whatever is broken, nothing is open.
faults_close() {
    local gate=$SITE_CGI_BIN/gate$SITE_CGI_SUFFIX path paths="/members/a.txt /members/ /members/404.html /members/cgi/echo.cgi"
    printf '{' | site_run tee "$SITE_CONFIG" >/dev/null
    for path in $paths; do
        http -b "$LAYLA" "$path"
        assert_status 500
        refute_served
        refute_contains "$(body)" 'no such page for members'
    done
    cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
    mv "$gate" "$gate.away"
    for path in $paths; do
        http -b "$LAYLA" "$path"
        assert_regex "$STATUS" '^(403|404|500)$'
        refute_served
        refute_contains "$(body)" 'no such page for members'
    done
    printf '#!/bin/sh\n' >"$gate"
    http -b "$LAYLA" /members/a.txt
    assert_regex "$STATUS" '^(403|500)$'
    refute_served
    chmod 755 "$gate"
    http -b "$LAYLA" /members/a.txt
    assert_status 500
    refute_served
    mv "$gate.away" "$gate"
    site_clear_logs
    http -b "$LAYLA" /members/a.txt
    assert_status 200
}

# A session that is asked about again reaches the browser beside the file, once, and a folder of many files is served.
renewed_cookies_come_along() {
    site_config_edit '.session.recheck_minutes = 0'
    http -b "$LAYLA" -c "$LAYLA" /members/
    assert_equal "$STATUS|$(body)" "200|the index of members"
    assert_equal "$(header Set-Cookie | grep -c "^$SESSION_COOKIE=")" 1
    http -b "$LAYLA" /members/a.txt
    assert_status 200
    assert_equal "$(header Set-Cookie | grep -c "^$SESSION_COOKIE=")" 1
    assert_uncached
    # Who is refused need not be asked about again at once, either.
    http -b "$LAYLA" /members/admin/
    assert_status 403
    assert_equal "$(header Set-Cookie | grep -c "^$SESSION_COOKIE=")" 1
}

many_files_are_served() {
    curl -sS -Z --parallel-max 8 -b "$LAYLA" "$SITE_URL/members/many/[0-999].txt" >"$WORK/many"
    assert_equal "$(grep -c '^file [0-9]*$' "$WORK/many")" 1000
}

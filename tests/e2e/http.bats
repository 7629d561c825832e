#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# Each program as an HTTP resource: methods, limits, damaged requests, paths, Accept, problem+json, headers; and as a
# bare CGI process, with few or strange variables. Never a crash: a valid header block and exit status 0 always.

load helpers

# bats reads this file in a function.
declare -gA ROUTES=([start]=/auth/instagram [callback]=/auth/instagram/callback [login]=/login [profile]=/profile
    [logout]=/logout [deletion]=/auth/instagram/deletion [deauthorize]=/auth/instagram/deauthorize
    [backchannel]=/auth/instagram/backchannel_logout [console]=/auth/console)
# Those that a link can lead to: for deauthorize and backchannel everything but POST is 405, whatever else is wrong.
LINKED="start callback login profile logout deletion console"

# --- methods ---

@test "HEAD has the headers of GET and no body" {
    local program name
    sign_in "$JAR"
    for program in start login profile logout; do
        note "$program"
        http -b "$JAR" "${ROUTES[$program]}"
        grep -viE '^(Date|Set-Cookie|Location|Transfer-Encoding|Content-Length):' "$HEADERS" >"$WORK/get"
        http -I -b "$JAR" "${ROUTES[$program]}"
        assert_equal "$(grep -viE '^(Date|Set-Cookie|Location|Transfer-Encoding|Content-Length):' "$HEADERS")" \
            "$(cat "$WORK/get")"
        # The server would cut a body off: only the bare program shows that it sends none.
        cgi "$program" REQUEST_METHOD=HEAD "HTTP_COOKIE=$SESSION_COOKIE=$(cookie "$JAR" "$SESSION_COOKIE")"
        assert_regex "$STATUS" '^(200|302)$'
        assert_equal "$(wc -c <"$BODY")" 0
    done
}

@test "the callback takes no HEAD: what only looks at a link must not spend the code in it" {
    begin "$JAR"
    decide
    http -I -b "$JAR" -c "$JAR" "$CALLBACK"
    assert_status 405
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

@test "other methods are 405 with Allow, in HTML and JSON, and without a log line" {
    local program method
    declare -A allow=([start]="GET, HEAD" [callback]="GET, POST" [login]="GET, HEAD" [profile]="GET, HEAD, POST"
        [logout]="GET, HEAD, POST" [deletion]="GET, HEAD, POST" [deauthorize]="POST" [backchannel]="POST" [console]="GET, HEAD, POST")
    for program in $PROGRAMS; do
        for method in GET POST PUT DELETE PATCH OPTIONS PROPFIND get; do
            note "$method $program"
            [[ ", ${allow[$program]}," != *", $method,"* ]] || continue
            http -X "$method" "${ROUTES[$program]}"
            assert_status 405
            assert_equal "$(header Allow)" "${allow[$program]}"
            assert_equal "$(header Set-Cookie)" ""
            assert_contains "$(header Content-Type)" text/html
            http -X "$method" "${AS_JSON[@]}" "${ROUTES[$program]}"
            assert_status 405
            assert_equal "$(json .code)" method_not_allowed
            assert_equal "$(header Allow)" "${allow[$program]}"
        done
    done
    assert_equal "$(log_lines)" ""
}

@test "a stranger's POST sets no cookie and removes none" {
    local program
    for program in $PROGRAMS; do
        note "$program"
        # SameSite=Lax keeps our cookies out of it, so a cookie in the answer would be the stranger's doing.
        http -X POST -H 'Origin: https://evil.example' -H 'Sec-Fetch-Site: cross-site' "${ROUTES[$program]}"
        assert_equal "$(header Set-Cookie)" ""
        http "${AS_JSON[@]}" -X POST -H 'Origin: https://evil.example' "${ROUTES[$program]}"
        assert_equal "$(header Set-Cookie)" ""
    done
}

@test "no answer lets another origin read it" {
    local program
    for program in $PROGRAMS; do
        note "$program"
        http -H 'Origin: https://evil.example' "${ROUTES[$program]}"
        assert_equal "$(header 'Access-Control-[A-Za-z-]*')" ""
    done
}

# --- limits ---

# over PROGRAM STATUS CODE CURL_OPTION... PATH: a limit is passed. The callback tells a browser by its failure page.
over() {
    note "$1 $3"
    http "${AS_JSON[@]}" "${@:4}"
    assert_status "$2"
    assert_equal "$(header Content-Type)" application/problem+json
    assert_equal "$(json '"\(.status) \(.code)"')" "$2 $3"
    http "${@:4}"
    if [[ $1 == callback ]]; then
        assert_status 302
        assert_equal "$(header Location)" "$SITE_URL/login?error=bad_request"
    else
        assert_status "$2"
        assert_contains "$(body)" "<h1>"
    fi
}

@test "a query that is a byte too long is 414, and one less is read" {
    local program most
    most=$(bound QUERY_STRING_MAX)
    for program in $LINKED; do
        over "$program" 414 query_too_long "${ROUTES[$program]}?a=$(repeat x $((most - 1)))"
    done
    http "/login?a=$(repeat x $((most - 2)))"
    assert_status 200
}

@test "cookies that are a byte too long are 431, and one less is read" {
    local program most
    most=$(bound COOKIE_HEADER_MAX)
    for program in $LINKED; do
        over "$program" 431 cookies_too_large -H "Cookie: a=$(repeat x $((most - 1)))" "${ROUTES[$program]}"
    done
    http -H "Cookie: a=$(repeat x $((most - 2)))" /login
    assert_status 200
}

@test "a body that is a byte too long is 413, and signs nobody out" {
    sign_in "$JAR"
    repeat x $(($(bound REQUEST_BODY_MAX) + 1)) >"$WORK/body"
    over logout 413 body_too_large -b "$JAR" --data-binary "@$WORK/body" /logout
    over login 405 method_not_allowed --data-binary "@$WORK/body" /login
    # A body on a method that takes none.
    over profile 413 body_too_large -X GET --data-binary "@$WORK/body" /profile
    assert_signed_in "$JAR"
}

@test "a body that nobody asked for is no reason to break the answer off" {
    local size
    for size in 1 100 "$(bound REQUEST_BODY_MAX)"; do
        note "$size bytes"
        repeat x "$size" >"$WORK/body"
        http -X POST --data-binary "@$WORK/body" /logout
        assert_status 302
        http --data-binary "@$WORK/body" /login
        assert_status 405
        assert_contains "$(body)" "</html>"
    done
    # A chunked one has no length.
    http -X POST -H 'Transfer-Encoding: chunked' --data-binary "@$WORK/body" /logout
    assert_status 302
    # A form without its length is not read, but to its end even so.
    http "${AS_JSON[@]}" -X POST -H 'Transfer-Encoding: chunked' --data-binary "@$WORK/body" /auth/instagram/deauthorize
    assert_status 411
    assert_equal "$(json .code)" length_required
    assert_contains "$(log_lines deauthorize)" 'the form came in chunks (Transfer-Encoding: chunked)'
}

# --- damaged requests ---

# RFC 6749, section 4.1.2: what is not recognized must be ignored. Campaigns, PHP's lists, other encodings.
UNREAD=('a=%' 'a=%2' 'a=%zz' 'a=%2g' '%=1' 'a=%00' '%00=1' 'a=b%00c' 'a=%0a' 'a=%0d%0aX-Injected:%201' 'a=%1f' 'a=%7f'
    'a=%09' 'a=%ff' 'a=%c0%80' 'a=%c3' 'a=%ed%a0%80' 'a=%f5%80%80%80' $'a=\xff\xfe' $'a=\xc3' 'a=1&a=2' 'a=1&a=1' 'a&a'
    'utm_source=a&utm_source=b' 'ref=caf%E9' 'x=100%' 'scope[]=a&scope[]=b' "$(seq -f 'p%g=1' -s '&' 30)")

@test "a parameter that nobody reads changes nothing in any program, signed in or not" {
    local query route status who
    sign_in "$JAR"
    cp "$JAR" "$WORK/signed_in"
    : >"$WORK/nobody"
    for who in nobody signed_in; do
        while read -r route status; do
            # One curl for all: a process for each request would take longer than the requests.
            for query in '' "${UNREAD[@]}"; do
                printf 'url = "%s"\noutput = "%s"\n' "$SITE_URL$route?$query" /dev/null
            done >"$WORK/requests"
            note "$who $route"
            curl -sS --path-as-is --globoff -b "$WORK/$who" -D "$WORK/headers" -w '%{http_code} %{url}\n' \
                -K "$WORK/requests" >"$WORK/statuses"
            assert_equal "$(wc -l <"$WORK/statuses")" $((${#UNREAD[@]} + 1))
            assert_equal "$(grep -av "^$status " "$WORK/statuses")" ""
            assert_equal "$(grep -ai '^X-Injected' "$WORK/headers")" ""
        done <<TABLE
/ 200
/login 200
/logout 200
/auth/instagram 302
/profile $([[ $who == signed_in ]] && echo 200 || echo 302)
/auth/instagram/deletion 404
/auth/instagram/deauthorize 405
/auth/instagram/backchannel_logout 405
TABLE
    done
}

csrf_token() { # JAR
    http -b "$1" "${AS_JSON[@]}" /profile
    header X-CSRF-Token
}

@test "a parameter that nobody reads changes nothing in a form" {
    local token
    sign_in "$JAR"
    token=$(csrf_token "$JAR")
    http -b "$JAR" -c "$JAR" --data-binary "a=%zz&a=%ff&csrf_token=$token&b&b&action=sign_out_everywhere" /profile
    assert_status 302
    assert_signed_out "$JAR"
}

@test "a parameter that counts is bad_request when it stands twice or is no text" {
    local token damage
    sign_in "$JAR"
    token=$(csrf_token "$JAR")
    for damage in "csrf_token=$token&action=sign_out_everywhere&csrf_token=$token" \
        "csrf_token=$token&action=sign_out_everywhere&action=sign_out_everywhere" \
        "csrf_token=$token&action=%ff" "csrf_token=%zz&action=sign_out_everywhere" \
        "csrf_token=$token&action=delete&confirm=yes&confirm=yes" "csrf_token=$token&action=delete&confirm=yes%00"; do
        note "$damage"
        http -b "$JAR" --data-binary "$damage" /profile
        assert_status 400
    done
    for damage in 'reauth=1&reauth=1' 'reauth=%'; do
        note "$damage"
        http "/auth/instagram?$damage"
        assert_status 400
        http "/login?$damage"
        assert_status 400
    done
    for damage in 'code=1&code=1' 'code=%' 'code=%ff' 'code=%00'; do
        note "$damage"
        http "/auth/instagram/deletion?$damage"
        assert_status 400
    done
    for damage in 'signed_request=a.b&signed_request=a.b' 'signed_request=%ff'; do
        note "$damage"
        http --data-binary "$damage" /auth/instagram/deauthorize
        assert_status 400
        http --data-binary "$damage" /auth/instagram/deletion
        assert_status 400
    done
    assert_signed_in "$JAR"
    assert_no_secrets
}

@test "an odd query that means nothing is no error" {
    local query
    for query in '' '&' '&&&' '=' '=x' 'a' 'a=' 'a=b=c' 'a=%26%3D' 'a=+' $'a=\xc3\xa9' 'a=%F0%9F%A5%96' 'error=' \
        'a[]=1&a%5B%5D2=1' '?' '??'; do
        note "$query"
        http "/login?$query"
        assert_status 200
    done
}

@test "what a query holds never becomes a header, a script or a log line of its own" {
    local value='x"><script>alert(1)</script>'
    http -G --data-urlencode "error=$value" --data-urlencode "return_to=/$value" "/login"
    assert_status 200
    refute_contains "$(body)" "<script>alert"
    http -G --data-urlencode "return_to=$value" /auth/instagram
    assert_status 302
    refute_contains "$(header Location)" "script"
    http "/auth/$value"
    refute_contains "$(body)" "<script>alert"
    begin "$JAR"
    http -b "$JAR" -G --data-urlencode "state=$(query_of "$AUTHORIZE" state)" --data-urlencode "error=$value" \
        --data-urlencode "error_description=$value" "/auth/instagram/callback"
    assert_equal "$(header Location)" "$SITE_URL/login?error=provider_error"
    assert_equal "$(log_lines callback | wc -l)" 1
}

# --- paths ---

@test "an unknown provider is 404, and no error of this site" {
    local path start=/cgi-bin/start$SITE_CGI_SUFFIX
    for path in /auth/nobody /auth/instagram2 /auth/i /auth/insta-gram "$start/nobody" "$start/INSTAGRAM" \
        "$start/instagram/extra" "$start/instagram/callback" \
        "$start/$(repeat a 33)" "$start/$(repeat a 2000)" "$start/../start$SITE_CGI_SUFFIX/x" \
        "$start/%C3%A9" "$start/"$'\xff' "$start/%0a" "$start/instagram%20" \
        "$start/a%3Cb%3E" "$start/__proto__" "$start/instagram.json"; do
        note "$path"
        http "$path"
        assert_status 404
        assert_equal "$(header Set-Cookie)" ""
    done
    for path in /auth/nobody /auth/nobody/callback /auth/nobody/deletion; do
        note "$path"
        http "${AS_JSON[@]}" "$path"
        assert_status 404
        assert_equal "$(json '"\(.status) \(.code)"')" "404 not_found"
    done
    http "${AS_JSON[@]}" -d signed_request=x /auth/nobody/deauthorize
    assert_equal "$STATUS $(json .code)" "404 not_found"
    # A login that came back wrong is told on the page for failed logins, as ever.
    http /auth/nobody/callback
    assert_equal "$STATUS $(header Location)" "302 $SITE_URL/login?error=bad_request"
}

@test "a provider is not found by the name of another key of the config" {
    local name
    for name in providers keys client_id preset; do
        note "$name"
        http "/auth/$name"
        assert_status 404
    done
}

@test "without PATH_INFO the default provider is meant, or the only one" {
    local path start=/cgi-bin/start$SITE_CGI_SUFFIX
    for path in /auth /auth/ "$start" "$start/" "$start/instagram" "$start/instagram/" /auth/instagram/; do
        note "$path"
        http "$path"
        assert_status 302
        assert_regex "$(header Location)" "^$STANDIN_URL/oauth/authorize"
    done
    site_config_edit 'del(.default_provider)'
    http /auth
    assert_status 302
    site_config_edit '.providers.other = (.providers.instagram + {preset: "instagram"})'
    http /auth
    assert_status 404
    http /auth/other
    assert_status 302
    assert_equal "$(query_of "$(header Location)" redirect_uri)" "$SITE_URL/auth/other/callback"
    site_config_edit '.default_provider = "other"'
    http /auth
    assert_equal "$(query_of "$(header Location)" redirect_uri)" "$SITE_URL/auth/other/callback"
}

@test "a login that was started with one provider does not end at another" {
    site_config_edit '.providers.other = (.providers.instagram + {preset: "instagram"})'
    begin "$JAR"
    decide
    CALLBACK=${CALLBACK/instagram/other}
    assert_login_fails "$JAR" expired_login
}

@test "more of a path than a program knows is 404" {
    local program
    for program in login profile logout; do
        note "$program"
        http "/cgi-bin/$program$SITE_CGI_SUFFIX/a/b"
        assert_status 404
    done
    # Outside the routes nothing reaches a program.
    for path in /auth/instagram/extra /auth/INSTAGRAM /login/x /profile.html /logout/x /auth/instagram/callback/x; do
        note "$path"
        http "$path"
        assert_status 404
    done
    assert_equal "$(log_lines start)" ""
}

# --- Accept ---

@test "JSON goes to whom prefers it, and HTML to everybody else" {
    local expected accept
    while IFS='|' read -r expected accept; do
        note "Accept:$accept"
        # curl sends */* of its own accord; with an empty value it sends none.
        http -H "Accept:$accept" /profile
        assert_status "$([[ $expected == json ]] && printf 401 || printf 302)"
    done <<'TABLE'
html|
html| */*
html| text/html
html| text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8
html| text/html, application/json
html| application/json;q=0.9, text/html
html| application/json;q=0, */*
html| application/json; q=0.1, text/*; q=0.2
html| image/png
html| text/plain
html| application/jsonp
html| application/json;q=0
html| garbage
html| ;;;,,,q=
html| application/xhtml+xml
html| text/html;q=0.5, application/json;q=0.5
json| application/json
json| APPLICATION/JSON
json| application/problem+json
json| application/json;charset=utf-8
json| application/json, text/plain, */*
json| application/json, text/html;q=0.9
json| text/html;q=0.8, application/json
json| text/html;q=0.1,application/json;q=0.2
json| application/*
json| application/*;q=0.9, text/*;q=0.8
json| */*;q=0.1, application/json
json|   application/json   ,text/html ; q=0.3
TABLE
}

@test "every error as problem+json has the fields of RFC 9457" {
    local case
    declare -A cases=([404]=/auth/nobody [401]=/profile [400]="/auth/instagram/callback?code=x" [405]="/login" [414]="/login?$(too_long)")
    for case in "${!cases[@]}"; do
        note "$case"
        local -a options=()
        [[ $case != 405 ]] || options=(-X PUT)
        http "${AS_JSON[@]}" "${options[@]}" "${cases[$case]}"
        assert_status "$case"
        assert_equal "$(header Content-Type)" application/problem+json
        assert_equal "$(json '[.type, .status, (.title | type), (.detail | type), (.code | test("^[a-z_]+$"))] | map(tostring) | join(" ")')" \
            "about:blank $case string string true"
        assert_equal "$(json 'has("login_url")')" "$([[ $case == 401 ]] && printf true || printf false)"
        assert_equal "$(header Cache-Control)" no-store
        assert_equal "$(header X-Content-Type-Options)" nosniff
        assert_contains "$(header Vary)" Accept
    done
}

# --- headers of pages ---

assert_page_headers() { # WHERE [PICTURE_SOURCE]
    note "$*"
    assert_equal "$(header Content-Security-Policy)" "${CSP/"img-src 'self'"/"img-src 'self'${2:+ $2}"}"
    assert_equal "$(header Content-Type)" "text/html; charset=utf-8"
    assert_equal "$(header X-Content-Type-Options)" nosniff
    assert_equal "$(header X-Frame-Options)" DENY
    assert_equal "$(header Referrer-Policy)" same-origin
    assert_equal "$(header Cache-Control)" no-store
    assert_contains "$(header Vary)" Accept
    # Nothing in the page that its own policy would stop.
    assert_equal "$(grep -ciE '<script|<style|[[:space:]](style|on[a-z]+)=|<iframe|<base' "$BODY")" 0
    assert_contains "$(body)" "</html>"
}

@test "every page has the security headers, and nothing that they would stop" {
    local pictures
    http /login && assert_status 200 && assert_page_headers login
    http "/login?error=access_denied" && assert_page_headers "login with an error"
    http -H 'Sec-Fetch-Site: cross-site' /logout && assert_page_headers "signed out"
    http -X PUT /login && assert_status 405 && assert_page_headers 405
    http -X PUT /auth/instagram/callback && assert_status 405 && assert_page_headers "405 of the callback"
    http /auth/nobody && assert_status 404 && assert_page_headers 404
    http "/auth/instagram/deletion?code=%zz" && assert_status 400 && assert_page_headers 400
    http "/login?$(too_long)" && assert_status 414 && assert_page_headers 414
    http -H "Cookie: $(repeat x 8050)" /profile && assert_status 431 && assert_page_headers 431
    sign_in "$JAR"
    # Only the provider knows where an https picture is redirected to.
    [[ $STANDIN_URL == https:* ]] && pictures=https: || pictures=$STANDIN_URL
    http -b "$JAR" /profile && assert_status 200 && assert_page_headers profile "$pictures"
    http -b "$JAR" /logout && assert_status 200 && assert_page_headers "sign out?"
    sign_in "$JAR" sakura_zine
    http -b "$JAR" /profile && assert_page_headers "profile without a picture"
    site_config_edit '.unknown = 1'
    http /login && assert_status 500 && assert_page_headers 500
}

@test "a picture's address cannot bring anything into the policy" {
    local url pictures
    for url in "https://cdn.example;script-src *" "https://cdn.example/ 'unsafe-inline'" "javascript:alert(1)" \
        "data:text/html,x" "http://cdn.example/x.png" "//cdn.example/x.png" "https://a b/" $'https://cdn.example/\r\nX-Injected: 1'; do
        note "$url"
        jq -n --arg url "$url" '{person: {profile_picture_url: $url}}' >"$WORK/person"
        standin_control "@$WORK/person"
        rm -f "$JAR"
        sign_in "$JAR"
        http -b "$JAR" /profile
        assert_status 200
        # Of a picture that can be shown, the policy says no more than that it comes over https.
        pictures=
        [[ $url != https://cdn.example/* ]] || pictures=https:
        assert_page_headers "$url" "$pictures"
        refute_contains "$(body)" "<img src=\"$url"
        assert_equal "$(header X-Injected)" ""
    done
    standin_control '{"person": {"profile_picture_url": "https://cdn.example:8443/v/x.png?a=1&b=2"}}'
    sign_in "$JAR"
    http -b "$JAR" /profile
    assert_page_headers "good" https:
    assert_contains "$(body)" 'src="https://cdn.example:8443/v/x.png?a=1&amp;b=2"'
}

@test "neither Host nor X-Forwarded headers change where anybody is sent" {
    local -a lies=(-H 'Host: evil.example' -H 'X-Forwarded-Host: evil.example' -H 'X-Forwarded-Proto: https'
        -H 'X-Forwarded-For: 127.0.0.1' -H 'Forwarded: host=evil.example;proto=https' -H 'X-Original-URL: /evil'
        -H 'X-Rewrite-URL: /evil')
    http "${lies[@]}" /auth/instagram
    assert_equal "$(header Location)" "$SITE_URL/auth/instagram?moved=1"
    http "${lies[@]}" "/auth/instagram?moved=1"
    assert_equal "$(query_of "$(header Location)" redirect_uri)" "$SITE_URL/auth/instagram/callback"
    http "${lies[@]}" /profile
    assert_equal "$(header Location)" "$SITE_URL/"
    http "${lies[@]}" -X POST /logout
    assert_equal "$(header Location)" "$SITE_URL/"
    http "${lies[@]}" "/auth/instagram/callback"
    assert_equal "$(header Location)" "$SITE_URL/login?error=bad_request"
    http "${lies[@]}" "${AS_JSON[@]}" /profile
    assert_equal "$(json .login_url)" "$SITE_URL/login"
    http "${lies[@]}" /login
    refute_contains "$(body)" evil
}

# --- bare processes ---

@test "a program without any variable answers 405, and with REQUEST_METHOD alone what it is for" {
    local program
    declare -A expected=([start]=302 [callback]=302 [login]=200 [profile]=302 [logout]=200 [deletion]=404 [deauthorize]=405 [backchannel]=405 [console]=404)
    for program in $PROGRAMS; do
        note "$program"
        cgi "$program"
        assert_status 405
        cgi "$program" REQUEST_METHOD=GET
        assert_status "${expected[$program]}"
        cgi "$program" REQUEST_METHOD=GET HTTP_ACCEPT=application/json
        [[ $(body) == "{"*"}" ]]
    done
    assert_no_secrets x-no-secret-is-known
}

@test "strange variables never crash a program" {
    local program
    site_config_edit '.gate = [{path: "/members", allow: {signed_in: true}}]'
    sign_in "$JAR"
    local -a strange=(REQUEST_METHOD= REQUEST_METHOD=$'\x01' "REQUEST_METHOD=$(repeat G 5000)" CONTENT_LENGTH=-1
    CONTENT_LENGTH=abc CONTENT_LENGTH=99999999999999999999999 CONTENT_LENGTH=0x10 "CONTENT_LENGTH= 5" CONTENT_LENGTH=10
    QUERY_STRING=% QUERY_STRING=%0 QUERY_STRING='&=&=&' "QUERY_STRING=$(repeat % 7000)" "QUERY_STRING=$(repeat x 100000)"
    QUERY_STRING=$'\xff\xfe' PATH_INFO=instagram PATH_INFO=/ PATH_INFO=// PATH_INFO=/a/b/c "PATH_INFO=/$(repeat a 100000)"
    PATH_INFO=$'/\xff' HTTP_COOKIE= HTTP_COOKIE='=;=;=' "HTTP_COOKIE=$(repeat ';' 7999)" "HTTP_COOKIE=$(repeat x 100000)"
    "HTTP_COOKIE=$SESSION_COOKIE" "HTTP_COOKIE=$SESSION_COOKIE=" HTTP_COOKIE=$'\xff=\x01'
    "HTTP_COOKIE=$(for i in {1..150}; do printf '%s%08d=x; ' "$PENDING_COOKIE" "$i"; done)"
    HTTP_ACCEPT= HTTP_ACCEPT=';q=,;;q=1e999' "HTTP_ACCEPT=$(repeat ',' 50000)" HTTP_ACCEPT='application/json;q=nan'
    HTTP_REFERER= HTTP_REFERER=:// "HTTP_REFERER=http://$(repeat a 100000)" HTTP_SEC_FETCH_SITE= HTTP_SEC_PURPOSE=$'\x01'
    SCRIPT_NAME= SCRIPT_NAME=/ "SCRIPT_NAME=$(repeat / 10000)" SCRIPT_NAME=no-slash REQUEST_URI= REQUEST_URI=%
    DOCUMENT_ROOT= DOCUMENT_ROOT=/nonexistent "DOCUMENT_ROOT=$(repeat /x 5000)" SERVER_PROTOCOL=x HTTP_PROXY=http://localhost:1
    HTTP_HOST=$'a\r\nb' REMOTE_USER=root LD_BIND_NOW=1 TZ=:/etc/passwd MALLOC_CHECK_=3)
    for program in $ALL_PROGRAMS; do
        note "$program"
        # One process runs them all, which is faster than a shell for each.
        site_exec "$(_site_python)" -B "$E2E_ROOT/tests/support/cgi_each.py" "$KEPT/$program.output" \
            "$KEPT/$program.errors" REQUEST_METHOD=GET "SCRIPT_NAME=/cgi-bin/$program" "REQUEST_URI=/cgi-bin/$program" \
            CGI_LOGIN_GATE_URI=/members/ \
            :: "${strange[@]}" :: -- "$SITE_CGI_BIN/$program$SITE_CGI_SUFFIX" >"$OUT"
        cat "$KEPT/$program.errors" >>"$SITE_DIR/logs/error.log"
        assert_equal "$(wc -l <"$OUT")" ${#strange[@]}
        assert_equal "$(grep -vE '^(200|302|400|401|403|404|405|413|414|431) ' "$OUT")" ""
    done
    assert_no_secrets
}

@test "variables that stand twice or without a value never crash a program" {
    local program
    for program in $ALL_PROGRAMS; do
        # What env cannot write, Python can: an empty environment block, one without "=", one twice.
        # shellcheck disable=SC2016
        site_exec "$(_site_python)" -c '
import ctypes, os, sys
def run(entries):
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        libc = ctypes.CDLL(None)
        argv = (ctypes.c_char_p * len(sys.argv))(*(word.encode() for word in sys.argv[1:]), None)
        envp = (ctypes.c_char_p * (len(entries) + 1))(*entries, None)
        libc.execve(sys.argv[1].encode(), argv, envp)
        os._exit(99)
    status = os.waitpid(child, 0)[1]
    if status != 0:
        sys.exit("status %d for %r" % (status, entries))
run([])
run([b"REQUEST_METHOD"])
run([b"", b"=", b"==", b"REQUEST_METHOD=GET"])
run([b"REQUEST_METHOD=GET", b"REQUEST_METHOD=POST", b"QUERY_STRING=a=1", b"QUERY_STRING=a=2"])
' -- "$SITE_CGI_BIN/$program$SITE_CGI_SUFFIX" >"$WORK/out" 2>"$WORK/errors"
        assert_equal "$(grep -c '^Status: ' "$WORK/out")" 4
        cat "$WORK/errors" >>"$SITE_DIR/logs/error.log"
    done
}

@test "a browser that goes away does not leave a program running" {
    local program
    sign_in "$JAR"
    for program in login profile; do
        site_exec env -i REQUEST_METHOD=GET -- "$SITE_CGI_BIN/$program$SITE_CGI_SUFFIX" 2>>"$SITE_DIR/logs/error.log" | head -c 0
    done
    # A closed pipe is no crash: it would be status 141.
    # shellcheck disable=SC2016
    site_exec bash -c 'env -i REQUEST_METHOD=GET "$@" >&-; [[ $? -lt 128 ]]' bash -- "$SITE_CGI_BIN/login$SITE_CGI_SUFFIX"
    assert_equal "$(_site_programs)" ""
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# The same programs started by mod_fcgid, and by a client of our own: many requests in one process, each independent;
# the config read again when it changes; memory that does not grow; a clean end.

load helpers

e2e_prepare() {
    export SITE_HTTPD_EXTRA="
LoadModule fcgid_module /usr/lib/apache2/modules/mod_fcgid.so
FcgidIPCDir $SITE_DIR/run
FcgidProcessTableFile $SITE_DIR/run/fcgid_shm
FcgidMaxRequestsPerProcess 0
FcgidMaxProcessesPerClass 1
<Directory \"$SITE_CGI_BIN\">
  SetHandler fcgid-script
</Directory>"
}

# The running processes of a program.
processes() { # NAME: the program's own, or those of its full program (common/program/mongodb_loader/mongodb_loader.h)
    find /proc/[0-9]*/exe -maxdepth 0 \( -lname "$_SITE_JAIL$SITE_CGI_BIN/$1$SITE_CGI_SUFFIX" -o \
        -lname "$_SITE_JAIL$SITE_PRODUCT/lib/$1" \) -printf '%h\n' 2>/dev/null | wc -l
}

json_of() { # JAR
    curl -sS -b "$1" -H 'Accept: application/json' "$SITE_URL/profile"
}

ask_alone() { # PROGRAM COUNT VARIABLE...: as the account's owner, without Apache
    site_exec "$(_site_python)" -B "$_SITE_ROOT/tests/support/fastcgi_client.py" "$2" REQUEST_METHOD=GET \
        SCRIPT_NAME="/cgi-bin/$1" REQUEST_URI="/cgi-bin/$1" CGI_LOGIN_CONFIG="$SITE_CONFIG" DOCUMENT_ROOT="$SITE_HTML" \
        "${@:3}" -- "$SITE_CGI_BIN/$1$SITE_CGI_SUFFIX"
}

@test "a whole sign-in works, and one process serves all requests of a program" {
    local i
    for i in 1 2 3 4 5; do
        [[ $(site_sign_in "$BATS_TEST_TMPDIR/jar$i" layla.studio) == "$SITE_URL/profile" ]]
        [[ $(json_of "$BATS_TEST_TMPDIR/jar$i" | jq -r .user.username) == layla.studio ]]
    done
    [[ $(processes callback) == 1 && $(processes profile) == 1 ]]
    [[ $(curl -sS -o /dev/null -w '%{http_code}' -b "$BATS_TEST_TMPDIR/jar1" -X POST "$SITE_URL/logout") == 302 ]]
}

@test "requests do not see each other: people in turn, strangers, errors" {
    local i
    site_sign_in "$BATS_TEST_TMPDIR/a" layla.studio
    site_sign_in "$BATS_TEST_TMPDIR/b" sakura_zine
    for i in 1 2 3 4 5 6 7 8; do
        [[ $(json_of "$BATS_TEST_TMPDIR/a" | jq -r .user.username) == layla.studio ]]
        [[ $(json_of "$BATS_TEST_TMPDIR/b" | jq -r .user.username) == sakura_zine ]]
        [[ $(json_of /dev/null | jq -r .status) == 401 ]]
        [[ $(curl -sS -o /dev/null -w '%{http_code}' "$SITE_URL/auth/instagram/deletion?code=%zz") == 400 ]]
        [[ $(curl -sS -o /dev/null -w '%{http_code}' "$SITE_URL/auth/instagram") == 302 ]]
    done
}

@test "each fault of many requests in one process is one line, in the server's log and in the product's own" {
    local i
    for i in 1 2 3; do
        http "/auth/nobody$i?code=canary"
        assert_status 404
    done
    assert_equal "$(log_lines start | grep -c ': not_found: ')" 3
    assert_equal "$(own_log | grep -cE '^[^ ]+Z start\[[0-9]+\] GET /auth/nobody[123]: not_found: [^:]*$')" 3
    assert_equal "$(own_log | wc -l)" 3
}

@test "the config is read again when its file changes, also to a broken one and back" {
    local good=$BATS_TEST_TMPDIR/good.json
    cp "$SITE_CONFIG" "$good"
    site_config_edit '.redirects.home = "/elsewhere"'
    [[ $(curl -sS -o /dev/null -w '%{redirect_url}' "$SITE_URL/profile") == "$SITE_URL/elsewhere" ]]
    printf '{' | site_run tee "$SITE_CONFIG" >/dev/null
    [[ $(curl -sS -o /dev/null -w '%{http_code}' "$SITE_URL/profile") == 500 ]]
    site_run tee "$SITE_CONFIG" <"$good" >/dev/null
    [[ $(curl -sS -o /dev/null -w '%{redirect_url}' "$SITE_URL/profile") == "$SITE_URL/" ]]
}

@test "a POST's body is read: a wrong signature is refused, and the next request is whole" {
    [[ $(curl -sS -o /dev/null -w '%{http_code}' -d signed_request=a.b "$SITE_URL/auth/instagram/deauthorize") == 400 ]]
    [[ $(curl -sS -o /dev/null -w '%{http_code}' -d "a=$(head -c 9000 /dev/zero | tr '\0' x)" \
        "$SITE_URL/auth/instagram/deauthorize") == 413 ]]
    [[ $(curl -sS -o /dev/null -w '%{http_code}' -d signed_request=a.b "$SITE_URL/auth/instagram/deauthorize") == 400 ]]
    grep -q "the signed_request's signature is not" "$SITE_DIR/logs/error.log"
}

@test "a store that fails and comes back is opened anew" {
    [[ -z ${SITE_STORE-} ]] || return 0 # the file is SQLite's; mongodb_outage.bats pulls the plug on a server
    site_sign_in "$BATS_TEST_TMPDIR/jar"
    site_run mv "$SITE_PRODUCT/users.db" "$SITE_PRODUCT/kept.db"
    site_run mkdir "$SITE_PRODUCT/users.db"
    [[ $(site_sign_in "$BATS_TEST_TMPDIR/other") == *error=store_unavailable ]]
    site_run rmdir "$SITE_PRODUCT/users.db"
    site_run mv "$SITE_PRODUCT/kept.db" "$SITE_PRODUCT/users.db"
    [[ $(site_sign_in "$BATS_TEST_TMPDIR/other") == "$SITE_URL/profile" ]]
}

# [CALLS, CONNECTIONS] of the programs to the provider, since the last time.
connections_used() {
    standin_log | jq -sc '[.[] | select(.headers["User-Agent"] // "" | startswith("cgi-login"))] |
        [length, (map(.connection) | unique | length)]'
    : >"$SITE_DIR/standin/requests.log"
}

@test "connections to a provider that is far away are kept, and made anew where it has closed them" {
    local i far='"token_fault": {"fault": "slow", "seconds": 0.2}'
    : >"$SITE_DIR/standin/requests.log"
    for i in 1 2 3; do
        standin_control "{$far, \"profile_fault\": \"hold\", \"long_lived_fault\": \"hold\"}"
        begin "$WORK/jar$i"
        decide
        finish "$WORK/jar$i" 3>&- &
        standin_holds 2
        standin_release
        wait
        assert_signed_in "$WORK/jar$i"
    done
    assert_equal "$(connections_used)" "[9,2]"
    standin_stop
    standin_start
    standin_control "{$far}"
    sign_in "$WORK/jar4"
    assert_equal "$(connections_used)" "[3,2]"
    [[ $(processes callback) == 1 ]] || fail "another process came in between"
}

@test "a kept connection that breaks after the code went over it sends the code no second time" {
    local delay
    for delay in 0 0.2; do
        note "$delay"
        standin_reset
        standin_control "{\"token_fault\": {\"fault\": \"slow\", \"seconds\": $delay}}"
        rm -f "$WORK/jar"
        sign_in "$WORK/jar"
        standin_control '{"token_fault": {"fault": "reset", "times": 1}}'
        rm -f "$WORK/jar"
        begin "$WORK/jar"
        decide
        site_clear_logs
        finish "$WORK/jar"
        assert_equal "$LOCATION" "$SITE_URL/login?error=provider_unreachable"
        assert_contains "$(log_lines callback)" "the token endpoint, $STANDIN_URL: the connection was closed before the response"
        assert_equal "$(token_requests)" 2
    done
    [[ $(processes callback) == 1 ]] || fail "another process came in between"
}

@test "a callback that is asked for twice sends the code once, and both sign in" {
    begin "$WORK/first"
    decide
    cp "$WORK/first" "$WORK/second"
    cp "$WORK/first" "$WORK/ahead"
    finish "$WORK/ahead" -H 'Sec-Purpose: prefetch'
    assert_status 503
    standin_control '{"token_fault": {"fault": "hold", "times": 1}}'
    curl -sS -b "$WORK/first" -c "$WORK/first" -o /dev/null "$CALLBACK" 3>&- &
    standin_holds 1
    curl -sS -b "$WORK/second" -c "$WORK/second" -o /dev/null "$CALLBACK" 3>&- &
    sleep 0.5
    standin_release
    wait
    assert_signed_in "$WORK/first"
    assert_signed_in "$WORK/second"
    assert_equal "$(token_requests)" 1
}

# As mod_proxy_fcgi sends it; what was left unread would break the connection that it keeps.
@test "the end of a body may come late, and the connection goes on" {
    local answer
    answer=$(ask_alone start 10 END_LATE=0.02)
    [[ $(jq -c .statuses <<<"$answer") == '{"Status: 302 Found":10}' ]]
    answer=$(ask_alone deauthorize 10 END_LATE=0.02 REQUEST_METHOD=POST PATH_INFO=/instagram BODY=signed_request=x \
        CONTENT_LENGTH=16 CONTENT_TYPE=application/x-www-form-urlencoded)
    [[ $(jq -c .statuses <<<"$answer") == '{"Status: 400 Bad Request":10}' ]]
}

@test "a variable of the process itself names the config, where the request has none" {
    local answer
    answer=$(ask_alone start 1 CGI_LOGIN_CONFIG= OWN_CGI_LOGIN_CONFIG="$SITE_CONFIG")
    [[ $(jq -c .statuses <<<"$answer") == '{"Status: 302 Found":1}' ]]
}

@test "a hundred thousand requests leave memory flat, below 5 MB" {
    local count=100000 answer
    # ASan keeps what is freed for a while, and is slow; its own leak check runs at the end.
    [[ ${SITE_BUILD-} != *sanitize* ]] || count=3000
    answer=$(ask_alone start "$count")
    printf '# start: %s requests a second, %s kB then %s kB\n' "$(jq .per_second <<<"$answer")" \
        "$(jq .early_kb <<<"$answer")" "$(jq .late_kb <<<"$answer")" >&3
    [[ $(jq -c .statuses <<<"$answer") == "{\"Status: 302 Found\":$count}" ]]
    [[ $(jq .exit <<<"$answer") == 0 ]]
    [[ ${SITE_BUILD-} == *sanitize* ]] || jq -e '.late_kb < 5000 and .late_kb - .early_kb < 200' <<<"$answer"
}

@test "profile with a session, asking the store each time, leaves memory flat" {
    local answer cookie
    site_config_edit '.session.recheck_minutes = 0'
    site_sign_in "$BATS_TEST_TMPDIR/jar"
    cookie=$(awk '/cgi_login_session/ { print $6 "=" $7 }' "$BATS_TEST_TMPDIR/jar")
    answer=$(ask_alone profile 3000 HTTP_COOKIE="$cookie")
    site_config_edit '.session.recheck_minutes = 5'
    [[ $(jq -c .statuses <<<"$answer") == '{"Status: 200 OK":3000}' ]]
    [[ $(jq .exit <<<"$answer") == 0 ]]
    [[ ${SITE_BUILD-} == *sanitize* ]] || jq -e '.late_kb - .early_kb < 300' <<<"$answer"
}

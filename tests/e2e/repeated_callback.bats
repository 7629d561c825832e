#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# A callback that is asked for more than once: its response was lost, a double click, two codes for one state, a browser
# that fetches ahead. The code goes to the provider once, and the browser that began the login always ends where it should.

load helpers
load tokens
export E2E_CLOCK=1

# A login that has come back from the provider, and whose callback nobody has asked for yet.
come_back() { # [PERSON]
    begin "$JAR" "/auth/instagram?return_to=/members/"
    decide "${1:-harbour.bakery}"
    cp "$JAR" "$WORK/came_back"
}

# The browser asks, as if it had never had a response.
ask_again() { # [CURL OPTION...]
    cp "$WORK/came_back" "$JAR"
    finish "$JAR" "$@"
}

# It had one, which was lost.
lose_response() {
    cp "$WORK/came_back" "$WORK/lost"
    finish "$WORK/lost"
    assert_equal "$LOCATION" "$SITE_URL/members/"
}

assert_refused_at_once() { # CODE
    # If it waited, it would be for the whole time of a callback.
    site_config_edit '.callback_seconds = 60'
    local before=$SECONDS
    ask_again
    assert_equal "$LOCATION" "$SITE_URL/login?error=$1"
    assert_equal "$(cookie "$JAR" "$SESSION_COOKIE")" ""
    [[ $((SECONDS - before)) -lt 30 ]]
    assert_equal "$(token_requests)" 1
}

# A callback that runs beside the test.
finish_beside() { # NAME [CURL OPTION...]: with the cookies as they were when the login came back
    cp "$WORK/came_back" "$WORK/$1.jar"
    curl -sS -b "$WORK/$1.jar" -c "$WORK/$1.jar" -o /dev/null -w '%{redirect_url}' "${@:2}" "$CALLBACK" >"$WORK/$1" 3>&- &
}

@test "a callback whose response was lost gives the same session again, without a second call" {
    come_back
    lose_response
    ask_again
    assert_status 302
    assert_equal "$LOCATION" "$SITE_URL/members/"
    assert_equal "$(cookie "$JAR" "$PENDING_COOKIE")" ""
    assert_signed_in "$JAR"
    assert_equal "$(json .user.username)" harbour.bakery
    assert_equal "$(token_requests)" 1
    assert_equal "$(log_lines)" ""
    # It is one session: ended for one, it is ended for the other.
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_in "$WORK/lost"
    http -X POST -b "$JAR" -c "$JAR" /logout
    assert_signed_out "$WORK/lost"
    assert_no_secrets
}

@test "the session that is given again is as old as the first time" {
    come_back
    lose_response
    ask_again -H 'X-Test-Clock: 50'
    assert_equal "$LOCATION" "$SITE_URL/members/"
    assert_regex "$(header Set-Cookie)" "$SESSION_COOKIE=[^;]*;.* Max-Age=12095[0-9][0-9]"
}

@test "a session is given again for a minute and no longer" {
    come_back
    lose_response
    ask_again -H "X-Test-Clock: $(($(bound LOGIN_REPEAT_SECONDS) + 5))"
    assert_equal "$LOCATION" "$SITE_URL/login?error=expired_login"
    assert_one_line callback "already used"
    assert_signed_in "$WORK/lost"
    assert_equal "$(token_requests)" 1
}

@test "two callbacks at once send the code once, and both sign in" {
    local i
    come_back
    standin_control '{"token_fault": {"fault": "hold", "times": 1}}'
    for i in 1 2 3; do
        finish_beside "tab$i"
    done
    standin_holds 1
    sleep 1
    standin_release
    wait
    for i in 1 2 3; do
        note "$i"
        assert_equal "$(cat "$WORK/tab$i")" "$SITE_URL/members/"
        assert_signed_in "$WORK/tab$i.jar"
    done
    assert_equal "$(token_requests)" 1
    assert_equal "$(log_lines)" ""
}

@test "a second code for the same state counts for nothing, before and after the first one is done" {
    local first
    come_back
    first=$CALLBACK
    standin_control '{"token_fault": {"fault": "hold", "times": 1}}'
    finish_beside first
    standin_holds 1
    decide
    assert_not_equal "$CALLBACK" "$first"
    finish_beside second
    sleep 0.5
    standin_release
    wait
    assert_equal "$(cat "$WORK/first") $(cat "$WORK/second")" "$SITE_URL/members/ $SITE_URL/members/"
    ask_again
    assert_equal "$LOCATION" "$SITE_URL/members/"
    assert_signed_in "$JAR"
    assert_equal "$(token_requests)" 1
    assert_equal "$(user_count)" 1
}

@test "a browser that fetches the callback ahead spends nothing" {
    local purpose
    come_back
    for purpose in "Sec-Purpose: prefetch" "Sec-Purpose: prefetch;prerender" "Purpose: prefetch" "X-Moz: prefetch"; do
        note "$purpose"
        finish "$JAR" -H "$purpose"
        # Neither shown nor kept: Chromium drops a prefetched page whose status is no success.
        assert_status 503
        assert_equal "$(header Cache-Control)" no-store
        assert_equal "$(header Set-Cookie)" ""
    done
    assert_equal "$(token_requests)" 0
    assert_equal "$(log_lines)" ""
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/members/"
    assert_signed_in "$JAR"
}

@test "another browser with the code and the state is refused, while the first works and after it" {
    come_back
    standin_control '{"token_fault": {"fault": "hold", "times": 1}}'
    finish_beside first
    standin_holds 1
    begin "$WORK/other"
    assert_login_fails "$WORK/other" expired_login
    standin_release
    wait
    assert_equal "$(cat "$WORK/first")" "$SITE_URL/members/"
    assert_login_fails "$WORK/other" expired_login
    assert_login_fails "$WORK/nobody" expired_login
    assert_equal "$(token_requests)" 1
}

@test "a session that was ended is not given again: signed out" {
    come_back
    finish "$JAR"
    http -X POST -b "$JAR" -c "$JAR" /logout
    assert_refused_at_once expired_login
}

@test "a session that was ended is not given again: signed out everywhere" {
    come_back
    finish "$JAR"
    # CALLBACK stays that of the first.
    (sign_in "$WORK/phone")
    press "$WORK/phone" sign_out_everywhere
    assert_status 302
    ask_again
    assert_equal "$LOCATION" "$SITE_URL/login?error=expired_login"
}

@test "a session that was ended is not given again: deauthorized" {
    come_back
    finish "$JAR"
    meta deauthorize '{}'
    assert_status 200
    assert_refused_at_once expired_login
}

@test "a session that was ended is not given again: deleted by Meta, and by the owner" {
    come_back
    finish "$JAR"
    meta deletion '{}'
    assert_status 200
    assert_refused_at_once expired_login
    standin_reset
    come_back
    finish "$JAR"
    admin 0 users delete --yes "instagram:$BAKERY"
    assert_refused_at_once expired_login
    assert_equal "$(user_count)" 0
}

@test "an account that was taken off the allow list meanwhile gets no session again" {
    come_back
    finish "$JAR"
    site_config_edit '.providers.instagram.allow = ["somebody"]'
    assert_refused_at_once expired_login
}

@test "a login that failed fails in the same way again, without a second call" {
    local fault code
    while read -r fault code; do
        note "$fault"
        standin_reset
        site_clear_logs
        [[ $fault != allow ]] || site_config_edit '.providers.instagram.allow = ["somebody"]'
        [[ $fault == allow ]] || standin_control "{\"token_fault\": \"$fault\"}"
        come_back
        assert_login_fails "$JAR" "$code"
        standin_control '{"token_fault": "none"}'
        ask_again
        assert_equal "$LOCATION" "$SITE_URL/login?error=$code"
        assert_equal "$(cookie "$JAR" "$PENDING_COOKIE")" ""
        assert_equal "$(token_requests)" 1
        assert_equal "$(user_count)" 0
    done <<'TABLE'
used_code provider_error
reset provider_unreachable
allow not_allowed
TABLE
}

@test "two callbacks at once fail in the same way" {
    come_back
    standin_control '{"token_fault": {"fault": "hold", "times": 1}, "profile_fault": "code_190"}'
    finish_beside one
    finish_beside two
    standin_holds 1
    sleep 0.5
    standin_release
    wait
    assert_equal "$(cat "$WORK/one") $(cat "$WORK/two")" \
        "$SITE_URL/login?error=provider_error $SITE_URL/login?error=provider_error"
    assert_equal "$(token_requests)" 1
}

# The processes of a callback that waits, on this site.
callbacks() {
    find /proc/[0-9]*/exe -maxdepth 0 -lname "*$SITE_CGI_BIN/callback*" -printf '%h\n' 2>/dev/null | sed 's|.*/||'
}

# A login whose process is killed while the provider has its code.
lose_process() {
    come_back
    standin_control '{"token_fault": {"fault": "hold", "times": 1}}'
    finish_beside killed
    standin_holds 1
    # shellcheck disable=SC2046 # several ids
    kill -KILL $(callbacks)
    wait
    standin_release
}

@test "a login whose process was killed says so, and can be begun anew at once" {
    lose_process
    site_clear_logs
    ask_again -H 'X-Test-Clock: 30'
    assert_equal "$LOCATION" "$SITE_URL/login?error=interrupted_login"
    assert_equal "$(cookie "$JAR" "$PENDING_COOKIE")" ""
    assert_one_line callback "interrupted_login"
    http "$LOCATION"
    assert_contains "$(body)" "The login was interrupted"
    assert_equal "$(token_requests)" 1
    # A program is told the same.
    http "${AS_JSON[@]}" -H 'X-Test-Clock: 30' -b "$WORK/came_back" "$CALLBACK"
    assert_equal "$(json '[.status, .code] | map(tostring) | join(" ")')" "503 interrupted_login"
    sign_in "$JAR"
    assert_signed_in "$JAR"
}

@test "who comes again soon after the process was killed waits no longer than the login might have taken" {
    local before
    site_config_edit '.callback_seconds = 2'
    lose_process
    before=$SECONDS
    ask_again
    assert_equal "$LOCATION" "$SITE_URL/login?error=interrupted_login"
    [[ $((SECONDS - before)) -le 10 ]]
}

@test "while the store is away no code is spent, and the same callback works afterwards" {
    come_back
    store_break
    assert_login_fails "$JAR" store_unavailable
    assert_equal "$(token_requests)" 0
    assert_not_equal "$(cookie "$JAR" "$PENDING_COOKIE")" ""
    store_mend
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/members/"
    assert_equal "$(token_requests)" 1
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# The pending login: two tabs, other browsers, other states, copies, late and reloaded callbacks; and that each login
# makes a session of its own.

load helpers
export E2E_CLOCK=1

@test "two tabs that start one after the other may finish in either order" {
    local order first second
    for order in "1 2" "2 1"; do
        note "$order"
        rm -f "$JAR"
        begin "$JAR"
        decide harbour.bakery
        first=$CALLBACK
        begin "$JAR"
        decide harbour.bakery
        second=$CALLBACK
        [[ $order == "1 2" ]] || { CALLBACK=$first first=$second second=$CALLBACK; }
        CALLBACK=$first
        finish "$JAR"
        assert_equal "$LOCATION" "$SITE_URL/profile"
        CALLBACK=$second
        finish "$JAR"
        assert_equal "$LOCATION" "$SITE_URL/profile"
        assert_signed_in "$JAR"
    done
    assert_equal "$(user_count)" 1
}

@test "logins that are started and given up do not fill the browser's cookies" {
    local i
    for i in {1..12}; do
        begin "$JAR"
    done
    [[ $(cookie "$JAR" "$PENDING_COOKIE" | wc -l) -le $(bound PENDING_LOGINS_MAX) ]]
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

@test "the state of another browser is expired_login, and the provider is not asked" {
    begin "$WORK/attacker"
    decide layla.studio
    begin "$WORK/victim"
    # Login CSRF: the victim's browser follows the attacker's callback.
    assert_login_fails "$WORK/victim" expired_login
    assert_equal "$(token_requests)" 0
    assert_login_fails "$WORK/empty" expired_login
    assert_equal "$(token_requests)" 0
}

@test "a pending cookie under the name that another state asks for is refused" {
    local mine value
    begin "$WORK/attacker"
    value=$(cookie "$WORK/attacker" "$PENDING_COOKIE")
    begin "$JAR"
    mine=$(query_of "$AUTHORIZE" state)
    set_cookie "$JAR" "$PENDING_COOKIE${mine:0:8}" "$value"
    decide
    assert_login_fails "$JAR" expired_login
    assert_equal "$(token_requests)" 0
}

@test "a login that was used is not used again, even with a copy of its cookies" {
    begin "$JAR"
    decide
    cp "$JAR" "$WORK/copy"
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    assert_equal "$(token_requests)" 1
    # For a minute its session is given again (repeated_callback.bats).
    finish "$WORK/copy" -H "X-Test-Clock: $(($(bound LOGIN_REPEAT_SECONDS) + 5))"
    assert_equal "$LOCATION" "$SITE_URL/login?error=expired_login"
    assert_one_line callback "already used"
    # RFC 6749, section 4.1.2: a code sent twice may cost the first token.
    assert_equal "$(token_requests)" 1
    assert_signed_in "$JAR"
}

@test "a login may take ten minutes and no more" {
    begin "$JAR"
    decide
    cp "$JAR" "$WORK/late"
    finish "$WORK/late" -H 'X-Test-Clock: 605'
    assert_equal "$LOCATION" "$SITE_URL/login?error=expired_login"
    assert_equal "$(token_requests)" 0
    finish "$JAR" -H 'X-Test-Clock: 590'
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

@test "a callback that is reloaded after success lands on the success page again" {
    local session
    begin "$JAR" "/auth/instagram?return_to=/members/"
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/members/"
    session=$(cookie "$JAR" "$SESSION_COOKIE")
    finish "$JAR"
    assert_status 302
    assert_equal "$LOCATION" "$SITE_URL/profile"
    assert_equal "$(token_requests)" 1
    assert_equal "$(cookie "$JAR" "$SESSION_COOKIE")" "$session"
    assert_equal "$(log_lines)" ""
}

@test "a callback that is reloaded after signing out does not sign in again" {
    sign_in "$JAR"
    http -X POST -b "$JAR" -c "$JAR" /logout
    assert_login_fails "$JAR" expired_login
}

@test "every login makes a session of its own, and ends the one that the browser had" {
    local before
    site_config_edit '.session.recheck_minutes = 0'
    sign_in "$JAR"
    sign_in "$WORK/other"
    cp "$JAR" "$WORK/first"
    before=$(cookie "$JAR" "$SESSION_COOKIE")
    sign_in "$JAR"
    assert_not_equal "$(cookie "$JAR" "$SESSION_COOKIE")" "$before"
    assert_signed_in "$JAR"
    # OWASP ASVS 5.0, 7.2.4: nobody could sign the old one out any more.
    assert_signed_out "$WORK/first"
    http -X POST -b "$JAR" /logout
    assert_status 302
    assert_signed_out "$JAR"
    assert_signed_in "$WORK/other"
}

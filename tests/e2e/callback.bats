#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# A callback that must not sign in: the person refused, the provider erred, the query is damaged, `allow` has nobody.

load helpers

@test "a person who refuses is sent to the failure page, and nothing is saved" {
    begin "$JAR"
    decide harbour.bakery refuse
    assert_login_fails "$JAR" access_denied
    assert_one_line callback "The user denied your request."
    assert_equal "$(user_count)" 0
    assert_equal "$(token_requests)" 0
    http "$LOCATION"
    assert_contains "$(body)" "You did not log in"
    # The pending login is spent.
    assert_equal "$(cookie "$JAR" "$PENDING_COOKIE")" ""
}

@test "another error of the provider is provider_error, in its own words" {
    begin "$JAR"
    CALLBACK="$SITE_URL$CALLBACK_PATH?error=server_error&error_description=Try+%E2%80%AEagain+later&state=$(query_of "$AUTHORIZE" state)"
    assert_login_fails "$JAR" provider_error
    # U+202E would turn the rest of the log line around.
    assert_one_line callback 'server_error": Try \xe2\x80\xaeagain later'
}

@test "a refusal for a state that this browser has not started counts for nothing" {
    begin "$JAR"
    CALLBACK="$SITE_URL$CALLBACK_PATH?error=access_denied&state=$(printf 'A%.0s' {1..43})"
    assert_login_fails "$JAR" expired_login
    assert_not_equal "$(cookie "$JAR" "$PENDING_COOKIE")" ""
}

@test "a callback that is incomplete or damaged is bad_request or expired_login, and asks the provider nothing" {
    local state query code
    begin "$JAR"
    state=$(query_of "$AUTHORIZE" state)
    cp "$JAR" "$WORK/whole"
    while read -r code query; do
        note "$query"
        cp "$WORK/whole" "$JAR"
        CALLBACK=$SITE_URL$CALLBACK_PATH$query
        assert_login_fails "$JAR" "$code"
    done <<TABLE
bad_request
bad_request ?
bad_request ?code=AQBx
bad_request ?code=AQBx&state=
bad_request ?state=$state
bad_request ?code=&state=$state
bad_request ?code=AQBx&state=$state&state=$state
bad_request ?code=AQBx&code=AQBy&state=$state
bad_request ?code=%23_&state=$state
bad_request ?code=%00&state=$state
bad_request ?code=a%0D%0Ab&state=$state
bad_request ?code=%zz&state=$state
bad_request ?code=%ff&state=$state
bad_request ?code=$(printf 'a%.0s' {1..2049})&state=$state
expired_login ?code=AQBx&state=x
expired_login ?code=AQBx&state=${state}x
expired_login ?code=AQBx&state=${state:1}
expired_login ?code=AQBx&state=${state:0:42}$([[ ${state: -1} == A ]] && printf E || printf A)
expired_login ?code=AQBx&state=${state:0:8}
expired_login ?code=AQBx&state=%20$state
expired_login ?code=AQBx&state=${state:0:42}%3B
TABLE
    assert_equal "$(token_requests)" 0
    assert_no_secrets
}

@test "the allow list lets in by username and id, and nobody else" {
    local entry
    for entry in harbour.bakery HARBOUR.bakery 17841405793187218123; do
        site_config_edit --arg entry "$entry" '.providers.instagram.allow = ["somebody", $entry]'
        rm -f "$JAR"
        sign_in "$JAR"
    done
    for entry in harbour.baker 17841405793187218124 1784140579318721812 harbour.bakery2; do
        note "$entry"
        rm -f "$JAR"
        store_wipe
        site_clear_logs
        site_config_edit --arg entry "$entry" '.providers.instagram.allow = [$entry]'
        begin "$JAR"
        decide
        assert_login_fails "$JAR" not_allowed
        assert_one_line callback "allow"
        assert_equal "$(user_count)" 0
    done
}

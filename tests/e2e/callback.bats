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

@test "a parameter that nobody reads costs no login, and no refusal its reason" {
    local query
    for query in 'tag=a&tag=b' 'scope[]=a&scope[]=b' 'name=Andr%E9' 'x=a%0D%0Ab' 'x=100%' 'x=%00' \
        "$(seq -f 'p%g=1' -s '&' 30)"; do
        note "$query"
        rm -f "$JAR"
        begin "$JAR"
        decide
        CALLBACK="$CALLBACK&$query"
        finish "$JAR"
        assert_equal "$LOCATION" "$SITE_URL/profile"
        rm -f "$JAR"
        begin "$JAR"
        CALLBACK="$SITE_URL$CALLBACK_PATH?$query&error=access_denied&state=$(query_of "$AUTHORIZE" state)"
        assert_login_fails "$JAR" access_denied
    done
}

# Facebook, LinkedIn, Apple, Entra; what others asked for in passport-facebook #255, passport-linkedin-oauth2 #6.
@test "a refusal in other words is told as what it is, and its words are in the log" {
    local state query code words
    while IFS='|' read -r code query words; do
        note "$query"
        site_clear_logs
        rm -f "$JAR"
        begin "$JAR"
        state=$(query_of "$AUTHORIZE" state)
        CALLBACK="$SITE_URL$CALLBACK_PATH?$query&state=$state"
        assert_login_fails "$JAR" "$code"
        assert_one_line callback "$words"
        assert_equal "$(cookie "$JAR" "$PENDING_COOKIE")" ""
    done <<'TABLE'
access_denied|error=access_denied&error_reason=user_denied&error_description=Permissions+error|Permissions error
access_denied|error=user_cancelled_login&error_description=The+user+cancelled|The user cancelled
access_denied|error=user_cancelled_authorize|user_cancelled_authorize
access_denied|error=access_denied&error_description=AADSTS65004%3A+declined.%0D%0ATrace+ID%3A+7|AADSTS65004: declined.\x0d\x0aTrace ID: 7
provider_error|error_code=1349048&error_message=Can%27t+Load+URL|with "1349048": Can't Load URL
provider_error|error=consent_required|consent_required
provider_error|error=|without a code, and without a reason
TABLE
    assert_equal "$(token_requests)" 0
}

@test "a refusal without a state is told, and ends no pending login" {
    begin "$JAR"
    decide
    cp "$JAR" "$WORK/whole"
    local whole=$CALLBACK
    CALLBACK="$SITE_URL$CALLBACK_PATH?error=access_denied&error_description=The+person+said+no"
    assert_login_fails "$JAR" access_denied
    assert_one_line callback "The person said no"
    diff "$JAR" "$WORK/whole"
    CALLBACK=$whole
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

@test "a refusal that comes too late leaves its words in the log" {
    begin "$JAR"
    CALLBACK="$SITE_URL$CALLBACK_PATH?error=access_denied&error_description=no+thanks&state=$(printf 'A%.0s' {1..43})"
    assert_login_fails "$JAR" expired_login
    assert_contains "$(log_lines callback)" "no thanks"
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
bad_request ?code=AQBx&state=%23_
bad_request ?code=AQBx&state=$state&state=$state
bad_request ?code=AQBx&code=AQBy&state=$state
bad_request ?code=%23_&state=$state
bad_request ?code=%00&state=$state
bad_request ?code=a%0D%0Ab&state=$state
bad_request ?code=%zz&state=$state
bad_request ?code=%ff&state=$state
bad_request ?code=$(printf 'a%.0s' {1..4097})&state=$state
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

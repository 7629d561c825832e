#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# A provider that keeps failing: after some logins the next visitors are told at once, one at a time tries, and the first
# success lets everybody in again. Nothing but the provider's own failures counts.

load helpers
export E2E_CLOCK=1

OUTAGE_FAILURES=$(bound OUTAGE_FAILURES)
OUTAGE_SECONDS=$(bound OUTAGE_SECONDS)
AFTER=(-H "X-Test-Clock: $((OUTAGE_SECONDS + 2))")

# fail_often FAULT CODE [TIMES]: so many logins fail, each of which asks the provider.
fail_often() {
    local i
    standin_reset
    standin_control "{\"token_fault\": \"$1\"}"
    for ((i = 1; i <= ${3:-$OUTAGE_FAILURES}; i++)); do
        rm -f "$WORK/failing"
        begin "$WORK/failing"
        decide
        assert_login_fails "$WORK/failing" "$2"
        assert_equal "$(token_requests)" "$i"
    done
}

come_back() {
    rm -f "$JAR"
    begin "$JAR"
    decide
}

assert_told_at_once() {
    local before
    before=$(token_requests)
    come_back
    assert_login_fails "$JAR" provider_unreachable
    assert_equal "$(token_requests)" "$before"
}

@test "after some failures in a row the next visitors are told at once, and the log has one line about it" {
    local fault code
    while read -r fault code; do
        note "$fault"
        outage_forget
        site_clear_logs
        fail_often "$fault" "$code"
        assert_equal "$(log_lines callback | grep -c "visitors are told so at once")" 1
        site_clear_logs
        assert_told_at_once
        assert_told_at_once
        assert_equal "$(log_lines)" ""
    done <<'TABLE'
reset provider_unreachable
http_500_html provider_error
TABLE
    assert_equal "$(stat -c %a "${SITE_CONFIG%/*}/outage-instagram")" 600
    assert_no_secrets
}

@test "a program is told, too, and when to come again" {
    fail_often reset provider_unreachable
    come_back
    http "${AS_JSON[@]}" -b "$JAR" -c "$JAR" "$CALLBACK"
    assert_status 502
    assert_equal "$(json .code)" provider_unreachable
    [[ $(header Retry-After) -ge 1 && $(header Retry-After) -le $OUTAGE_SECONDS ]]
}

@test "who was told at once has spent nothing, and comes in with the same callback once the provider is back" {
    fail_often reset provider_unreachable
    come_back
    assert_login_fails "$JAR" provider_unreachable
    assert_not_equal "$(cookie "$JAR" "$PENDING_COOKIE")" ""
    standin_control '{"token_fault": "none"}'
    # It is not for long, whether or not somebody else has come meanwhile.
    finish "$JAR" "${AFTER[@]}"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    # And everybody else at once.
    sign_in "$WORK/next"
    [[ ! -e ${SITE_CONFIG%/*}/outage-instagram ]]
}

@test "one at a time tries, while the others are told" {
    fail_often reset provider_unreachable
    standin_control '{"token_fault": {"fault": "hold", "times": 1}}'
    come_back
    curl -sS -b "$JAR" -c "$JAR" -o /dev/null -w '%{redirect_url}' "${AFTER[@]}" "$CALLBACK" >"$WORK/trying" 3>&- &
    standin_holds 1
    begin "$WORK/other"
    decide
    finish "$WORK/other" "${AFTER[@]}"
    assert_equal "$LOCATION" "$SITE_URL/login?error=provider_unreachable"
    standin_release
    wait
    assert_equal "$(cat "$WORK/trying")" "$SITE_URL/profile"
    finish "$WORK/other" "${AFTER[@]}"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    assert_equal "$(token_requests)" $((OUTAGE_FAILURES + 2))
}

@test "one that tries and fails keeps the others off for as long again, and not for longer" {
    local round
    fail_often reset provider_unreachable
    for round in 1 2 3; do
        note "$round"
        come_back
        finish "$JAR" -H "X-Test-Clock: $((round * (OUTAGE_SECONDS + 5)))"
        assert_equal "$(token_requests)" $((OUTAGE_FAILURES + round))
    done
    standin_control '{"token_fault": "none"}'
    come_back
    finish "$JAR" -H "X-Test-Clock: $((4 * (OUTAGE_SECONDS + 5)))"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    assert_equal "$(log_lines callback | grep -c "visitors are told so at once")" 1
}

@test "what the person or the settings cause keeps nobody off" {
    local i
    fail_often used_code provider_error $((OUTAGE_FAILURES + 1))
    fail_often http_429 provider_error $((OUTAGE_FAILURES + 1))
    standin_control '{"token_fault": "none"}'
    for ((i = 0; i <= OUTAGE_FAILURES; i++)); do
        rm -f "$JAR"
        begin "$JAR"
        decide harbour.bakery refuse
        assert_login_fails "$JAR" access_denied
    done
    site_config_edit '.providers.instagram.allow = ["somebody"]'
    for ((i = 0; i <= OUTAGE_FAILURES; i++)); do
        come_back
        assert_login_fails "$JAR" not_allowed
    done
    site_config_edit 'del(.providers.instagram.allow)'
    sign_in "$JAR"
}

@test "a success in between begins the count anew" {
    fail_often reset provider_unreachable $((OUTAGE_FAILURES - 1))
    standin_control '{"token_fault": "none"}'
    sign_in "$JAR"
    fail_often reset provider_unreachable $((OUTAGE_FAILURES - 1))
    standin_control '{"token_fault": "none"}'
    rm -f "$JAR"
    sign_in "$JAR"
}

@test "a lost response of an earlier login is given again all the same" {
    come_back
    cp "$JAR" "$WORK/came_back"
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    local callback=$CALLBACK
    fail_often reset provider_unreachable
    CALLBACK=$callback
    finish "$WORK/came_back"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    assert_signed_in "$WORK/came_back"
}

@test "where nothing can be kept everybody tries" {
    site_run mkdir "${SITE_CONFIG%/*}/outage-instagram"
    fail_often reset provider_unreachable $((OUTAGE_FAILURES + 1))
    standin_control '{"token_fault": "none"}'
    sign_in "$JAR"
}

@test "an outage ends although its file cannot be removed any more" {
    local store=
    # A file of SQLite's needs a folder that can be written.
    [[ -n ${E2E_MONGODB-} ]] || store="sqlite://$SITE_PRODUCT/data/users.db"
    site_run mkdir -p "$SITE_PRODUCT/data"
    [[ -z $store ]] || site_config_edit --arg store "$store" '.store = $store'
    fail_often reset provider_unreachable
    standin_control '{"token_fault": "none"}'
    come_back
    chmod 555 "$SITE_PRODUCT"
    finish "$JAR" "${AFTER[@]}"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    sign_in "$WORK/next"
    chmod 755 "$SITE_PRODUCT"
    store_wipe
}

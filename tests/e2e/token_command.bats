#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# `cgi-login token` for scripts: it prints a token that works and nothing else, or nothing.

load helpers
load tokens

@test "token prints a token that the provider takes, and nothing else" {
    sign_in "$JAR"
    token 0 "instagram:$BAKERY"
    assert_equal "$(err)" ""
    token_works "$(out)"
    token 0 "$BAKERY"
    assert_equal "$(out)" "$(stored_token "$BAKERY")"
    assert_equal "$(refreshes)" 0
}

@test "token refreshes first what is due" {
    local before
    sign_in "$JAR"
    before=$(stored_token "$BAKERY")
    later "$DUE"
    token 0 "$BAKERY"
    assert_not_equal "$(out)" "$before"
    assert_equal "$(out)" "$(stored_token "$BAKERY")"
    token_works "$(out)"
    assert_equal "$(refreshes)" 1
    token 0 "$BAKERY"
    assert_equal "$(refreshes)" 1
    token 0 "$BAKERY" --within 60
    assert_equal "$(refreshes)" 1
    later $((DUE + 2 * DAY))
    token 0 "$BAKERY" --within 60
    assert_equal "$(refreshes)" 2
}

@test "token is exit status 1 for a token that has ended, 3 for nobody" {
    sign_in "$JAR"
    sign_in "$JAR" layla.studio
    token 3 instagram:1
    token 3 42
    token 3 nonsense:42
    later "$DUE"
    standin_control '{"refresh_fault": "code_190"}'
    token 1 "$BAKERY"
    assert_contains "$(err)" "log in again"
    token 1 "$BAKERY"
    assert_equal "$(refreshes)" 1
    standin_control '{"refresh_fault": "none"}'
    later "$LOST"
    token 1 "$LAYLA"
    assert_contains "$(err)" "log in again"
    assert_equal "$(refreshes)" 2
    assert_no_secrets
}

@test "token prints the old one, with a warning, when it cannot be refreshed but still lives" {
    local fault before
    sign_in "$JAR"
    before=$(stored_token "$BAKERY")
    later "$DUE"
    for fault in http_500_html http_429 reset; do
        note "$fault"
        standin_control "{\"refresh_fault\": \"$fault\"}"
        token 0 "$BAKERY"
        assert_equal "$(out)" "$before"
        assert_contains "$(err)" "could not be refreshed"
        refute_contains "$(err)" "$before"
    done
    assert_no_secrets
}

@test "token while another run refreshes waits for nobody and prints one that works" {
    sign_in "$JAR"
    later "$DUE"
    begin_refresh
    command_run -- token "$BAKERY" >"$WORK/token"
    end_refresh
    tally 1 0 0 0 0 0
    token_works "$(cat "$WORK/token")"
    assert_equal "$(refreshes)" 1
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# `cgi-login refresh` as a command for cron: its output, its exit status, its options.

load helpers
load tokens

@test "progress is for terminals only" {
    sign_in "$JAR"
    sign_in "$JAR" layla.studio
    later "$DUE"
    admin 0 refresh
    tally 2 0 0 0 0 0
    assert_equal "$(err)" ""
    later $((2 * DUE))
    CGI_LOGIN_CONFIG=$SITE_CONFIG TEST_CLOCK=$LATER \
        script -qec "${SITE_ENTER[*]} $SITE_PRODUCT/bin/cgi-login refresh" /dev/null </dev/null >"$OUT"
    assert_contains "$(out)" $'\rinstagram: 1 refreshed'
    assert_contains "$(out)" "2 refreshed, 0 sealed anew, 0 to log in again, 0 failed"
    assert_contains "$(out)" "refresh: 2 refreshed"
    assert_no_secrets "$(stored_token "$BAKERY")"
}

@test "a store that is away is exit status 1 and a clear line, and no call to the provider" {
    local command
    sign_in "$JAR"
    later "$DUE"
    site_clear_logs
    store_break
    for command in refresh "token instagram:$BAKERY"; do
        note "$command"
        # shellcheck disable=SC2086
        admin 1 $command
        assert_not_equal "$(err)" ""
        refute_contains "$(out)" IGAA
    done
    assert_equal "$(standin_log)" ""
    store_mend
    admin 0 refresh
    tally 1 0 0 0 0 0
}

# bats test_tags=sqlite
@test "a store that cannot be written to is exit status 1, and no token is refreshed for nothing" {
    sign_in "$JAR"
    later "$DUE"
    site_clear_logs
    chmod 444 "$(store_path)"*
    chmod 555 "$SITE_PRODUCT"
    if site_run test -w "$(store_path)"; then
        chmod 755 "$SITE_PRODUCT"
        skip "root may write everything"
    fi
    admin 1 refresh
    chmod 755 "$SITE_PRODUCT"
    chmod 600 "$(store_path)"*
    assert_regex "$(err)" "read-?only|readonly"
    assert_contains "$(out)" "refresh: 0 refreshed"
    assert_equal "$(refreshes)" 0
    admin 0 refresh
    tally 1 0 0 0 0 0
}

@test "a provider that is set up wrongly is exit status 1, and the others are served" {
    sign_in "$JAR"
    later "$DUE"
    site_config_edit '.providers.other = {preset: "missing", client_id: "1", client_secret: "2"}'
    admin 1 refresh
    assert_contains "$(err)" "missing.json"
    tally 1 0 0 0 0 1
}

@test "wrong usage of refresh and token is exit status 2" {
    local arguments
    for arguments in "refresh extra" "refresh --within" "refresh --within x" "refresh --within -1" "refresh --within 1.5" \
        "refresh --within 99999" "refresh --pause soon" "refresh --yes" "token" "token a b" "token --pause 1 1" "token --with-token 1" \
        "users list --within 3" "check --pause 1"; do
        note "$arguments"
        # shellcheck disable=SC2086
        admin 2 $arguments
        assert_equal "$(out)" ""
        assert_not_equal "$(err)" ""
    done
}

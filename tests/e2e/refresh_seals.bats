#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# `cgi-login refresh` seals anew what an older key sealed or nobody did, and removes sessions that have ended.

load helpers
load tokens

stored_text() { # accessToken as it lies in SQLite
    site_run sqlite3 "$(store_path)" "SELECT json_extract(document, '\$.instagram.accessToken') 
        FROM users JOIN accounts USING (user) WHERE id = '$1'"
}

@test "what an older key sealed is sealed anew, so that the key can go" {
    local before key old
    sign_in "$JAR"
    sign_in "$WORK/layla" layla.studio
    before=$(site_admin users export --with-token)
    if on_sqlite; then old=$(stored_text "$BAKERY"); fi
    key=$(site_admin new-key)
    site_config_edit --arg key "$key" '.keys |= [$key] + .'
    admin 0 refresh
    tally 0 2 0 0 0 0
    admin 0 refresh
    tally 0 0 0 0 0 0
    if on_sqlite; then
        assert_regex "$(stored_text "$BAKERY")" '^sealed:'
        assert_not_equal "$(stored_text "$BAKERY")" "$old"
    fi
    site_config_edit '.keys |= .[0:1]'
    assert_equal "$(site_admin users export --with-token)" "$before"
    assert_equal "$(user "$BAKERY" .instagram.accessToken --with-token)" "$(jq -r "select(.instagram.id == \"$BAKERY\").instagram.accessToken" <<<"$before")"
    later "$DUE"
    admin 0 refresh
    tally 2 0 0 0 0 0
}

@test "a plain token is sealed, and a refresh token with it" {
    local before
    use_refresh_tokens keep
    site_config_edit '.seal_tokens = false'
    sign_in "$JAR"
    before=$(site_admin users export --with-token)
    if on_sqlite; then assert_regex "$(stored_text "$BAKERY")" '^IGAA'; fi
    admin 0 refresh --within 0
    tally 0 0 0 0 0 0
    site_config_edit '.seal_tokens = true'
    admin 0 refresh --within 0
    tally 0 1 0 0 0 0
    if on_sqlite; then
        assert_regex "$(stored_text "$BAKERY")" '^sealed:'
        refute grep -qaF "$(jq -r .instagram.refreshToken <<<"$before")" "$(store_path)"
    fi
    assert_equal "$(site_admin users export --with-token)" "$before"
}

@test "a token whose key is gone is named, and the next login mends it" {
    local key
    sign_in "$JAR"
    key=$(site_admin new-key)
    site_config_edit --arg key "$key" '.keys = [$key]'
    admin 1 refresh
    assert_contains "$(err)" "instagram:$BAKERY: the token cannot be opened"
    admin 1 token "$BAKERY"
    assert_equal "$(out)" ""
    rm -f "$JAR"
    sign_in "$JAR"
    admin 0 refresh
    tally 0 0 0 0 0 0
}

# bats test_tags=sqlite
@test "sessions that have ended by themselves are removed, the others stay" {
    site_config_edit '.session.lifetime_days = 30'
    sign_in "$JAR"
    site_config_edit '.session.lifetime_days = 14'
    sign_in "$WORK/phone"
    later $((15 * DAY))
    admin 0 refresh
    assert_equal "$(site_run sqlite3 "$(store_path)" 'SELECT count(*) FROM sessions')" 1
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_in "$JAR"
}

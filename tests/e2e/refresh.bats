#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# `cgi-login refresh`: which tokens are due, and what happens to those that the provider does not refresh.

load helpers
load tokens

@test "refresh leaves alone what is not near its end, and asks nobody" {
    admin 0 refresh
    tally 0 0 0 0 0 0
    sign_in "$JAR"
    site_clear_logs
    admin 0 refresh
    tally 0 0 0 0 0 0
    assert_equal "$(err)" ""
    later "$EARLY"
    admin 0 refresh
    tally 0 0 0 0 0 0
    assert_equal "$(standin_log)" ""
}

@test "refresh takes what is due, once" {
    local before
    long_sessions
    sign_in "$JAR"
    before=$(stored_token "$BAKERY")
    later "$DUE"
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_equal "$(err)" ""
    assert_not_equal "$(stored_token "$BAKERY")" "$before"
    token_works "$(stored_token "$BAKERY")"
    assert_equal "$(lifetime "$BAKERY")" "$LONG_TOKEN_SECONDS"
    [[ $(($(seconds_of "$BAKERY" obtainedAt) - $(date +%s) - DUE)) -ge -20 ]] || fail "obtainedAt is not then"
    assert_equal "$(user "$BAKERY" '.instagram.token | [.scopes, .invalidSince, .renewingUntil] | tojson')" \
        '[["instagram_business_basic"],null,null]'
    assert_equal "$(user "$BAKERY" '[.instagram.username, .instagram.counts.media] | tojson')" '["harbour.bakery",1320]'
    admin 0 refresh
    tally 0 0 0 0 0 0
    assert_equal "$(refreshes)" 1
    # The people stay signed in.
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_in "$JAR"
    assert_no_secrets
}

@test "--within says what near means" {
    sign_in "$JAR"
    later "$EARLY"
    admin 0 refresh --within 13
    tally 0 0 0 0 0 0
    admin 0 refresh --within 16
    tally 1 0 0 0 0 0
    admin 0 refresh --within 0
    tally 0 0 0 0 0 0
}

@test "a token younger than min_age_seconds waits until it is that old" {
    local obtained
    sign_in "$JAR"
    obtained=$(seconds_of "$BAKERY" obtainedAt)
    admin 0 refresh --within 61
    tally 0 0 1 0 0 0
    later $((obtained + DAY - 20 - $(date +%s)))
    admin 0 refresh --within 61
    tally 0 0 1 0 0 0
    assert_equal "$(refreshes)" 0
    site_config_edit '.providers.instagram.refresh.min_age_seconds = 172800'
    later $((DAY + 60))
    admin 0 refresh --within 61
    tally 0 0 1 0 0 0
    site_config_edit '.providers.instagram.refresh.min_age_seconds = 86400'
    admin 0 refresh --within 61
    tally 1 0 0 0 0 0
}

# bats test_tags=sqlite
@test "more users than one batch holds are all refreshed" {
    sign_in "$JAR"
    # The same token for all: whose is refreshed, not how, is what counts here.
    site_config_edit '.seal_tokens = false'
    sign_in "$JAR"
    site_run sqlite3 "$(store_path)" "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
        INSERT INTO users (user, document) SELECT 1000 + i,
        json_set(document, '\$._id', 'instagram:u' || i, '\$.instagram.id', 'u' || i)
        FROM n, users JOIN accounts USING (user) WHERE id = '$BAKERY';
        INSERT INTO accounts (provider, id, user) SELECT 'instagram', json_extract(document, '\$.instagram.id'), user
        FROM users WHERE user > 1000"
    later "$DUE"
    admin 0 refresh
    tally 121 0 0 0 0 0
    assert_equal "$(refreshes)" 121
    assert_equal "$(site_admin users export --with-token | jq -r .instagram.accessToken | sort -u | wc -l)" 121
}

# --- refresh: what goes wrong ---

@test "a token that the provider has ended is marked, shown to the person, and left alone until the next login" {
    long_sessions
    sign_in "$JAR"
    later "$DUE"
    standin_control '{"refresh_fault": "code_190"}'
    admin 0 refresh
    tally 0 0 0 0 1 0
    assert_equal "$(user "$BAKERY" '.instagram.token | [(.invalidSince | type), .renewingUntil] | tojson')" '["object",null]'
    standin_control '{"refresh_fault": "none"}'
    admin 0 refresh
    tally 0 0 0 0 0 0
    assert_equal "$(refreshes)" 1
    # Until the recheck nobody knows.
    profile "$JAR"
    assert_equal "$(json .user.reconnect)" null
    profile "$JAR" -H 'X-Test-Clock: 301'
    assert_status 200
    assert_equal "$(json .user.reconnect)" true
    http -b "$JAR" /profile
    assert_contains "$(body)" "has ended this site’s access to your account"
    assert_contains "$(body)" 'href="/auth/instagram"'
    http -b "$JAR" "/cgi-bin/profile$SITE_CGI_SUFFIX"
    assert_contains "$(body)" "href=\"/cgi-bin/start$SITE_CGI_SUFFIX/instagram\""
    sign_in "$JAR"
    profile "$JAR"
    assert_equal "$(json .user.reconnect)" null
    http -b "$JAR" /profile
    refute_contains "$(body)" "has ended this site"
    assert_equal "$(user "$BAKERY" .instagram.token.invalidSince)" null
    standin_control '{"clock_offset_seconds": 0}'
    sign_in "$JAR"
    later "$DUE"
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_no_secrets
}

@test "a token whose time has passed is marked once the provider says that it is dead" {
    long_sessions
    sign_in "$JAR"
    sign_in "$WORK/layla" layla.studio
    later "$LOST"
    admin 0 refresh
    tally 0 0 0 0 2 0
    assert_equal "$(refreshes)" 2
    admin 0 refresh
    tally 0 0 0 0 0 0
    assert_equal "$(refreshes)" 2
    profile "$JAR" -H 'X-Test-Clock: 301'
    assert_equal "$(json .user.reconnect)" true
}

@test "a token whose time has passed lives on where the provider still takes it" {
    long_sessions
    sign_in "$JAR"
    later "$LOST"
    standin_control '{"refresh_fault": "http_500_html"}'
    admin 1 refresh
    tally 0 0 0 0 0 1
    assert_equal "$(user "$BAKERY" .instagram.token.invalidSince)" null
    profile "$JAR" -H 'X-Test-Clock: 301'
    assert_equal "$(json .user.reconnect)" null
    token 1 "$BAKERY"
    refute_contains "$(err)" "log in again"
    standin_control '{"refresh_fault": "none", "clock_offset_seconds": 200000}'
    admin 0 refresh
    tally 1 0 0 0 0 0
    standin_control "{\"clock_offset_seconds\": $LOST}"
    assert_equal "$(lifetime "$BAKERY")" "$LONG_TOKEN_SECONDS"
}

@test "a renewal that tells no life keeps a working token working" {
    local told
    for told in '' ',"expires_in":null' ',"expires_in":0' ',"expires_in":"soon"'; do
        note "$told"
        store_wipe
        later 0
        rm -f "$JAR"
        sign_in "$JAR"
        later $((50 * DAY))
        standin_control "$(jq -n --arg body "{\"access_token\":\"IGAArenewed\"$told}" '{raw_refresh: $body}')"
        admin 0 refresh
        tally 1 0 0 0 0 0
        later $((51 * DAY))
        admin 0 refresh
        tally 0 0 0 0 0 0
        token 0 "$BAKERY"
        assert_equal "$(out)" IGAArenewed
        standin_control '{"raw_refresh": null}'
    done
}

@test "a token of unknown life is refreshed once a day, and dead only when the provider says so" {
    local before
    site_config_edit '.providers.instagram.long_lived = {url: "'"$STANDIN_URL"'/access_token", grant_type: "ig_exchange_token"}
        | .providers.instagram.refresh = {url: "'"$STANDIN_URL"'/refresh_access_token", grant_type: "ig_refresh_token", min_age_seconds: 86400}'
    standin_control '{"long_lived_fault": "missing_expiry", "refresh_fault": "missing_expiry"}'
    sign_in "$JAR"
    assert_equal "$(user "$BAKERY" .instagram.token.expiresAt)" null
    before=$(stored_token "$BAKERY")
    admin 0 refresh
    tally 0 0 0 0 0 0
    token 0 "$BAKERY"
    assert_equal "$(out)" "$before"
    later 7200
    admin 0 refresh
    tally 0 0 0 0 0 0
    token 0 "$BAKERY"
    assert_equal "$(err)" ""
    later $((DAY + 60))
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_equal "$(user "$BAKERY" .instagram.token.expiresAt)" null
    token_works "$(stored_token "$BAKERY")"
    admin 0 refresh
    tally 0 0 0 0 0 0
    later $((2 * DAY + 200))
    standin_control '{"refresh_fault": "http_500_html"}'
    admin 1 refresh
    tally 0 0 0 0 0 1
    token 0 "$BAKERY"
    assert_contains "$(err)" "could not be refreshed"
    standin_control '{"refresh_fault": "code_190"}'
    admin 0 refresh
    tally 0 0 0 0 1 0
    token 1 "$BAKERY"
    assert_contains "$(err)" "log in again"
}

@test "after too many calls refresh pauses, and goes on" {
    local fault started=$SECONDS
    sign_in "$JAR"
    for fault in http_429 code_4 code_17; do
        note "$fault"
        store_wipe
        later 0
        sign_in "$JAR"
        later "$DUE"
        standin_control "{\"refresh_fault\": {\"fault\": \"$fault\", \"times\": 2}}"
        site_clear_logs
        admin 0 refresh --pause 0
        tally 1 0 0 0 0 0
        assert_equal "$(refreshes)" 3
    done
    started=${EPOCHREALTIME/./}
    later $((2 * DUE))
    standin_control '{"refresh_fault": {"fault": "http_429", "times": 1}}'
    admin 0 refresh --pause 1
    tally 1 0 0 0 0 0
    [[ $((${EPOCHREALTIME/./} - started)) -ge 1000000 ]] || fail "there was no pause"
}

@test "after too many pauses refresh gives up for this time, with exit status 1, and forgets nobody" {
    sign_in "$JAR"
    sign_in "$JAR" layla.studio
    sign_in "$JAR" sakura_zine
    later "$DUE"
    standin_control '{"refresh_fault": "code_4"}'
    site_clear_logs
    admin 1 refresh --pause 0
    tally 0 0 0 0 0 1
    assert_contains "$(err)" "Application request limit reached"
    assert_regex "$(err)" "instagram:[0-9]+: "
    assert_equal "$(refreshes)" 4
    standin_control '{"refresh_fault": "none"}'
    admin 0 refresh
    tally 3 0 0 0 0 0
    assert_all_tokens_work
    assert_no_secrets
}

@test "one token that cannot be refreshed keeps no other back; the next run tries it again" {
    local fault
    sign_in "$JAR"
    sign_in "$JAR" layla.studio
    sign_in "$JAR" sakura_zine
    local days=47
    for fault in http_500_html reset truncated not_json missing_token oversized; do
        note "$fault"
        later $((days * DAY))
        standin_control "{\"refresh_fault\": {\"fault\": \"$fault\", \"times\": 1}}"
        admin 1 refresh --pause 0
        tally 2 0 0 0 0 1
        assert_equal "$(err | grep -c ^cgi-login:)" 1
        assert_regex "$(err)" "cgi-login: instagram:[0-9]+: .*(answered|localhost)"
        cat "$ERR" >>"$SITE_DIR/logs/error.log"
        admin 0 refresh
        tally 1 0 0 0 0 0
        days=$((days + 47))
    done
    assert_all_tokens_work
    assert_no_secrets
}

@test "a provider that is gone costs no token" {
    local before
    sign_in "$JAR"
    before=$(stored_token "$BAKERY")
    later "$DUE"
    site_config_edit '.providers.instagram.refresh.url = "http://localhost:1/refresh_access_token"'
    admin 1 refresh --pause 0
    tally 0 0 0 0 0 1
    assert_contains "$(err)" "localhost:1"
    assert_equal "$(stored_token "$BAKERY")" "$before"
    cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
    admin 0 refresh
    tally 1 0 0 0 0 0
}

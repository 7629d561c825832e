#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# Providers with refresh tokens as the standard has them (RFC 6749, section 6): kept, rotated, each used once.

load helpers
load tokens

@test "a provider with refresh tokens: they are kept, rotate, and each is used once" {
    local round
    use_refresh_tokens rotate
    sign_in "$JAR"
    assert_equal "$(lifetime "$BAKERY")" 3600
    assert_equal "$(user "$BAKERY" .instagram.refreshToken)" null
    assert_equal "$(user "$BAKERY" .instagram.refreshToken --with-token)" "$(standin_state | jq -r '.refresh_tokens.unused[0]')"
    for round in 1 2 3; do
        later $((round * 1800))
        admin 0 refresh
        tally 1 0 0 0 0 0
        assert_equal "$(user "$BAKERY" .instagram.refreshToken --with-token)" "$(standin_state | jq -r '.refresh_tokens.unused[0]')"
        assert_all_tokens_work
    done
    assert_equal "$(standin_state | jq -c '[.refresh_tokens.reused, (.refresh_tokens.unused | length)]')" "[0,1]"
    assert_equal "$(standin_log | jq -c 'select(.form.grant_type == "refresh_token").form | [.client_id, .client_secret, (keys | length)]' | sort -u)" \
        "[\"$SITE_CLIENT_ID\",\"$SITE_CLIENT_SECRET\",4]"
    assert_no_secrets
}

@test "an access token that has run out is refreshed with its refresh token" {
    use_refresh_tokens rotate
    sign_in "$JAR"
    later "$DAY"
    token 0 "$BAKERY"
    token_works "$(out)"
    later $((2 * DAY))
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_all_tokens_work
}

@test "a refresh token that the provider keeps is kept" {
    local kept
    use_refresh_tokens keep
    site_config_edit '.providers.instagram.token_auth = "basic"'
    standin_control '{"accept_basic": true}'
    sign_in "$JAR"
    kept=$(user "$BAKERY" .instagram.refreshToken --with-token)
    later 1800
    admin 0 refresh
    later 3500
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_equal "$(user "$BAKERY" .instagram.refreshToken --with-token)" "$kept"
    assert_equal "$(standin_log | jq -c 'select(.form.grant_type == "refresh_token") | [.form.client_secret, .headers.Authorization[0:6]]' | sort -u)" \
        '[null,"Basic "]'
    assert_all_tokens_work
}

@test "invalid_grant ends it: marked, shown, and over with the next login" {
    use_refresh_tokens rotate
    sign_in "$JAR"
    # Somebody else has used it.
    _standin_curl -f -o /dev/null -d grant_type=refresh_token -d "client_id=$SITE_CLIENT_ID" -d "client_secret=$SITE_CLIENT_SECRET" \
        --data-urlencode "refresh_token=$(user "$BAKERY" .instagram.refreshToken --with-token)" "$STANDIN_URL/oauth/access_token"
    later 1800
    admin 0 refresh
    tally 0 0 0 0 1 0
    token 1 "$BAKERY"
    admin 0 refresh
    tally 0 0 0 0 0 0
    assert_equal "$(standin_state | jq .refresh_tokens.reused)" 1
    later 0
    sign_in "$JAR"
    admin 0 refresh
    tally 1 0 0 0 0 0
}

@test "without a refresh token nothing is tried, and nobody is told to log in for it" {
    use_refresh_tokens rotate
    standin_control '{"token": {"refresh_token": null}}'
    sign_in "$JAR"
    admin 0 refresh
    tally 0 0 1 0 0 0
    later 7200
    admin 0 refresh
    tally 0 0 1 0 0 0
    assert_equal "$(refreshes)" 0
    assert_equal "$(user "$BAKERY" .instagram.token.invalidSince)" null
    token 1 "$BAKERY"
    assert_contains "$(err)" "time has passed"
    refute_contains "$(err)" "log in again"
}

# Each is two processes: the program, and the one that moves its clock.
two_programs() { [[ $(_site_programs | wc -l) -eq 4 ]]; }

@test "two scripts that want the token at once, when it has run out, both get one" {
    local second
    use_refresh_tokens rotate
    sign_in "$JAR"
    later 7200
    begin_refresh token "$BAKERY"
    command_run -- token "$BAKERY" >"$WORK/second" 2>"$WORK/second.err" 3>&- &
    second=$!
    _site_until two_programs || fail "the second did not start"
    end_refresh
    wait "$second" || fail "the second: $(cat "$WORK/second.err")"
    token_works "$(out)"
    token_works "$(cat "$WORK/second")"
    assert_equal "$(standin_state | jq .refresh_tokens.reused)" 0
}

@test "min_age_seconds holds back a refresh token too" {
    use_refresh_tokens
    site_config_edit '.providers.instagram.refresh.min_age_seconds = 31536000'
    sign_in "$JAR"
    admin 0 refresh --within 3650
    tally 0 0 1 0 0 0
    assert_equal "$(refreshes)" 0
    site_config_edit 'del(.providers.instagram.refresh.min_age_seconds)'
    admin 0 refresh --within 3650
    tally 1 0 0 0 0 0
}

@test "a token that has run out and cannot be refreshed just now is no reason to log in again" {
    use_refresh_tokens rotate
    sign_in "$JAR"
    later 7200
    standin_control '{"refresh_fault": "http_500_html"}'
    token 1 "$BAKERY"
    assert_contains "$(err)" "500"
    refute_contains "$(err)" "log in again"
}

# A new private key in KEY, of which the stand-in gets the public one, with more of its `client_key` as jq's words.
new_client_key() { # MORE
    KEY=$SITE_HOME/key.pem
    site_run openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$KEY"
    site_run chmod 600 "$KEY"
    standin_control "$(jq -n --arg key "$(site_run openssl pkey -in "$KEY" -pubout)" --arg url "$STANDIN_URL" \
        "{client_key: ({public_key: \$key, id: \"ABC123DEFG\"} + $1)}")"
}

@test "a private key proves the client in the place of a secret, by itself and as Apple has it" {
    use_refresh_tokens rotate
    new_client_key '{audience: ($url + "/oauth/access_token")}'
    site_config_edit --arg key "$KEY" '.providers.instagram |= (del(.client_secret) | .token_auth = "private_key_jwt"
        | .client_key = {file: $key, id: "ABC123DEFG"})'
    sign_in "$JAR"
    later 1800
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_all_tokens_work
    # In place of the secret, with the key's owner as who signs.
    new_client_key '{audience: $url, issuer: "DEF123GHIJ"}'
    site_config_edit --arg url "$STANDIN_URL" '.providers.instagram |= (del(.token_auth) | .client_key.issuer = "DEF123GHIJ"
        | .client_secret_jwt = {audience: $url})'
    later 3600
    admin 0 refresh
    tally 1 0 0 0 0 0
    later 0
    sign_in "$JAR"
    assert_no_secrets
    refute_contains "$(log_lines)" eyJ
    # Another key than the provider knows: it says so, and the log does not show what was signed.
    site_run openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$KEY"
    site_run chmod 600 "$KEY"
    begin "$JAR"
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/login?error=provider_error"
    assert_contains "$(log_lines callback)" "Error validating client assertion: signature"
    refute_contains "$(log_lines)" eyJ
    # `check` signs with it, before a visitor finds out that it is of no use.
    run site_admin check
    assert_output --partial "ok    providers.instagram: its client_key signs"
    site_run openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out "$KEY"
    site_run chmod 600 "$KEY"
    run site_admin check
    assert_failure
    assert_output --partial "FIX   providers.instagram.client_key.file: $KEY holds a key that signs in no way known here"
    # One that others can read is as bad as a config that they can.
    site_clear_logs
    site_run chmod 644 "$KEY"
    http /auth/instagram
    assert_status 500
    assert_contains "$(log_lines start)" "providers.instagram.client_key.file: $KEY can be read by other users (mode 0644); run: chmod 600 $KEY"
    run site_admin check
    assert_failure
    assert_output --partial "providers.instagram.client_key.file: $KEY can be read by other users"
}

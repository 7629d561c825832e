#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# The long-lived token at the login: the short one exchanged for it, kept short when that fails, and tried again later.

load helpers
load tokens

@test "a login exchanges the token for a long-lived one" {
    local requests
    sign_in "$JAR"
    requests=$(standin_log | jq -sc '[.[] | select(.headers["User-Agent"] // "" | startswith("cgi-login"))]')
    assert_equal "$(jq -c 'map(.path) | sort' <<<"$requests")" '["/access_token","/oauth/access_token","/v26.0/me"]'
    assert_equal "$(jq -r '.[] | select(.path == "/access_token").query.grant_type' <<<"$requests")" ig_exchange_token
    assert_equal "$(lifetime "$BAKERY")" "$LONG_TOKEN_SECONDS"
    [[ $(($(date +%s) - $(seconds_of "$BAKERY" obtainedAt))) -lt 20 ]] || fail "obtainedAt is not now"
    assert_equal "$(user "$BAKERY" '.instagram.token | [.scopes, .invalidSince, .renewingUntil] | tojson')" \
        '[["instagram_business_basic"],null,null]'
    assert_equal "$(user "$BAKERY" '.instagram.refreshToken' --with-token)" null
    token_works "$(stored_token "$BAKERY")"
    assert_equal "$(stored_token "$BAKERY")" "$(standin_state | jq -r '.issued.tokens[-1]')"
    assert_equal "$(log_lines)" ""
    assert_no_secrets
}

@test "scopes are kept as a list, however the provider writes them" {
    standin_control '{"token_shape": "data"}'
    sign_in "$JAR"
    assert_equal "$(user "$BAKERY" '.instagram.token.scopes | tojson')" '["instagram_business_basic"]'
    standin_control '{"token_shape": "flat", "token": {"permissions": null, "scope": "one two,three"}}'
    sign_in "$JAR"
    assert_equal "$(user "$BAKERY" '.instagram.token.scopes | tojson')" '["one","two","three"]'
}

# exchange_fails FAULT WORDS: the login succeeds all the same, the log says why in one line, and both ways to try again work.
exchange_fails() {
    note "$*"
    standin_control "{\"long_lived_fault\": $1}"
    store_wipe
    site_clear_logs
    rm -f "$JAR"
    sign_in "$JAR"
    assert_one_line callback "the short-lived token stays"
    assert_one_line callback "$2"
    assert_equal "$(lifetime "$BAKERY")" 3600
    token_works "$(stored_token "$BAKERY")"
    site_error_log >>"$KEPT/errors"
    standin_control '{"long_lived_fault": "none"}'
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_equal "$(lifetime "$BAKERY")" "$LONG_TOKEN_SECONDS"
    token_works "$(stored_token "$BAKERY")"
}

@test "an exchange that fails with an error leaves a login that works, one line in the log, and is tried again" {
    exchange_fails '"code_190"' "Session has expired on Tuesday, 06-Jan-26 09:00:00 PST."
    exchange_fails '"code_4"' "Application request limit reached"
    exchange_fails '"code_17"' "User request limit reached"
    exchange_fails '"http_429"' "429"
    exchange_fails '"bad_secret"' "Error validating client secret"
    exchange_fails '"http_500_html"' "500: "
    exchange_fails '"redirect"' "redirect"
    assert_equal "$(standin_state | jq .redirect_hits)" 0
    assert_no_secrets
}

@test "an exchange that fails with nonsense or not at all answered likewise" {
    exchange_fails '"oversized"' "larger than"
    exchange_fails '"truncated"' "$STANDIN_URL"
    exchange_fails '"reset"' "$STANDIN_URL: "
    exchange_fails '"not_json"' "answered 200"
    exchange_fails '"empty"' "an empty body"
    exchange_fails '"deep_json"' "nested too deeply"
    exchange_fails '{"fault": "wrong_type", "as": "array"}' "answered 200"
    exchange_fails '"missing_token"' "answered 200"
    exchange_fails '"nul_escape"' "access token"
    assert_no_secrets
}

@test "the login after an exchange that failed tries again" {
    standin_control '{"long_lived_fault": "code_4"}'
    sign_in "$JAR"
    assert_equal "$(lifetime "$BAKERY")" 3600
    standin_control '{"long_lived_fault": "none"}'
    sign_in "$JAR"
    assert_equal "$(lifetime "$BAKERY")" "$LONG_TOKEN_SECONDS"
    assert_equal "$(user_count)" 1
}

@test "a short-lived token that nobody exchanged in time is lost, once the provider says so" {
    standin_control '{"long_lived_fault": "code_4"}'
    sign_in "$JAR"
    later 3700
    standin_control '{"long_lived_fault": "none"}'
    admin 0 refresh
    tally 0 0 0 0 1 0
    assert_equal "$(standin_log | jq -s '[.[] | select(.path == "/access_token")] | length')" 2
}

# lives SECONDS LONG_LIVED_ANSWER: a login at which the exchange is answered so gives a token of this life; "unknown".
lives() {
    note "$*"
    standin_control "$(jq -n --arg body "$2" '{raw_long_lived: $body}')"
    store_wipe
    rm -f "$JAR"
    sign_in "$JAR"
    if [[ $1 == unknown ]]; then
        assert_equal "$(user "$BAKERY" '.instagram.token.expiresAt')" null
    else
        assert_equal "$(lifetime "$BAKERY")" "$1"
    fi
    assert_equal "$(log_lines)" ""
}

@test "a life that is told in any form is kept; one that is not told is what the provider file says of that grant" {
    local told
    for told in 5183944 5183944.5 '"5183944"' '"5183944.0"'; do
        lives 5183944 "{\"access_token\":\"IGAAx\",\"expires_in\":$told}"
    done
    lives 5183944 '{"access_token":"IGAAx","expires":"5183944"}'
    for told in null 0 -1 '"-1"' '"soon"' '""' 9999999999 true '[]'; do
        lives 5184000 "{\"access_token\":\"IGAAx\",\"token_type\":\"bearer\",\"expires_in\":$told}"
    done
    lives 5184000 '{"access_token":"IGAAx","token_type":"bearer"}'
}

@test "a life that nobody tells is unknown, not short" {
    site_config_edit '.providers.instagram.long_lived = {url: "'"$STANDIN_URL"'/access_token", grant_type: "ig_exchange_token"}'
    lives unknown '{"access_token":"IGAAx","token_type":"bearer"}'
    lives unknown '{"access_token":"IGAAx","expires_in":0}'
    lives unknown '{"access_token":"IGAAx","expires_in":"soon"}'
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# Where the start sends the browser: the parameters of the authorize URL, their state and their PKCE challenge.

load helpers

@test "the authorize URL has exactly the five parameters, without PKCE for a provider that takes none" {
    local url
    begin "$JAR"
    assert_equal "${AUTHORIZE%%\?*}" "$STANDIN_URL/oauth/authorize"
    url=${AUTHORIZE#*\?}
    assert_equal "$(tr '&' '\n' <<<"$url" | sed 's/=.*//' | sort | tr '\n' ' ')" \
        "client_id redirect_uri response_type scope state "
    assert_equal "$(query_of "$AUTHORIZE" client_id)" "$SITE_CLIENT_ID"
    assert_equal "$(query_of "$AUTHORIZE" redirect_uri)" "$SITE_URL$CALLBACK_PATH"
    assert_equal "$(query_of "$AUTHORIZE" response_type)" code
    assert_equal "$(query_of "$AUTHORIZE" scope)" instagram_business_basic
    # 32 random bytes.
    assert_regex "$(query_of "$AUTHORIZE" state)" '^[A-Za-z0-9_-]{43}$'
}

@test "several scopes and parameters of the provider reach the authorize URL" {
    site_config_edit '.providers.instagram += {"scope": ["instagram_business_basic", "instagram_business_manage_insights"],
        "authorize_params": {"force_reauth": "true", "prompt": "a b&c=d"}}'
    begin "$JAR"
    assert_equal "$(query_of "$AUTHORIZE" scope)" instagram_business_basic,instagram_business_manage_insights
    assert_equal "$(query_of "$AUTHORIZE" force_reauth)" true
    assert_equal "$(query_of "$AUTHORIZE" prompt)" "a b&c=d"
    assert_equal "$(query_of "$AUTHORIZE" c)" ""
}

@test "every start has a state and a cookie of its own" {
    local i
    for i in 1 2 3 4 5; do
        begin "$WORK/jar$i"
        query_of "$AUTHORIZE" state >>"$WORK/states"
        cookie "$WORK/jar$i" "$PENDING_COOKIE" >>"$WORK/cookies"
    done
    assert_equal "$(sort -u "$WORK/states" | wc -l)" 5
    assert_equal "$(sort -u "$WORK/cookies" | wc -l)" 5
}

@test "with PKCE the challenge is the hash of the verifier that the provider gets" {
    local verifier challenge
    site_config_edit '.providers.instagram.pkce = "S256"'
    begin "$JAR"
    challenge=$(query_of "$AUTHORIZE" code_challenge)
    assert_equal "$(query_of "$AUTHORIZE" code_challenge_method)" S256
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    verifier=$(standin_log | jq -r 'select(.path == "/oauth/access_token").form.code_verifier')
    # RFC 7636, section 4.1.
    assert_regex "$verifier" '^[A-Za-z0-9._~-]{43,128}$'
    assert_equal "$(printf %s "$verifier" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d =)" \
        "$challenge"
    assert_no_secrets
}

@test "without PKCE no verifier is sent" {
    sign_in "$JAR"
    assert_equal "$(standin_log | jq -r 'select(.path == "/oauth/access_token").form.code_verifier')" null
}

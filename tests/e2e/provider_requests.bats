#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# What the callback asks the provider: the token request, who gets the secret and where, the profile request.

load helpers

@test "the token request holds the secret in its body and nowhere else" {
    local request
    sign_in "$JAR"
    request=$(standin_log | jq -c 'select(.path == "/oauth/access_token")')
    assert_equal "$(wc -l <<<"$request")" 1
    assert_equal "$(jq -r .method <<<"$request")" POST
    assert_equal "$(jq -r .target <<<"$request")" /oauth/access_token
    assert_equal "$(jq -r '.form | keys_unsorted | sort | join(" ")' <<<"$request")" \
        "client_id client_secret code grant_type redirect_uri"
    assert_equal "$(jq -r .form.client_secret <<<"$request")" "$SITE_CLIENT_SECRET"
    assert_equal "$(jq -r .form.redirect_uri <<<"$request")" "$SITE_URL$CALLBACK_PATH"
    assert_equal "$(jq -r .form.grant_type <<<"$request")" authorization_code
    refute_contains "$(jq -c .headers <<<"$request")" "$SITE_CLIENT_SECRET"
    assert_equal "$(jq -r '.headers | with_entries(.key |= ascii_downcase) | has("authorization")' <<<"$request")" false
    # Nothing else that was asked for carried it, except what Instagram itself wants in a query.
    refute_contains "$(standin_log | jq -c 'select(.path | test("me$|authorize|consent"))')" "$SITE_CLIENT_SECRET"
    assert_no_secrets
}

@test "token_auth basic sends the secret in the Authorization header and nowhere else" {
    local request
    standin_control '{"accept_basic": true}'
    site_config_edit '.providers.instagram.token_auth = "basic"'
    sign_in "$JAR"
    request=$(standin_log | jq -c 'select(.path == "/oauth/access_token")')
    assert_equal "$(jq -r .headers.Authorization <<<"$request")" \
        "Basic $(printf %s "$SITE_CLIENT_ID:$SITE_CLIENT_SECRET" | base64 -w0)"
    refute_contains "$(jq -c '{form, target, body}' <<<"$request")" "$SITE_CLIENT_SECRET"
}

@test "the profile request names the fields, and carries the token where the provider wants it" {
    local request
    sign_in "$JAR"
    request=$(standin_log | jq -c 'select(.path == "/v26.0/me")')
    assert_contains "$(jq -r .query.fields <<<"$request")" "id,user_id,username,name,account_type"
    assert_regex "$(jq -r .query.access_token <<<"$request")" '^IGAA'
    site_clear_logs
    site_config_edit '.providers.instagram.profile_auth = "bearer"'
    sign_in "$JAR"
    request=$(standin_log | jq -c 'select(.path == "/v26.0/me")')
    assert_regex "$(jq -r .headers.Authorization <<<"$request")" '^Bearer IGAA'
    assert_equal "$(jq -r .query.access_token <<<"$request")" null
}

@test "a code or a state that carries Instagram's #_ is stripped of it" {
    local code name value fragment
    for name in code state; do
        for fragment in '%23_' '%23_%3D_' '%23_=_'; do
            note "$name $fragment"
            rm -f "$JAR"
            site_clear_logs
            begin "$JAR"
            decide
            code=$(query_of "$CALLBACK" code)
            value=$(query_of "$CALLBACK" "$name")
            CALLBACK=${CALLBACK/"$name=$value"/"$name=$value$fragment"}
            finish "$JAR"
            assert_equal "$LOCATION" "$SITE_URL/profile"
            assert_equal "$(standin_log | jq -r 'select(.path == "/oauth/access_token").form.code')" "$code"
        done
    done
}

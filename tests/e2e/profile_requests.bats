#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# How the profile is asked for, as the provider file says: method, form, headers, where the token goes; from what it is
# read; when a success is none.

load helpers

ME='{"id": 77, "name": "Ann Bee"}'

# The provider file's settings, laid over by the config, with @ for the stand-in's address.
provider() { # JQ_OBJECT
    site_config_edit ".providers.instagram += (${1//@/$STANDIN_URL})"
}

asked() { # JQ_FILTER: of the requests for the profile, a line each
    standin_log | jq -c "select(.path == \"/me\") | $1"
}

setup() {
    e2e_setup
    provider '{profile_url: "@/me", profile_params: {}, profile_auth: "bearer",
        profile: {id: "/id", full_name: "/name"}}'
}

fails() { # CODE
    rm -f "$JAR"
    begin "$JAR"
    decide
    assert_login_fails "$JAR" "$1"
}

signed_in_as() { # NAME
    sign_in "$JAR"
    profile "$JAR"
    assert_equal "$(json '.user | [.id, .full_name] | tojson')" "[\"77\",\"$1\"]"
    assert_no_secrets
}

@test "a POST has its form and headers, and the token where these have it" {
    provider '{profile_method: "POST", profile_auth: "none",
        profile_form: {client_id: "$client_id", access_token: "$access_token", lang: "$ & ="},
        profile_headers: {"X-Version": "2026-01", "X-App": "id=$client_id", accept: "application/vnd.x+json"}}'
    standin_control "{\"answers\": {\"POST /me\": {\"json\": $ME}}}"
    signed_in_as "Ann Bee"
    assert_equal "$(asked '[.form.client_id, .form.lang, (.form.access_token | length > 20), .query] | tojson')" \
        "\"[\\\"$SITE_CLIENT_ID\\\",\\\"\$ & =\\\",true,{}]\""
    assert_equal "$(asked '.headers | [.["X-Version"], .["X-App"], .Accept // .accept, .Authorization] | tojson' | jq -r .)" \
        "[\"2026-01\",\"id=$SITE_CLIENT_ID\",\"application/vnd.x+json\",null]"
}

@test "a POST without a form is empty and of no type" {
    provider '{profile_method: "POST"}'
    standin_control "{\"answers\": {\"POST /me\": {\"json\": $ME}}}"
    signed_in_as "Ann Bee"
    assert_equal "$(asked '[.body, .headers["Content-Length"], .headers["Content-Type"],
        (.headers.Authorization | startswith("Bearer "))] | tojson' | jq -r .)" '["","0",null,true]'
}

@test "an Authorization of the file's own takes the place of Bearer" {
    provider '{profile_headers: {Authorization: "OAuth $access_token"}}'
    standin_control "{\"answers\": {\"GET /me\": {\"json\": $ME}}}"
    signed_in_as "Ann Bee"
    assert_equal "$(asked '.headers.Authorization | test("^OAuth [^ ]{20,}$")')" true
}

@test "the profile can come with the token: no further request, and no token among what may be mapped" {
    site_config_edit '.providers.instagram |= del(.profile_url, .profile_params)'
    provider '{profile_from: "token", profile: {id: "/owner/user/id", full_name: "/owner/user/name", leak: "/access_token"}}'
    standin_control "{\"token\": {\"owner\": {\"user\": $ME}}}"
    signed_in_as "Ann Bee"
    assert_equal "$(asked .method)" ""
    assert_equal "$(user 77 '.instagram | has("leak")')" false
    standin_control '{"token": {"owner": {"user": {"name": "Nobody"}}}}'
    fails provider_error
    assert_contains "$(log_lines callback)" "the token endpoint answered 200: no usable id"
}

@test "an error that comes as a success is one where response_ok tells them apart" {
    provider '{response_ok: {pointer: "/resultcode", equals: "00"}}'
    standin_control "{\"answers\": {\"GET /me\": {\"json\": {\"resultcode\": \"024\", \"message\": \"Authentication failed\", \"id\": 77}}}}"
    fails provider_error
    assert_contains "$(log_lines callback)" 'and the words "Authentication failed"'
    standin_control "{\"answers\": {\"GET /me\": {\"json\": {\"resultcode\": \"00\", \"id\": 77, \"name\": \"Ann Bee\"}}}}"
    signed_in_as "Ann Bee"
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# How the profile is asked for, as the provider file says: method, form, headers, where the token goes; from what it is
# read; when a success is none; and what is asked beside it: the e-mail address, groups.

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

# The address of GitHub's shape, groups of two requests, of which one names the person.
MORE='{email_request: {url: "@/emails", where: {"/primary": true}, email: "/email", verified: "/verified"},
    groups_requests: [
        {url: "@/member", list: "/roles", group: "role-{}", headers: {"X-App": "$client_id"}},
        {url: "@/tiers/$id", list: "/data", where: {"/state": "active"}, group: "/tier"}]}'
EMAILS='[{"email": "old@bee.example", "primary": false, "verified": true},
    {"email": "ann@bee.example", "primary": true, "verified": true}]'
TIERS='{"data": [{"state": "ended", "tier": "gold"}, {"state": "active", "tier": "silver"}]}'

# Sets what the stand-in answers beside the profile; what is not named is 404.
answers() { # JSON, laid over the usual answers
    standin_control "$(jq -n --argjson me "$ME" --argjson emails "$EMAILS" --argjson tiers "$TIERS" --argjson more "$1" \
        '{answers: ({"GET /me": {json: $me}, "GET /emails": {json: $emails},
            "GET /member": {json: {roles: ["17", "18"]}}, "GET /tiers/77": {json: $tiers}} + $more)}')"
}

facts() { # JSON: what the store has, and the page
    assert_equal "$(user 77 '.instagram | [.email, .email_verified, .groups] | tojson')" "$1"
    profile "$JAR"
    assert_equal "$(json '.user | [.email, .email_verified, .groups] | tojson')" "$1"
}

@test "the address and groups come from requests of their own, and from there to store, session and JSON" {
    provider "$MORE"
    answers '{}'
    signed_in_as "Ann Bee"
    facts '["ann@bee.example",true,["role-17","role-18","silver"]]'
    assert_equal "$(standin_log | jq -r 'select(.path == "/member").headers["X-App"]')" "$SITE_CLIENT_ID"
    assert_equal "$(standin_log | jq -r 'select(.path | test("emails|member|tiers")).headers.Authorization[:7]' |
        sort | uniq -c | tr -s ' ')" " 3 Bearer "
    # Also from the store, though the file maps neither.
    site_config_edit '.session.recheck_minutes = 0'
    facts '["ann@bee.example",true,["role-17","role-18","silver"]]'
    # Who is no member of something has no page there: that is no fault. What was known before goes.
    answers '{"GET /member": {"status": 404, "json": {"message": "Unknown Guild"}}, "GET /tiers/77": {"json": {}},
        "GET /emails": {"json": [{"email": "ann@bee.example", "primary": "true", "verified": 0}]}}'
    signed_in_as "Ann Bee"
    facts '["ann@bee.example",false,null]'
    assert_equal "$(log_lines callback)" ""
}

@test "what cannot be had is missing, the log says why, and the login goes on" {
    provider "$MORE"
    answers '{}'
    signed_in_as "Ann Bee"
    answers '{"GET /emails": {"status": 403, "json": {"message": "Resource not accessible"}},
        "GET /member": {"status": 500, "body": "oh"}}'
    signed_in_as "Ann Bee"
    facts '[null,null,["silver"]]'
    assert_contains "$(log_lines callback)" \
        'the endpoint of email_request answered 403: "Resource not accessible", so that the account has no e-mail address'
    assert_contains "$(log_lines callback)" 'the endpoint of groups_requests answered 500'
    # Broken off, or an error that comes as a success.
    answers '{"GET /emails": {"fault": "reset"}, "GET /member": {"json": {"error": "no"}}, "GET /tiers/77": {"body": "<"}}'
    signed_in_as "Ann Bee"
    facts '[null,null,null]'
}

@test "a rule that wants groups keeps out whose groups cannot be had, and the log says why" {
    provider "$MORE"
    provider '{allow: {groups: ["role-17"]}}'
    answers '{}'
    signed_in_as "Ann Bee"
    answers '{"GET /member": {"status": 500}}'
    fails not_allowed
    assert_contains "$(log_lines callback)" 'so that the account has no groups from there'
}

@test "all that needs no more than the token is asked for at the same time" {
    local asked
    provider "$MORE"
    answers '{"GET /me": {"json": {"id": 77, "name": "Ann Bee"}, "fault": "hold"}, "GET /emails": {"json": [], "fault": "hold"},
        "GET /member": {"json": {}, "fault": "hold"}}'
    begin "$JAR"
    decide
    finish "$JAR" 3>&- &
    asked=$!
    standin_holds 3
    standin_release
    wait "$asked"
    assert_equal "$(user 77 .instagram.full_name)" "Ann Bee"
}

@test "a list of addresses can be in the profile itself" {
    provider '{email_request: {list: "/emails", where: {"/primary": true}, email: "/value", verified: "/confirmed"}}'
    standin_control '{"answers": {"GET /me": {"json": {"id": 77, "name": "Ann Bee", "emails": [{"value": "a@b.example"},
        {"value": "ann@bee.example", "primary": true, "confirmed": "true"}]}}}}'
    signed_in_as "Ann Bee"
    facts '["ann@bee.example",true,null]'
    assert_equal "$(standin_log | jq -r 'select(.path == "/me").method' | wc -l)" 1
}

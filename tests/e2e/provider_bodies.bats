#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# Responses as servers give them: content codings that nobody asked for, forms in place of JSON, tokens and codes of any
# length that is in use, and ids that stand for nobody.

load helpers
load tokens

# fails_with SETTING WORDS: a sign-in fails as provider_error, with WORDS in the one line of the log.
fails_with() {
    note "$*"
    standin_reset
    standin_control "$1"
    site_clear_logs
    rm -f "$JAR"
    begin "$JAR"
    decide
    assert_login_fails "$JAR" provider_error
    assert_one_line callback "$2"
}

# works_with SETTING: a sign-in works, and nothing is logged.
works_with() {
    note "$*"
    standin_reset
    standin_control "$1"
    site_clear_logs
    rm -f "$JAR"
    sign_in "$JAR"
    assert_equal "$(log_lines)" ""
}

raw() { # BODY [CONTENT_TYPE [STATUS]]: an answer to be sent as it is
    jq -n --arg body "$1" --arg type "${2-application/json}" --argjson status "${3:-200}" \
        '{body: $body, content_type: $type, status: $status}'
}

text_of() { # LENGTH
    head -c "$1" /dev/zero | tr '\0' x
}

@test "no coding is asked for, and one that comes all the same is decoded, or named" {
    local endpoint coding
    # The static programs have no zlib.
    if [[ -n ${SITE_ARCHIVE-} ]]; then
        fails_with '{"token_fault": "gzip"}' "gzip-encoded"
        fails_with '{"profile_fault": "deflate"}' "deflate-encoded"
        return
    fi
    for endpoint in token profile long_lived; do
        for coding in gzip deflate; do
            works_with "{\"${endpoint}_fault\": \"$coding\"}"
        done
    done
    sign_in "$JAR"
    assert_equal "$(standin_log | jq -r 'select(.headers["User-Agent"] // "" | startswith("cgi-login")) | .headers["Accept-Encoding"]' | sort -u)" identity
    assert_no_secrets
}

@test "a coding that cannot be decoded is named, and what is decoded is limited in size" {
    local endpoint
    for endpoint in token profile; do
        fails_with "{\"${endpoint}_fault\": \"unknown_coding\"}" "x-rot13-encoded"
        fails_with "{\"${endpoint}_fault\": \"gzip_broken\"}" "gzip-encoded"
        fails_with "{\"${endpoint}_fault\": \"gzip_behind\"}" "gzip-encoded"
    done
    [[ -n ${SITE_ARCHIVE-} ]] || fails_with '{"profile_fault": "gzip_bomb"}' "larger than"
    assert_no_secrets
}

@test "a token endpoint that answers with a form, as before the standard" {
    local type
    standin_control '{"long_lived_fault": "code_4"}'
    for type in application/x-www-form-urlencoded 'application/x-www-form-urlencoded; charset=utf-8' text/plain text/html ''; do
        note "$type"
        standin_control "$(jq -n --argjson raw "$(raw 'access_token=IGAAform%2Ftoken&token_type=bearer&expires_in=7200&scope=one+two' "$type")" \
            --argjson profile "$(raw '{"id":"5","username":"x"}')" '{raw_token: $raw, raw_profile: $profile}')"
        rm -f "$JAR"
        store_wipe
        sign_in "$JAR"
        assert_equal "$(stored_token 5)" IGAAform/token
        assert_equal "$(lifetime 5)" 7200
        assert_equal "$(user 5 '.instagram.token.scopes | tojson')" '["one","two"]'
    done
    fails_with "$(jq -n --argjson raw "$(raw 'error=bad_code&error_description=The+code+is+old' application/x-www-form-urlencoded)" '{raw_token: $raw}')" \
        'answered 200: "The code is old" (bad_code)'
    fails_with "$(jq -n --argjson raw "$(raw 'access_token=IGAAx&expires=5' application/json)" '{raw_token: $raw}')" "not well-formed JSON"
}

@test "an error counts whatever the status is, where there is no token to use" {
    local body
    for body in '{"access_token":"","error":"invalid_grant"}' '{"access_token":null,"error":"invalid_grant"}' \
        '{"error":"invalid_grant"}' '{"access_token":17,"error":"invalid_grant"}'; do
        fails_with "$(jq -n --argjson raw "$(raw "$body")" '{raw_token: $raw}')" 'answered 200: "invalid_grant"'
    done
    fails_with "$(jq -n --argjson raw "$(raw '{"id":"","error":{"message":"Not today","code":1}}')" '{raw_profile: $raw}')" 'answered 200: "Not today"'
}

@test "status 201, a byte order mark and text/javascript are no reason to fail" {
    local profile='{"id":"17841405793187218","username":"x"}'
    works_with "$(jq -n --argjson raw "$(raw "$profile" application/json 201)" '{raw_profile: $raw}')"
    works_with "$(jq -n --argjson raw "$(raw $'\uFEFF'"$profile")" '{raw_profile: $raw}')"
    works_with "$(jq -n --argjson raw "$(raw "$profile" text/javascript)" '{raw_profile: $raw}')"
    works_with "$(jq -n --argjson raw "$(raw "$profile" '')" '{raw_profile: $raw}')"
}

@test "access tokens of up to 16 KiB are taken, stored, refreshed and printed" {
    local long refreshed
    long=IGAA$(text_of 16380)
    standin_control "$(jq -n --arg token "$long" --argjson profile "$(raw '{"id":"5","username":"x"}')" \
        '{token: {access_token: $token}, raw_profile: $profile, raw_long_lived: ({access_token: $token, expires_in: 5183944} | tojson)}')"
    sign_in "$JAR"
    assert_equal "$(log_lines)" ""
    [[ $(stored_token 5) == "$long" ]] || fail "the token is not stored whole"
    token 0 5
    [[ $(out) == "$long" ]] || fail "the token is not printed whole"
    refreshed=IGAA$(text_of 16379)y
    later "$DUE"
    standin_control "$(jq -n --arg token "$refreshed" '{raw_refresh: ({access_token: $token, expires_in: 5183944} | tojson)}')"
    admin 0 refresh
    tally 1 0 0 0 0 0
    [[ $(stored_token 5) == "$refreshed" ]] || fail "the refreshed token is not stored whole"
    site_config_edit '.providers.instagram.profile_auth = "bearer"'
    rm -f "$JAR"
    sign_in "$JAR"
}

@test "a longer access token is refused, and said to be" {
    fails_with "$(jq -n --arg token "$(text_of 16385)" '{token: {access_token: $token}}')" "no text of 1 to 16384 visible characters"
}

@test "a refresh token that is too long is said to be, and the login goes on" {
    use_refresh_tokens keep
    standin_control "$(jq -n --arg token "$(text_of 16384)" '{token: {refresh_token: $token}}')"
    sign_in "$JAR"
    assert_equal "$(log_lines)" ""
    [[ $(user "$BAKERY" '.instagram.refreshToken' --with-token) == "$(text_of 16384)" ]] || fail "the refresh token is not stored whole"
    standin_control "$(jq -n --arg token "$(text_of 16385)" '{token: {refresh_token: $token}}')"
    rm -f "$JAR"
    sign_in "$JAR"
    assert_one_line callback "the refresh token is not kept: it is no text of at most 16384 visible characters"
    assert_equal "$(user "$BAKERY" '.instagram.refreshToken' --with-token)" null
}

@test "codes of up to 4 KiB reach the provider whole" {
    local code
    code=$(text_of 4000)$(printf '/+%.0s' {1..48})
    assert_equal "${#code}" 4096
    begin "$JAR"
    decide
    CALLBACK=$(sed -E "s|code=[^&#]*|code=${code//+/%2B}|" <<<"${CALLBACK//\/+/}")
    standin_control "$(jq -n --argjson raw "$(raw '{"access_token":"IGAAx"}')" --argjson profile "$(raw '{"id":"5","username":"x"}')" \
        '{raw_token: $raw, raw_profile: $profile}')"
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    [[ $(standin_log | jq -r 'select(.path == "/oauth/access_token").form.code') == "$code" ]] || fail "the code did not arrive whole"
}

@test "an id that stands for nobody signs nobody in" {
    local id
    for id in 0 '"0"' '"00"' '"0.0"' '"-0"' -1 '"00000000-0000-0000-0000-000000000000"' '" "' '"\u200b\u3164"' '"null"' \
        '"NULL"' '"undefined"' '"None"' '"false"' '"[object Object]"' '"nil"'; do
        fails_with "$(jq -n --arg id "$id" '{raw_profile: "{\"id\":\($id),\"username\":\"x\"}"}')" "no usable id: "
    done
    assert_one_line callback '"nil" stands for nobody'
    assert_equal "$(user_count)" 0
    # Beside an id of its own it is left out.
    for id in 0 '"undefined"' '""'; do
        standin_reset
        standin_control "$(jq -n --arg id "$id" '{raw_profile: "{\"id\":\"5\",\"user_id\":\($id),\"username\":\"x\"}"}')"
        rm -f "$JAR"
        sign_in "$JAR"
        assert_not_equal "$(user 5 .instagram.user_id)" "$(jq -r . <<<"$id")"
    done
    standin_control '{"token": {"user_id": 0}}'
    rm -f "$JAR"
    sign_in "$JAR"
    assert_equal "$(user 5 .instagram.user_id)" null
    # One that only begins so is somebody.
    works_with '{"raw_profile": "{\"id\":\"nullable\",\"username\":\"x\"}"}'
    works_with '{"raw_profile": "{\"id\":\"007\",\"username\":\"x\"}"}'
    works_with '{"raw_profile": "{\"id\":\"-10\",\"username\":\"x\"}"}'
    works_with '{"raw_profile": "{\"id\":\"00000000-0000-0000-0000-00000000000a\",\"username\":\"x\"}"}'
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# What the provider can do wrong, at the token and at the profile endpoint: the right code for browser and program, one
# log line with the cause in the provider's own words, and no secret anywhere.

load helpers

setup() {
    e2e_setup
    # With a verifier there is one secret more to lose.
    site_config_edit '.providers.instagram.pkce = "S256"'
}

# fails SETTING CODE WORDS: with this setting of the stand-in, a sign-in fails with CODE, in a browser and as JSON, and
# WORDS are in the one line of the log.
fails() {
    note "$*"
    standin_reset
    outage_forget
    standin_control "$1"
    site_clear_logs
    rm -f "$JAR"
    begin "$JAR"
    decide
    assert_login_fails "$JAR" "$2"
    assert_one_line callback "$2: "
    assert_one_line callback "$3"
    # Of all that came from outside, nothing may start a line of its own or steer a terminal.
    assert_equal "$(LC_ALL=C tr -d '\n\t -~\200-\377' <"$SITE_DIR/logs/error.log")" ""
    assert_equal "$(user_count)" 0
    rm -f "$JAR"
    begin "$JAR"
    decide
    http "${AS_JSON[@]}" -b "$JAR" -c "$JAR" "$CALLBACK"
    assert_status 502
    assert_equal "$(header Content-Type)" application/problem+json
    assert_equal "$(json '"\(.status) \(.code)"')" "502 $2"
    # The provider's words are for the operator: a visitor gets ours.
    refute_contains "$(body)" "$3"
    assert_equal "$(standin_state | jq .redirect_hits)" 0
    assert_no_secrets
}

@test "errors of the token endpoint are told in its own words" {
    fails '{"token_fault": "used_code"}' provider_error "This authorization code has been used"
    fails '{"token_fault": "bad_secret"}' provider_error "Error validating client secret"
    fails '{"token_fault": "invalid_app"}' provider_error "Invalid platform app"
    fails '{"token_fault": "code_190"}' provider_error "Session has expired on Tuesday, 06-Jan-26 09:00:00 PST."
    fails '{"token_fault": "code_4"}' provider_error "Application request limit reached"
    fails '{"token_fault": "http_429"}' provider_error "429"
}

@test "errors of the profile endpoint are told in its own words" {
    fails '{"profile_fault": "code_190"}' provider_error "Session has expired on Tuesday, 06-Jan-26 09:00:00 PST."
    fails '{"profile_fault": "code_4"}' provider_error "Application request limit reached"
    fails '{"profile_fault": "http_429"}' provider_error "429"
    fails '{"profile_fault": "used_code"}' provider_error "This authorization code has been used"
    fails '{"profile_fault": "bad_secret"}' provider_error "Error validating client secret"
    fails '{"profile_fault": "invalid_app"}' provider_error "Invalid platform app"
}

@test "a redirect URI that the provider does not know is told in its own words" {
    rm -f "$JAR"
    begin "$JAR"
    decide
    standin_control '{"redirect_uris": ["https://www.example.com/auth/instagram/callback"]}'
    assert_login_fails "$JAR" provider_error
    assert_one_line callback "Invalid redirect_uri"
}

@test "a page of HTML with status 500 is provider_error, and the log names the status and the type" {
    fails '{"token_fault": "http_500_html"}' provider_error "500: "
    assert_contains "$(log_lines)" "text/html"
    fails '{"profile_fault": "http_500_html"}' provider_error "500: "
    assert_contains "$(log_lines)" "text/html"
}

@test "a redirect of the provider is not followed" {
    fails '{"token_fault": "redirect"}' provider_error "redirect"
    fails '{"profile_fault": "redirect"}' provider_error "redirect"
}

@test "an answer of megabytes is refused before it is read to its end" {
    fails '{"token_fault": "oversized"}' provider_error "larger than"
    fails '{"profile_fault": "oversized"}' provider_error "larger than"
}

@test "an answer that is cut short is provider_error" {
    fails '{"token_fault": "truncated"}' provider_error "$STANDIN_URL"
    fails '{"profile_fault": "truncated"}' provider_error "$STANDIN_URL"
}

@test "a connection that is reset is provider_unreachable, and the log names the host" {
    fails '{"token_fault": "reset"}' provider_unreachable "$STANDIN_URL: "
    fails '{"profile_fault": "reset"}' provider_unreachable "$STANDIN_URL: "
}

@test "an answer that is no JSON, empty or nested too deeply is provider_error" {
    local endpoint
    for endpoint in token profile; do
        fails "{\"${endpoint}_fault\": \"not_json\"}" provider_error "$endpoint endpoint answered 200"
        fails "{\"${endpoint}_fault\": \"empty\"}" provider_error "$endpoint endpoint answered 200"
        fails "{\"${endpoint}_fault\": \"deep_json\"}" provider_error "nested too deeply"
    done
}

@test "JSON that is no object is provider_error" {
    local type
    for type in array number string null true; do
        fails "{\"token_fault\": {\"fault\": \"wrong_type\", \"as\": \"$type\"}}" provider_error "token endpoint answered 200"
        fails "{\"profile_fault\": {\"fault\": \"wrong_type\", \"as\": \"$type\"}}" provider_error "profile"
    done
}

@test "a token answer without a usable token is provider_error" {
    local token
    fails '{"token_fault": "missing_token"}' provider_error "token endpoint answered"
    fails '{"token_fault": "invalid_utf8"}' provider_error "token endpoint answered"
    fails '{"token_fault": "nul_byte"}' provider_error "token endpoint answered"
    fails '{"token_fault": "nul_escape"}' provider_error "token endpoint answered"
    for token in '""' 17 '{}' '[]' true '"a b"' '"a\r\nX-Injected: 1"' "\"$(printf 'a%.0s' {1..16385})\""; do
        fails "$(jq -n --argjson token "$token" '{token: {access_token: $token}}')" provider_error "token endpoint answered"
    done
    fails '{"token": {"token_type": "mac"}}' provider_error "bearer"
}

@test "a profile without a usable id is provider_error" {
    local id
    fails '{"profile_fault": "missing_id"}' provider_error "profile endpoint answered 200"
    fails '{"profile_fault": "nul_byte"}' provider_error "profile endpoint answered 200"
    for id in '""' 1.5 true '{}' '["1"]' "\"$(printf '1%.0s' {1..129})\""; do
        fails "$(jq -n --argjson id "$id" '{raw_profile: ({id: $id, username: "x"} | tojson)}')" provider_error "profile"
    done
    fails '{"raw_profile": "{\"data\": []}"}' provider_error "profile endpoint answered 200"
    fails '{"raw_profile": "{\"ID\": \"1\"}"}' provider_error "profile endpoint answered 200"
    fails '{"raw_profile": "{\"id\": \"1\"} trailing"}' provider_error "JSON"
}

@test "what only spoils some fields does not keep a person out" {
    standin_control '{"token_fault": "missing_id"}'
    sign_in "$JAR"
    standin_control '{"token_fault": "null_fields"}'
    sign_in "$JAR"
    standin_control '{"token_fault": "none", "profile_fault": "null_fields"}'
    store_wipe
    rm -f "$JAR"
    sign_in "$JAR"
    profile "$JAR"
    assert_equal "$(json '.user | keys_unsorted | sort | join(" ")')" "id user_id"
    standin_control '{"profile_fault": "missing_token"}'
    sign_in "$JAR"
    assert_no_secrets
}

@test "bad bytes and NUL in a name become replacement characters, and the page stays well-formed" {
    local fault
    for fault in invalid_utf8 nul_escape; do
        note "$fault"
        standin_control "{\"profile_fault\": \"$fault\"}"
        rm -f "$JAR"
        sign_in "$JAR"
        profile "$JAR"
        assert_regex "$(json .user.username)" $'^ab\uFFFD.*cd$'
        http -b "$JAR" /profile
        assert_status 200
        iconv -f utf-8 -t utf-8 "$BODY" >/dev/null
        assert_contains "$(body)" $'@ab\uFFFD'
        assert_equal "$(LC_ALL=C tr -dc '\000-\010\013-\037' <"$BODY" | wc -c)" 0
    done
}

@test "an error text that repeats the secrets does not bring them into the log" {
    local code
    begin "$JAR"
    decide
    code=$(query_of "$CALLBACK" code)
    standin_control "$(jq -n --arg text "bad secret $SITE_CLIENT_SECRET for code $code" \
        '{raw_token: {status: 400, body: ({error_message: $text} | tojson)}}')"
    assert_login_fails "$JAR" provider_error
    assert_one_line callback "bad secret"
    assert_no_secrets
}

@test "a profile error that repeats the token does not bring it into the log" {
    local token=IGAAthistokencameback0123456789
    # The stand-in does not know this token, so the answer is laid down beforehand.
    standin_control "$(jq -n --arg token "$token" '{token: {access_token: $token}, raw_profile: {status: 400,
        body: ({error: {message: ("Cannot parse access token " + $token), type: "OAuthException", code: 190}} | tojson)}}')"
    begin "$JAR"
    decide
    assert_login_fails "$JAR" provider_error
    assert_one_line callback "Cannot parse access token"
    assert_no_secrets "$token"
}

@test "an error text with line breaks and escape sequences stays one harmless line" {
    fails "$(jq -n '{raw_token: {status: 400, body: ({error_message: "first\r\nsecond \u001b[31mred\u202e\u0007 \u0085end"} | tojson)}}')" \
        provider_error "first"
    refute_contains "$(log_lines)" $'\e'
    refute_contains "$(site_error_log)" $'\u202e'
}

@test "a very long error text is cut, and nothing after it is lost" {
    fails "$(jq -n '{raw_token: {status: 400, body: ({error_message: ("x" * 5000)} | tojson)}}')" provider_error "xxxxx"
    [[ $(log_lines | wc -c) -lt 2048 ]]
}

@test "a token that cannot stand in a header is not sent in one" {
    site_config_edit '.providers.instagram.profile_auth = "bearer"'
    fails "$(jq -n '{token: {access_token: "abcdefgh\r\nX-Injected: yes"}}')" provider_error "token"
    assert_equal "$(standin_log | jq -c 'select(.path == "/v26.0/me")')" ""
}

@test "a provider that refuses connections is provider_unreachable, and logging in works once it is back" {
    begin "$JAR"
    decide
    known_secrets >"$WORK/early"
    standin_stop
    assert_login_fails "$JAR" provider_unreachable
    assert_one_line callback "$STANDIN_URL: "
    standin_start
    mapfile -t early <"$WORK/early"
    assert_no_secrets "${early[@]}"
    sign_in "$JAR"
}

@test "a host that does not exist is provider_unreachable, and the log names it" {
    # RFC 2606: .invalid never resolves.
    site_config_edit '.providers.instagram.token_url = "https://api.invalid/oauth/access_token"'
    begin "$JAR"
    decide
    assert_login_fails "$JAR" provider_unreachable
    assert_one_line callback "https://api.invalid: "
    assert_no_secrets
}

@test "no proxy is used, neither from a Proxy header nor from the server's environment" {
    # The site itself plays the proxy: whatever came through would be in its access log with a whole URL.
    SITE_HTTPD_EXTRA="SetEnvIf X-Test-Proxy (.+) http_proxy=\$1 HTTP_PROXY=\$1 ALL_PROXY=\$1 all_proxy=\$1" site_restart
    begin "$JAR"
    decide
    finish "$JAR" -H "Proxy: $SITE_URL" -H "X-Test-Proxy: $SITE_URL"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    refute_contains "$(cat "$SITE_DIR/logs/access.log")" "$STANDIN_URL/"
    # Two requests of the browser, and none of the program.
    assert_equal "$(wc -l <"$SITE_DIR/logs/access.log")" 2
    site_restart
}

@test "a provider that is slow, or drips, is given up before ten seconds are over" {
    local state slow started=$SECONDS
    standin_control '{"token_fault": {"fault": "hold", "times": 1}}'
    begin "$WORK/slow"
    decide
    # The two wait side by side: this is the longest test there is.
    http -b "$WORK/slow" -m 30 "$CALLBACK" &
    slow=$!
    standin_holds 1
    # A byte now and then, so that no connection is ever idle.
    standin_control '{"profile_fault": "drip"}'
    begin "$WORK/drip"
    decide
    assert_login_fails "$WORK/drip" provider_unreachable
    wait
    # By themselves: what is held comes after half a minute, and what drips takes longer.
    [[ $((SECONDS - started)) -ge 7 && $((SECONDS - started)) -le 25 ]] || fail "it took $((SECONDS - started)) s"
    standin_release
    HEADERS=$(compgen -G "$KEPT/$slow.*.headers")
    assert_equal "$(header Location)" "$SITE_URL/login?error=provider_unreachable"
    assert_equal "$(log_lines callback | grep -c "provider_unreachable: the .* endpoint, $STANDIN_URL: .*; callback_seconds allows no more")" 2
    # Nothing is left running.
    state=$(_site_programs)
    assert_equal "$state" ""
    assert_no_secrets
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# A provider behind TLS: whose certificate is trusted, and whose is not, by the programs and by `check --online`.

load helpers
export SITE_STANDIN_TLS=1

@test "with ca_file the provider's certificate is trusted" {
    sign_in "$JAR"
    assert_signed_in "$JAR"
    assert_no_secrets
}

@test "without ca_file the provider's certificate is refused, before anything is sent" {
    site_config_edit 'del(.providers.instagram.ca_file)'
    begin "$JAR"
    decide
    assert_login_fails "$JAR" provider_unreachable
    assert_one_line callback "certificate"
    assert_equal "$(standin_log | jq -c 'select(.path == "/oauth/access_token")')" ""
    assert_no_secrets
}

@test "a ca_file with another certificate does not make the provider trusted" {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout /dev/null -out "$SITE_DIR/tls/stranger.pem" 2>/dev/null
    chmod 644 "$SITE_DIR/tls/stranger.pem"
    site_config_edit --arg file "$SITE_DIR/tls/stranger.pem" '.providers.instagram.ca_file = $file'
    begin "$JAR"
    decide
    assert_login_fails "$JAR" provider_unreachable
    assert_equal "$(standin_log | jq -c 'select(.path == "/oauth/access_token")')" ""
}

@test "a ca_file that is not there is an error, not a reason to trust everybody" {
    site_config_edit '.providers.instagram.ca_file = "/nonexistent/ca.pem"'
    begin "$JAR"
    decide
    finish "$JAR"
    assert_not_equal "$LOCATION" "$SITE_URL/profile"
    assert_equal "$(standin_log | jq -c 'select(.path == "/oauth/access_token")')" ""
    assert_contains "$(log_lines callback)" "/nonexistent/ca.pem"
}

@test "a certificate for another host name is refused, however trusted" {
    begin "$JAR"
    decide
    standin_stop
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=elsewhere.example \
        -addext subjectAltName=DNS:elsewhere.example -keyout "$SITE_DIR/tls/other-key.pem" \
        -out "$SITE_DIR/tls/other.pem" 2>/dev/null
    chmod 644 "$SITE_DIR/tls/other.pem"
    standin_start --certificate "$SITE_DIR/tls/other.pem" --key "$SITE_DIR/tls/other-key.pem"
    site_config_edit --arg file "$SITE_DIR/tls/other.pem" '.providers.instagram.ca_file = $file'
    assert_login_fails "$JAR" provider_unreachable
    assert_one_line callback "localhost"
    assert_equal "$(standin_log | jq -c 'select(.path == "/oauth/access_token")')" ""
    refute site_admin check --online >"$WORK/check" 2>&1
    assert_contains "$(cat "$WORK/check")" "FIX"
    standin_stop
    standin_start
}

@test "each of a provider's hosts has to show its own certificate, also one that is connected to ahead" {
    local speed port other pid
    port=$(_site_free_port)
    other=https://localhost:$port
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout "$WORK/stranger.key" -out "$WORK/stranger.pem" 2>/dev/null
    openssl s_server -quiet -www -accept "127.0.0.1:$port" -key "$WORK/stranger.key" -cert "$WORK/stranger.pem" \
        </dev/null >"$WORK/asked" 2>&1 3>&- &
    pid=$!
    for speed in '"none"' '{"fault": "slow", "seconds": 0.2}'; do
        note "$speed"
        standin_control "{\"token_fault\": $speed}"
        site_clear_logs
        site_config_edit --arg url "$other/v26.0/me" '.providers.instagram.profile_url = $url'
        begin "$WORK/jar"
        decide
        assert_login_fails "$WORK/jar" provider_unreachable
        assert_one_line callback "the profile endpoint, $other: "
        assert_one_line callback "certificate"
        site_clear_logs
        cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
        site_config_edit --arg url "$other/access_token" '.providers.instagram.long_lived.url = $url'
        sign_in "$WORK/jar"
        assert_one_line callback "the short-lived token stays"
        assert_one_line callback "$other: "
        cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
        rm -f "$WORK/jar"
    done
    kill "$pid"
}

@test "a provider that speaks no TLS on its https port is provider_unreachable" {
    site_config_edit --arg url "${SITE_URL/http:/https:}" '.providers.instagram.token_url = $url + "/token"'
    begin "$JAR"
    decide
    assert_login_fails "$JAR" provider_unreachable
    assert_one_line callback "${SITE_URL/http:/https:}: "
}

@test "check --online says that the provider answers over TLS, or that its certificate is not trusted" {
    site_admin check --online >"$WORK/check"
    assert_contains "$(cat "$WORK/check")" "$STANDIN_URL answers over TLS"
    site_config_edit 'del(.providers.instagram.ca_file)'
    refute site_admin check --online >"$WORK/check"
    assert_regex "$(cat "$WORK/check")" "FIX +providers.instagram: $STANDIN_URL: .*certificate"
    # Without --online nobody is asked.
    site_clear_logs
    site_admin check >"$WORK/check"
    refute_contains "$(cat "$WORK/check")" "answers"
}

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

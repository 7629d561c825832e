#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# OpenID Connect at providers that others wrote: an issuer alone is enough; what is wrong in an ID token, in the metadata,
# in the keys and in the authorization response is refused; what is kept, and when it is asked for again.

load helpers
load openid
export E2E_CLOCK=1

setup_file() {
    e2e_setup_file
    openid_start
    openid_configure
    cp -p "$SITE_CONFIG" "$SITE_DIR/config.pristine"
}

setup() {
    e2e_setup
    openid_forget
    mock '{}'
}

teardown_file() {
    openid_stop
    e2e_teardown_file
}

@test "an issuer alone is enough: the certified provider, with PKCE, nonce and Basic, and its standard claims" {
    begin "$JAR" "/auth/certified?return_to=/members/&reauth=1"
    assert_equal "$AUTHORIZE" "$SITE_URL/auth/certified/callback?begin=1&return_to=%2Fmembers%2F&reauth=1"
    begin "$JAR" "$AUTHORIZE"
    assert_regex "$AUTHORIZE" "^$CERTIFIED/auth\?client_id=site&"
    assert_equal "$(query_of "$AUTHORIZE" scope)" "openid profile email"
    assert_regex "$(query_of "$AUTHORIZE" nonce)" '^[A-Za-z0-9_-]{43}$'
    assert_equal "$(query_of "$AUTHORIZE" code_challenge_method)" S256
    consent
    assert_equal "$(query_of "$CALLBACK" iss)" "$CERTIFIED"
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/members/"
    profile "$JAR"
    assert_equal "$(json '.provider, .user.id, .user.username, .user.full_name' | xargs)" "certified anna anna Anna Example"
    assert_equal "$(log_lines)" ""
    # The next one touches no network before the browser is at the provider.
    begin "$WORK/second" /auth/certified
    assert_regex "$AUTHORIZE" "^$CERTIFIED/auth\?"
    assert_no_secrets
}

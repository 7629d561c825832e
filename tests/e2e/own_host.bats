#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# A login that begins under another name of the site than base_url's, or ends there.

load helpers

# What start answers under this host.
start_at() { # HOST [PATH [CURL OPTION...]]
    http -H "Host: $1" "${@:3}" "${2:-/auth/instagram}"
    assert_status 302
    LOCATION=$(header Location)
}

port() { printf '%s' "${SITE_URL##*:}"; }

@test "a login that begins under another name goes on under base_url, and ends signed in" {
    start_at "www.localhost:$(port)" "/auth/instagram?return_to=/list/?f[c]=red%23part&utm_source=a&utm_source=b"
    assert_equal "$LOCATION" "$SITE_URL/auth/instagram?return_to=%2Flist%2F%3Ff%255Bc%255D%3Dred%23part&moved=1"
    assert_equal "$(header Set-Cookie)" ""
    begin "$JAR" "${LOCATION#"$SITE_URL"}"
    assert_contains "$AUTHORIZE" "state="
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/list/?f%5Bc%5D=red#part"
}

@test "a login under base_url's name in any case and with any port begins where it is" {
    local host
    for host in "localhost:$(port)" LOCALHOST "LocalHost:1"; do
        note "$host"
        start_at "$host"
        assert_contains "$LOCATION" "state="
    done
}

@test "the provider, reauth and the plain CGI path are kept on the way to base_url" {
    start_at www.localhost "/auth/instagram/?reauth=1"
    assert_equal "$LOCATION" "$SITE_URL/auth/instagram?reauth=1&moved=1"
    start_at www.localhost /auth
    assert_equal "$LOCATION" "$SITE_URL/auth/instagram?moved=1"
    start_at www.localhost "/cgi-bin/start$SITE_CGI_SUFFIX/instagram"
    assert_equal "$LOCATION" "$SITE_URL/cgi-bin/start$SITE_CGI_SUFFIX/instagram?moved=1"
    http -H 'Host: www.localhost' "${AS_JSON[@]}" /auth/instagram
    assert_equal "$(json .authorize_url)" "$SITE_URL/auth/instagram?moved=1"
}

@test "no name that a client makes up is where it is sent, and none sends it round twice" {
    local host
    for host in evil.example 'evil.example:80' 'localhost.evil.example' 'localhost@evil.example' "$(printf 'a%.0s' {1..300})"; do
        note "$host"
        http -H "Host: $host" /auth/instagram
        # Apache itself refuses some.
        [[ $STATUS != 400 ]] || continue
        assert_equal "$(header Location)" "$SITE_URL/auth/instagram?moved=1"
        start_at "$host" "/auth/instagram?moved=1"
        assert_contains "$LOCATION" "state="
    done
    start_at inner.example /auth/instagram -H 'X-Forwarded-Host: evil.example'
    assert_equal "$LOCATION" "$SITE_URL/auth/instagram?moved=1"
}

@test "behind a proxy that tells the name the browser knows, nobody is sent round" {
    start_at "127.0.0.1:$(port)" /auth/instagram -H 'X-Forwarded-Host: localhost, inner.example'
    assert_contains "$LOCATION" "state="
}

@test "a callback under another name is expired, and the log names both" {
    begin "$JAR"
    decide
    http -H "Host: www.localhost" "$CALLBACK"
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/login?error=expired_login"
    assert_contains "$(log_lines callback)" "the browser came to www.localhost, and base_url is $SITE_URL"
}

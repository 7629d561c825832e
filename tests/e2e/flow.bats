#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# The steps of a sign-in, from the button to the profile: redirects, cookies, and JSON instead of redirects.

load helpers
export E2E_CLOCK=1

# The one cookie line of the last answer, as NAME=VALUE and sorted attributes, a line each.
cookie_parts() {
    assert_equal "$(header Set-Cookie | wc -l)" 1
    header Set-Cookie | sed 's/; */\n/g' | {
        IFS= read -r pair
        printf '%s\n' "$pair"
        sort
    }
}

assert_cookie() { # NAME_REGULAR_EXPRESSION MAX_AGE
    local parts
    parts=$(cookie_parts)
    assert_regex "$(head -n 1 <<<"$parts")" "^$1=[A-Za-z0-9_-]*\$"
    # All attributes, and no Domain among them: __Host- wants it so.
    assert_equal "$(tail -n +2 <<<"$parts" | tr '\n' ' ')" "HttpOnly Max-Age=$2 Path=/ SameSite=Lax Secure "
}

@test "a person signs in and sees the profile" {
    begin "$JAR"
    decide harbour.bakery
    finish "$JAR"
    assert_status 302
    assert_equal "$LOCATION" "$SITE_URL/profile"
    http -b "$JAR" "$LOCATION"
    assert_status 200
    assert_contains "$(body)" "Harbour Bakery"
    assert_contains "$(body)" "@harbour.bakery"
    assert_contains "$(body)" "1,320"
    assert_no_secrets
}

@test "signing in writes nothing to the error log" {
    sign_in "$JAR"
    http -b "$JAR" /profile
    assert_equal "$(log_lines)" ""
}

@test "the start sets one pending-login cookie for ten minutes" {
    http /auth/instagram
    assert_status 302
    assert_cookie "${PENDING_COOKIE}[A-Za-z0-9_-]{8}" 600
    refute_contains "$(header Set-Cookie | sed 's/^[^=]*//')" "$(query_of "$(header Location)" state)"
}

@test "the callback sets the session cookie for 14 days, removes the pending login, and notes the provider" {
    begin "$JAR"
    decide
    finish "$JAR"
    assert_equal "$(header Set-Cookie | wc -l)" 3
    assert_equal "$(cookie "$JAR" "$PENDING_COOKIE")" ""
    # Each of the three as if it were alone.
    cp "$HEADERS" "$WORK/all"
    only() { grep -vi "^Set-Cookie:" "$WORK/all" >"$HEADERS" && grep -i "^Set-Cookie: $1" "$WORK/all" >>"$HEADERS"; }
    only "$PENDING_COOKIE"
    assert_cookie "${PENDING_COOKIE}[A-Za-z0-9_-]{8}" 0
    only __Host-cgi_login_session=
    assert_cookie "$SESSION_COOKIE" 1209600
    only __Host-cgi_login_last=
    assert_cookie __Host-cgi_login_last 15552000
    assert_equal "$(cookie "$JAR" __Host-cgi_login_last)" instagram
    http "${AS_JSON[@]}" -b "$JAR" /login
    assert_equal "$(json '.providers[0] | "\(.used_last) \(.mark)"')" "true /cgi-login/marks/instagram.svg"
    http "${AS_JSON[@]}" /login
    assert_equal "$(json '.providers[0].used_last')" null
    http "$SITE_URL$(json '.providers[0].mark')"
    assert_status 200
}

@test "session.lifetime_days sets how long the session cookie lives" {
    site_config_edit '.session.lifetime_days = 2'
    sign_in "$JAR"
    assert_contains "$(header Set-Cookie)" "Max-Age=172800"
    assert_signed_in "$JAR" -H 'X-Test-Clock: 172790'
    begin "$WORK/second"
    decide
    finish "$WORK/second"
    # The browser would drop the cookie by itself: a thief would not. The seal itself ends, with no store to say so.
    store_break
    site_config_edit '.session.lifetime_days = 2'
    cp "$WORK/second" "$WORK/third"
    assert_signed_in "$WORK/third" -H 'X-Test-Clock: 172790'
    assert_signed_out "$WORK/second" -H 'X-Test-Clock: 172810'
    store_mend
}

@test "no redirect of the flow may be stored by a cache" {
    begin "$JAR"
    assert_equal "$(header Cache-Control)" no-store
    decide
    finish "$JAR"
    assert_equal "$(header Cache-Control)" no-store
}

@test "a client that wants JSON gets the addresses instead of redirects" {
    http "${AS_JSON[@]}" -c "$JAR" /auth/instagram
    assert_status 200
    assert_equal "$(header Location)" ""
    AUTHORIZE=$(json .authorize_url)
    decide layla.studio
    http "${AS_JSON[@]}" -b "$JAR" -c "$JAR" "$CALLBACK"
    assert_status 200
    assert_equal "$(json .provider)" instagram
    assert_equal "$(json .location)" "$SITE_URL/profile"
    assert_signed_in "$JAR"
    assert_equal "$(json .user.full_name)" "ليلى حدّاد"
    assert_no_secrets
}

@test "every route takes a slash at its end, and redirect_uri stays as the config says" {
    local uri
    for uri in "$SITE_URL$CALLBACK_PATH" "$SITE_URL$CALLBACK_PATH/"; do
        note "$uri"
        rm -f "$JAR"
        site_config_edit --arg uri "$uri" '.providers.instagram.callback_url = $uri'
        standin_control "$(jq -nc --arg uri "$uri" '{redirect_uris: [$uri]}')"
        begin "$JAR" /auth/instagram/
        assert_equal "$(query_of "$AUTHORIZE" redirect_uri)" "$uri"
        decide
        assert_contains "$CALLBACK" "$uri?"
        CALLBACK=${CALLBACK/"$uri?"/"$SITE_URL$CALLBACK_PATH/?"}
        finish "$JAR"
        assert_equal "$LOCATION" "$SITE_URL/profile"
        http -b "$JAR" /profile/
        assert_status 200
        run site_admin check
        assert_success
    done
    http /login/
    assert_status 200
    assert_contains "$(body)" 'href="/auth/instagram"'
    http -X POST /auth/instagram/deauthorize/
    assert_status 400
    http "/auth/instagram/deletion/?code=x"
    assert_status 404
    http -b "$JAR" -c "$JAR" -X POST /logout/
    assert_status 302
    assert_signed_out "$JAR"
}

@test "a plain CGI path takes a slash at its end" {
    begin "$JAR" "/cgi-bin/start$SITE_CGI_SUFFIX/instagram/"
    decide
    CALLBACK=${CALLBACK/"$CALLBACK_PATH"/"/cgi-bin/callback$SITE_CGI_SUFFIX/instagram/"}
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    http -b "$JAR" "/cgi-bin/profile$SITE_CGI_SUFFIX/"
    assert_status 200
}

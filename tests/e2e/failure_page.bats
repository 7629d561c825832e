#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# Where every failure of a sign-in leads, as a page and as JSON, and what the sign-in page says of it.

load helpers

# provoke CODE: makes the callback fail so; CALLBACK and JAR are ready to `finish`.
provoke() {
    rm -f "$JAR"
    begin "$JAR"
    decide
    case $1 in
    access_denied) CALLBACK="$SITE_URL$CALLBACK_PATH?error=access_denied&state=$(query_of "$AUTHORIZE" state)" ;;
    expired_login) rm -f "$JAR" ;;
    provider_error) standin_control '{"token_fault": "used_code"}' ;;
    provider_unreachable) standin_control '{"token_fault": "reset"}' ;;
    store_unavailable) store_break ;;
    not_allowed) site_config_edit '.providers.instagram.allow = ["nobody"]' ;;
    bad_request) CALLBACK=${CALLBACK/code=/other=} ;;
    esac
}

@test "every failure leads to redirects.failure with its code, whatever that page is called" {
    local code status
    while read -r code status; do
        note "$code"
        e2e_setup
        site_config_edit '.redirects.failure = "/sorry?why=login"'
        cp -p "$SITE_CONFIG" "$SITE_DIR/config.failure"
        provoke "$code"
        finish "$JAR"
        assert_equal "$STATUS $LOCATION" "302 $SITE_URL/sorry?why=login&error=$code"
        # And once more for a client that wants JSON.
        provoke "$code" 2>/dev/null || true
        http "${AS_JSON[@]}" -b "$JAR" "$CALLBACK"
        assert_status "$status"
        assert_equal "$(header Content-Type)" application/problem+json
        assert_equal "$(json '[.status, .code, (.title | length > 5), (has("login_url") | not)] | map(tostring) | join(" ")')" \
            "$status $code true true"
        [[ $code != store_unavailable ]] || store_mend
        assert_no_secrets
    done <<'TABLE'
access_denied 403
expired_login 400
provider_error 502
provider_unreachable 502
not_allowed 403
bad_request 400
store_unavailable 503
TABLE
}

@test "the addresses of redirects may have a fragment, before which the code stands" {
    site_config_edit '.redirects = {success: "/members#top", failure: "/?page=1#login", home: "/#bye"}'
    begin "$JAR"
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/members#top"
    http -b "$JAR" -c "$JAR" -X POST /logout
    assert_equal "$(header Location)" "$SITE_URL/#bye"
    provoke access_denied
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/?page=1&error=access_denied#login"
}

@test "the sign-in page explains every code in plain words, and ignores any other" {
    local code role report
    while read -r code role report; do
        note "$code"
        http "/login?error=$code"
        assert_status 200
        assert_contains "$(body)" "role=\"$role\""
        # Only where the owner has to do something, whom the visitor will tell.
        assert_equal "$(grep -c "<code>$code</code>" <<<"$(body)")" "$report"
        http "${AS_JSON[@]}" "/login?error=$code"
        assert_equal "$(json '.error | [.code, has("quiet"), has("report")] | join(" ")')" "$code false false"
    done <<'TABLE'
access_denied status 0
expired_login alert 0
provider_error alert 1
provider_unreachable alert 1
store_unavailable alert 1
not_allowed alert 0
interrupted_login alert 1
account_taken alert 0
link_refused alert 0
bad_request alert 0
TABLE
    for code in '' none config configuration_error not_signed_in internal_error '%3Cscript%3E' ACCESS_DENIED; do
        note "$code"
        http "/login?error=$code"
        assert_status 200
        refute_contains "$(body)" 'role="alert"'
        refute_contains "$(body)" '<script'
    done
}

# Where there are several, the browser remembers for a minute which it was; it is told only of one that there is.
@test "a failure names the provider" {
    site_config_edit '.redirects.failure = "/sorry"'
    provoke access_denied
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/sorry?error=access_denied"
    http '/login?error=provider_unreachable'
    assert_contains "$(body)" 'Instagram does not answer'
    site_config_edit '.providers.other = .providers.instagram + {preset: "instagram", title: "<Other>",
        callback_url: (.base_url + "/auth/other/callback")}'
    provoke access_denied
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/sorry?error=access_denied"
    assert_contains "$(header Set-Cookie)" "__Host-cgi_login_failed=instagram; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60"
    http -H 'Cookie: __Host-cgi_login_failed=other' '/login?error=provider_error'
    assert_contains "$(body)" '&lt;Other&gt; could not log you in'
    http -H 'Cookie: __Host-cgi_login_failed=nobody' '/login?error=provider_error'
    assert_contains "$(body)" 'The provider could not log you in'
}

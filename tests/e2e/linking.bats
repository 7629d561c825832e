#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# A person with several accounts: linking another one from the profile page, and who cannot have it linked for them;
# unlinking any but the last; the list of accounts and sessions, as a page and as JSON; ending one session.

load helpers
load tokens

# Providers that are the stand-in under other names.
setup() {
    e2e_setup
    site_config_edit '.session.recheck_minutes = 0 | .providers.second = .providers.instagram + {preset: "instagram",
        title: "Second", callback_url: null} | .providers.third = .providers.second + {title: "Third"}
        | del(.providers[].callback_url | nulls)'
    standin_control "$(jq -n --arg site "$SITE_URL" '{redirect_uris: [("instagram", "second", "third") as $name |
        "/auth/\($name)/callback", "/cgi-bin/callback/\($name)" | $site + .]}')"
}

accounts() { # JAR: the page of accounts, as JSON
    http "${AS_JSON[@]}" -b "$1" -c "$1" "/profile?accounts=1"
}

# begin_link JAR PROVIDER: from the button to the provider; sets AUTHORIZE.
begin_link() {
    press "$1" link -d "provider=$2"
    assert_status 303
    begin "$1" "$(header Location)"
}

link() { # JAR PROVIDER [PERSON]: sets LOCATION
    begin_link "$1" "$2"
    decide "${3:-harbour.bakery}"
    finish "$1"
}

linked() { # JAR: the providers of the user, in one line
    accounts "$1"
    assert_status 200
    json '[.accounts[].provider] | sort | join(" ")'
}

@test "another account is linked: either logs in as the same user, with a new session and the old one ended" {
    local before
    sign_in "$JAR"
    cp "$JAR" "$WORK/older"
    before=$(cookie "$JAR" "$SESSION_COOKIE")
    assert_equal "$(linked "$JAR")" instagram
    link "$JAR" second layla.studio
    assert_equal "$LOCATION" "$SITE_URL/profile?accounts=1&done=linked"
    assert_equal "$(cookie "$JAR" __Host-cgi_login_last)" instagram
    refute_contains "$(cookie "$JAR" "$SESSION_COOKIE")" "$before"
    http -b "$JAR" "$LOCATION"
    assert_contains "$(body)" "The account is linked"
    accounts "$JAR"
    assert_equal "$(json '.accounts[] | "\(.provider) \(.title) \(.username) \(.current)"')" "instagram Instagram harbour.bakery false
second Second layla.studio true"
    assert_equal "$(json '[.linkable[].provider] | join(" ")')" third
    assert_signed_out "$WORK/older"
    assert_equal "$(user_count)" 1
    sign_in "$WORK/other"
    assert_equal "$(linked "$WORK/other")" "instagram second"
    begin "$WORK/third" /auth/second
    decide layla.studio
    finish "$WORK/third"
    accounts "$WORK/third"
    assert_equal "$(json '.sessions | length')" 3
    assert_equal "$(log_lines)" ""
    assert_no_secrets
}

@test "linking asks for a fresh login at the provider where that can be had" {
    sign_in "$JAR"
    begin_link "$JAR" second
    assert_equal "$(query_of "$AUTHORIZE" force_reauth)" true
}

@test "an account of another user is refused with words that help, and nobody is signed out" {
    sign_in "$JAR"
    begin "$WORK/friend" /auth/second
    decide layla.studio
    finish "$WORK/friend"
    link "$JAR" second layla.studio
    assert_equal "$LOCATION" "$SITE_URL/profile?accounts=1&error=account_taken"
    http -b "$JAR" -c "$JAR" "$LOCATION"
    assert_status 200
    assert_contains "$(body)" "already logs in somebody else on this site"
    assert_contains "$(log_lines callback)" "users merge"
    http -b "$JAR" "/profile?error=account_taken"
    assert_contains "$(body)" "already logs in somebody else on this site"
    assert_equal "$(linked "$JAR")" instagram
    assert_equal "$(linked "$WORK/friend")" second
    # The same callback again is the same failure, and spends no code.
    finish "$JAR"
    assert_status 302
    assert_equal "$(linked "$JAR")" instagram
}

@test "one account of a provider is all that a user has, and the same one again is refreshed" {
    sign_in "$JAR"
    link "$JAR" second
    link "$JAR" second
    assert_equal "$LOCATION" "$SITE_URL/profile?accounts=1&done=linked"
    link "$JAR" second layla.studio
    assert_equal "$LOCATION" "$SITE_URL/profile?accounts=1&error=account_taken"
    assert_equal "$(linked "$JAR")" "instagram second"
}

@test "what fails on the way leads back to the page of accounts, and the session stays" {
    sign_in "$JAR"
    begin_link "$JAR" second
    decide harbour.bakery refuse
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile?accounts=1&error=access_denied"
    standin_control '{"token_fault": "http_500_html"}'
    begin_link "$JAR" second
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile?accounts=1&error=provider_error"
    assert_equal "$(linked "$JAR")" instagram
}

@test "a link is for the session that asked for it: nobody else's browser, nor one that signed out or in meanwhile" {
    local permit other
    sign_in "$JAR"
    press "$JAR" link -d provider=second
    permit=$(header Location)
    # Somebody else's browser, with a session of its own or none, does not begin it.
    sign_in "$WORK/friend" layla.studio
    for other in "$WORK/friend" "$WORK/nobody"; do
        http -b "$other" -c "$other" "$permit"
        assert_status 403
        assert_equal "$(cookie "$other" "$PENDING_COOKIE")" ""
    done
    # Nor for another provider, nor damaged.
    for other in "${permit/second/third}" "${permit/link=A/link=B}"; do
        http -b "$JAR" "$other"
        assert_status 403
    done
    # Signed out while at the provider.
    begin_link "$JAR" second
    decide
    http -b "$JAR" -c "$JAR" -X POST /logout
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/login?error=link_refused"
    assert_equal "$(cookie "$JAR" "$SESSION_COOKIE")" ""
    # Signed in as somebody else meanwhile.
    sign_in "$JAR"
    begin_link "$JAR" second
    decide
    cp "$JAR" "$WORK/mixed"
    set_cookie "$WORK/mixed" "$SESSION_COOKIE" "$(cookie "$WORK/friend" "$SESSION_COOKIE")"
    finish "$WORK/mixed"
    assert_equal "$LOCATION" "$SITE_URL/profile?accounts=1&error=link_refused"
    assert_signed_in "$WORK/friend"
    assert_equal "$(linked "$WORK/friend")" instagram
    # The session was ended on the server, and the browser still has its cookie.
    sign_in "$JAR"
    sign_in "$WORK/phone"
    begin_link "$JAR" second
    decide
    press "$WORK/phone" sign_out_everywhere
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile?accounts=1&error=link_refused"
    assert_equal "$(site_admin users export | jq -r 'keys[]' | grep -c second)" 0
    assert_no_secrets
}

@test "a link wants the form's token, a provider that there is, and time" {
    sign_in "$JAR"
    http -b "$JAR" -d action=link -d provider=second /profile
    assert_status 400
    http -b "$JAR" -d "csrf_token=$(form_token "$JAR")" -d action=link /profile
    assert_status 400
    for provider in nonsense "" ../x; do
        press "$JAR" link --data-urlencode "provider=$provider"
        assert_status 400
    done
    press "$JAR" link "${AS_JSON[@]}" -d provider=second
    assert_status 200
    assert_regex "$(json .location)" "^$SITE_URL/auth/second\?link="
}

@test "a callback that comes twice links once" {
    sign_in "$JAR"
    begin_link "$JAR" second
    decide
    cp "$JAR" "$WORK/again"
    finish "$JAR"
    assert_equal "$(token_requests)" 2
    # A browser that never saw the response has the older session's cookie, which has ended.
    finish "$WORK/again"
    assert_equal "$LOCATION" "$SITE_URL/profile?accounts=1&done=linked"
    assert_equal "$(token_requests)" 2
    assert_signed_in "$WORK/again"
    # One that saw it only lands again.
    finish "$JAR"
    assert_status 302
    assert_equal "$(linked "$JAR")" "instagram second"
}

# --- unlinking ---

@test "unlinking asks first, takes the account away, and leaves the person signed in with another one" {
    sign_in "$JAR"
    link "$JAR" second layla.studio
    sign_in "$WORK/phone"
    press "$JAR" unlink -d provider=second
    assert_status 200
    assert_contains "$(body)" "Unlink Second?"
    assert_equal "$(linked "$JAR")" "instagram second"
    press "$JAR" unlink -d provider=second -d confirm=yes
    assert_status 303
    assert_equal "$(header Location)" "$SITE_URL/profile?accounts=1&done=unlinked"
    # The session showed that account.
    profile "$JAR"
    assert_equal "$(json '"\(.provider) \(.user.username)"')" "instagram harbour.bakery"
    assert_equal "$(linked "$JAR")" instagram
    assert_signed_in "$WORK/phone"
    # It is free for anybody now, also for a user of its own.
    begin "$WORK/friend" /auth/second
    decide layla.studio
    finish "$WORK/friend"
    assert_equal "$(linked "$WORK/friend")" second
    assert_equal "$(user_count)" 2
}

@test "the only account stays, and so does what is not there" {
    sign_in "$JAR"
    press "$JAR" unlink -d provider=instagram -d confirm=yes
    assert_status 409
    assert_contains "$(body)" "This is your only account here"
    press "$JAR" unlink "${AS_JSON[@]}" -d provider=instagram -d confirm=yes
    assert_equal "$(json '"\(.status) \(.code)"')" "409 last_account"
    press "$JAR" unlink -d provider=second -d confirm=yes
    assert_status 404
    press "$JAR" unlink -d provider=_id -d confirm=yes
    assert_status 404
    press "$JAR" unlink -d confirm=yes
    assert_status 400
    assert_equal "$(linked "$JAR")" instagram
    link "$JAR" second
    press "$JAR" unlink "${AS_JSON[@]}" -d provider=second
    assert_status 400
    press "$JAR" unlink "${AS_JSON[@]}" -d provider=second -d confirm=yes
    assert_equal "$(json tojson)" '{"unlinked":"second"}'
    assert_no_secrets
}

# --- sessions ---

FIREFOX='Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0'

@test "the sessions are listed with their browser, this one marked, and each can be ended" {
    local handle
    sign_in "$JAR"
    begin "$WORK/phone"
    decide
    finish "$WORK/phone" -A "$FIREFOX"
    sign_in "$WORK/friend" layla.studio
    accounts "$JAR"
    assert_equal "$(json '[.sessions[] | "\(.agent) \(.current)"] | sort | join(", ")')" \
        "Firefox on Android false, curl true"
    assert_equal "$(json '.sessions[] | .since | fromdate > 1700000000')" "true
true"
    http -b "$JAR" "/profile?accounts=1"
    # A browser holds the way to the provider, which a form's response leads to, against the policy.
    assert_contains "$(header Content-Security-Policy)" "form-action 'self' http: https:; "
    assert_contains "$(body)" "Firefox on Android"
    assert_contains "$(body)" "This browser"
    accounts "$JAR"
    handle=$(json '.sessions[] | select(.current | not) | .session')
    assert_regex "$handle" '^[0-9a-f]{32}$'
    # Another person cannot end it, and nobody learns whether it is there.
    press "$WORK/friend" end_session "${AS_JSON[@]}" -d "session=$handle"
    assert_equal "$(json tojson)" '{"ended":false}'
    assert_signed_in "$WORK/phone"
    press "$JAR" end_session -d "session=$handle"
    assert_status 303
    assert_equal "$(header Location)" "$SITE_URL/profile?accounts=1&done=session_ended"
    assert_signed_out "$WORK/phone"
    assert_signed_in "$JAR"
    press "$JAR" end_session "${AS_JSON[@]}" -d "session=$handle"
    assert_equal "$(json tojson)" '{"ended":false}'
    assert_equal "$(log_lines)" ""
    press "$JAR" end_session
    assert_status 400
    # This one: signed out here.
    accounts "$JAR"
    handle=$(json '.sessions[] | select(.current) | .session')
    press "$JAR" end_session -d "session=$handle"
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/#signed-out"
    assert_signed_out "$JAR"
    assert_no_secrets
}

@test "without a session there is no list, and without a store none either" {
    http "/profile?accounts=1"
    assert_status 302
    http "${AS_JSON[@]}" "/profile?accounts=1"
    assert_status 401
    sign_in "$JAR"
    store_break
    http -b "$JAR" "/profile?accounts=1"
    assert_status 503
    store_mend
    http -b "$JAR" "/profile?accounts=1"
    assert_status 200
}

@test "both work under the plain CGI paths" {
    local path=/cgi-bin/profile$SITE_CGI_SUFFIX token
    sign_in "$JAR"
    token=$(form_token "$JAR")
    http -b "$JAR" -c "$JAR" -d "csrf_token=$token&action=link&provider=second" "$path"
    assert_status 303
    assert_contains "$(header Location)" "/cgi-bin/start$SITE_CGI_SUFFIX/second?link="
    begin "$JAR" "$(header Location)"
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL$path?accounts=1&done=linked"
}

# --- tokens are given back ---

revocations() { standin_log | jq -c 'select(.path == "/oauth/revoke").form | [.token, .token_type_hint, .client_id]'; }

# The providers take tokens back, and answer so. Without an argument: gladly.
take_back() { # [JSON]
    site_config_edit '.providers[].revocation_url = $url' --arg url "$STANDIN_URL/oauth/revoke"
    standin_control "{\"answers\": {\"POST /oauth/revoke\": ${1-{\"status\": 200\}}}}"
}

@test "the token of an account that is unlinked or deleted is revoked at the provider" {
    local token
    take_back
    sign_in "$JAR"
    link "$JAR" second layla.studio
    token=$(site_admin token "second:$LAYLA")
    press "$JAR" unlink -d provider=second -d confirm=yes
    assert_status 303
    assert_equal "$(revocations)" "[\"$token\",\"access_token\",\"$SITE_CLIENT_ID\"]"
    link "$JAR" second layla.studio
    press "$JAR" delete -d confirm=yes
    assert_status 302
    assert_equal "$(revocations | sort -u | wc -l)" 3
    sign_in "$JAR"
    admin 0 users delete --yes "instagram:$BAKERY"
    assert_equal "$(revocations | sort -u | wc -l)" 4
    assert_equal "$(log_lines)" ""
    assert_no_secrets
}

@test "a provider that does not take the token back, or not in time, is told in the log and changes nothing" {
    local answer started
    for answer in '{"status": 500}' '{"status": 400, "json": {"error": "invalid_client"}}' '{"fault": "hold"}'; do
        note "$answer"
        site_clear_logs
        take_back "$answer"
        sign_in "$JAR"
        link "$JAR" second layla.studio
        started=$SECONDS
        press "$JAR" unlink -d provider=second -d confirm=yes
        assert_status 303
        [[ $((SECONDS - started)) -le 6 ]]
        assert_one_line profile "the token that second had given was forgotten here, and not revoked there: "
        assert_equal "$(linked "$JAR")" instagram
        standin_release
    done
    assert_no_secrets
}

# bats test_tags=host
@test "where the helper cannot be started the log says so, and the account is unlinked" {
    take_back
    sign_in "$JAR"
    link "$JAR" second layla.studio
    mv "$SITE_PRODUCT/lib/revoke" "$SITE_PRODUCT/lib/revoke.kept"
    press "$JAR" unlink -d provider=second -d confirm=yes
    mv "$SITE_PRODUCT/lib/revoke.kept" "$SITE_PRODUCT/lib/revoke"
    assert_status 303
    assert_one_line profile "$SITE_PRODUCT/lib/revoke cannot be started: No such file or directory; upload it again"
    assert_equal "$(linked "$JAR")" instagram
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The whole sign-in, from the button to the profile, and every way in which it must not succeed.
# Covers: redirects and cookies; the authorize URL; PKCE; the token request; shapes of tokens and profiles; ids; a second
# login; refusal; tabs, other browsers, replays, late and reloaded callbacks; return_to; the failure page.

load helpers

setup_file() { E2E_CLOCK=1 e2e_setup_file; }
teardown_file() { e2e_teardown_file; }
setup() {
    e2e_setup
    JAR=$WORK/jar
}
teardown() { e2e_teardown; }

token_requests() { standin_state | jq '.requests["POST /oauth/access_token"] // 0'; }

# The one cookie line of the last answer, as NAME=VALUE and sorted attributes, a line each.
cookie_parts() {
    assert_equal "$(header Set-Cookie | wc -l)" 1 "Set-Cookie lines"
    header Set-Cookie | sed 's/; */\n/g' | { IFS= read -r pair; printf '%s\n' "$pair"; sort; }
}

assert_cookie() { # NAME_REGULAR_EXPRESSION MAX_AGE
    local parts
    parts=$(cookie_parts)
    assert_match "$(head -n 1 <<<"$parts")" "^$1=[A-Za-z0-9_-]*\$"
    # All attributes, and no Domain among them: __Host- wants it so.
    assert_equal "$(tail -n +2 <<<"$parts" | tr '\n' ' ')" "HttpOnly Max-Age=$2 Path=/ SameSite=Lax Secure "
}

# --- the steps ---

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

@test "the callback sets the session cookie for 14 days and removes the pending login" {
    begin "$JAR"
    decide
    finish "$JAR"
    assert_equal "$(header Set-Cookie | wc -l)" 2
    assert_equal "$(cookie "$JAR" "$PENDING_COOKIE")" ""
    # Each of the two as if it were alone.
    cp "$HEADERS" "$WORK/both"
    grep -vi '^Set-Cookie: __Host-cgi_login_session=' "$WORK/both" >"$HEADERS"
    assert_cookie "${PENDING_COOKIE}[A-Za-z0-9_-]{8}" 0
    grep -vi "^Set-Cookie: $PENDING_COOKIE" "$WORK/both" >"$HEADERS"
    assert_cookie "$SESSION_COOKIE" 1209600
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

@test "the authorize URL has exactly the five parameters, without PKCE for a provider that takes none" {
    local url
    begin "$JAR"
    assert_equal "${AUTHORIZE%%\?*}" "$STANDIN_URL/oauth/authorize"
    url=${AUTHORIZE#*\?}
    assert_equal "$(tr '&' '\n' <<<"$url" | sed 's/=.*//' | sort | tr '\n' ' ')" \
        "client_id redirect_uri response_type scope state "
    assert_equal "$(query_of "$AUTHORIZE" client_id)" "$SITE_CLIENT_ID"
    assert_equal "$(query_of "$AUTHORIZE" redirect_uri)" "$SITE_URL$CALLBACK_PATH"
    assert_equal "$(query_of "$AUTHORIZE" response_type)" code
    assert_equal "$(query_of "$AUTHORIZE" scope)" instagram_business_basic
    # 32 random bytes.
    assert_match "$(query_of "$AUTHORIZE" state)" '^[A-Za-z0-9_-]{43}$'
}

@test "several scopes and parameters of the provider reach the authorize URL" {
    site_config_edit '.providers.instagram += {"scope": ["instagram_business_basic", "instagram_business_manage_insights"],
        "authorize_params": {"force_reauth": "true", "prompt": "a b&c=d"}}'
    begin "$JAR"
    assert_equal "$(query_of "$AUTHORIZE" scope)" instagram_business_basic,instagram_business_manage_insights
    assert_equal "$(query_of "$AUTHORIZE" force_reauth)" true
    assert_equal "$(query_of "$AUTHORIZE" prompt)" "a b&c=d"
    assert_equal "$(query_of "$AUTHORIZE" c)" ""
}

@test "every start has a state and a cookie of its own" {
    local i
    for i in 1 2 3 4 5; do
        begin "$WORK/jar$i"
        query_of "$AUTHORIZE" state >>"$WORK/states"
        cookie "$WORK/jar$i" "$PENDING_COOKIE" >>"$WORK/cookies"
    done
    assert_equal "$(sort -u "$WORK/states" | wc -l)" 5
    assert_equal "$(sort -u "$WORK/cookies" | wc -l)" 5
}

@test "with PKCE the challenge is the hash of the verifier that the provider gets" {
    local verifier challenge
    site_config_edit '.providers.instagram.pkce = "S256"'
    begin "$JAR"
    challenge=$(query_of "$AUTHORIZE" code_challenge)
    assert_equal "$(query_of "$AUTHORIZE" code_challenge_method)" S256
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    verifier=$(standin_log | jq -r 'select(.path == "/oauth/access_token").form.code_verifier')
    # RFC 7636, section 4.1.
    assert_match "$verifier" '^[A-Za-z0-9._~-]{43,128}$'
    assert_equal "$(printf %s "$verifier" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d =)" \
        "$challenge"
    assert_no_secrets
}

@test "without PKCE no verifier is sent" {
    sign_in "$JAR"
    assert_equal "$(standin_log | jq -r 'select(.path == "/oauth/access_token").form.code_verifier')" null
}

@test "the token request holds the secret in its body and nowhere else" {
    local request
    sign_in "$JAR"
    request=$(standin_log | jq -c 'select(.path == "/oauth/access_token")')
    assert_equal "$(wc -l <<<"$request")" 1
    assert_equal "$(jq -r .method <<<"$request")" POST
    assert_equal "$(jq -r .target <<<"$request")" /oauth/access_token
    assert_equal "$(jq -r '.form | keys_unsorted | sort | join(" ")' <<<"$request")" \
        "client_id client_secret code grant_type redirect_uri"
    assert_equal "$(jq -r .form.client_secret <<<"$request")" "$SITE_CLIENT_SECRET"
    assert_equal "$(jq -r .form.redirect_uri <<<"$request")" "$SITE_URL$CALLBACK_PATH"
    assert_equal "$(jq -r .form.grant_type <<<"$request")" authorization_code
    refute_contains "$(jq -c .headers <<<"$request")" "$SITE_CLIENT_SECRET"
    assert_equal "$(jq -r '.headers | with_entries(.key |= ascii_downcase) | has("authorization")' <<<"$request")" false
    # Nothing else that was asked for carried it, except what Instagram itself wants in a query.
    refute_contains "$(standin_log | jq -c 'select(.path | test("me$|authorize|consent"))')" "$SITE_CLIENT_SECRET"
    assert_no_secrets
}

@test "token_auth basic sends the secret in the Authorization header and nowhere else" {
    local request
    standin_control '{"accept_basic": true}'
    site_config_edit '.providers.instagram.token_auth = "basic"'
    sign_in "$JAR"
    request=$(standin_log | jq -c 'select(.path == "/oauth/access_token")')
    assert_equal "$(jq -r .headers.Authorization <<<"$request")" \
        "Basic $(printf %s "$SITE_CLIENT_ID:$SITE_CLIENT_SECRET" | base64 -w0)"
    refute_contains "$(jq -c '{form, target, body}' <<<"$request")" "$SITE_CLIENT_SECRET"
}

@test "the profile request names the fields, and carries the token where the provider wants it" {
    local request
    sign_in "$JAR"
    request=$(standin_log | jq -c 'select(.path == "/v26.0/me")')
    assert_contains "$(jq -r .query.fields <<<"$request")" "id,user_id,username,name,account_type"
    assert_match "$(jq -r .query.access_token <<<"$request")" '^IGAA'
    site_clear_logs
    site_config_edit '.providers.instagram.profile_auth = "bearer"'
    sign_in "$JAR"
    request=$(standin_log | jq -c 'select(.path == "/v26.0/me")')
    assert_match "$(jq -r .headers.Authorization <<<"$request")" '^Bearer IGAA'
    assert_equal "$(jq -r .query.access_token <<<"$request")" null
}

@test "a code that carries Instagram's #_ is stripped of it" {
    local code
    begin "$JAR"
    decide
    code=$(query_of "$CALLBACK" code)
    CALLBACK=${CALLBACK/"code=$code"/"code=$code%23_"}
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    assert_equal "$(standin_log | jq -r 'select(.path == "/oauth/access_token").form.code')" "$code"
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

# --- what is stored ---

@test "every shape of token and profile, with ids as integers and as texts, gives the same user" {
    local token_shape profile_shape ids
    for token_shape in flat data; do
        for profile_shape in flat data legacy; do
            for ids in integer string; do
                standin_control "{\"token_shape\": \"$token_shape\", \"profile_shape\": \"$profile_shape\",
                    \"token_ids\": \"$ids\", \"profile_ids\": \"$ids\"}"
                rm -f "$JAR"
                sign_in "$JAR"
                profile "$JAR"
                assert_equal "$(json '[.provider, .user.id, .user.user_id, .user.username, .user.full_name,
                    (.user.counts | .media, .follows, .followed_by)] | join("|")')" \
                    "instagram|17841405793187218123|17841405793187218123|harbour.bakery|Harbour Bakery|1320|420|3410" \
                    "$token_shape token, $profile_shape profile, ids as $ids"
            done
        done
    done
    assert_equal "$(user_count)" 1
}

@test "the stored document has the shape that Passport applications use" {
    sign_in "$JAR"
    user 17841405793187218123 . >"$WORK/document"
    assert_equal "$(jq -r 'keys_unsorted | sort | join(" ")' "$WORK/document")" "_id createdAt instagram lastLoginAt"
    assert_equal "$(jq -r ._id "$WORK/document")" instagram:17841405793187218123
    assert_equal "$(jq -cS '.instagram | del(.token, .profile_picture)' "$WORK/document")" "$(jq -cSn '{
        id: "17841405793187218123", user_id: "17841405793187218123", username: "harbour.bakery",
        full_name: "Harbour Bakery", account_type: "BUSINESS", website: "https://bakery.example/menu?lang=en&season=winter",
        bio: "Sourdough since 1987 🥖🌊\nOpen every day but Monday 👩🏽‍🍳",
        counts: {media: 1320, follows: 420, followed_by: 3410}}')"
    assert_equal "$(jq -r .instagram.profile_picture "$WORK/document")" "$STANDIN_URL/picture/harbour.bakery.svg"
    assert_equal "$(jq -c .instagram.token.scopes "$WORK/document")" '["instagram_business_basic"]'
    assert_match "$(jq -r '.createdAt["$date"]' "$WORK/document")" '^20[0-9-]{8}T[0-9:]{8}\.[0-9]{3}Z$'
    assert_equal "$(jq -r '.createdAt == .lastLoginAt' "$WORK/document")" true
}

@test "an id beyond 2^63 goes through to the last digit, as a bare integer and as a text" {
    local ids
    for ids in integer string; do
        standin_control "{\"token_ids\": \"$ids\", \"profile_ids\": \"$ids\"}"
        sign_in "$JAR"
        # Not with jq: its numbers are doubles.
        assert_contains "$(site_admin users export)" '"user_id":"17841405793187218123"'
        assert_contains "$(site_admin users show instagram:17841405793187218123)" '"17841405793187218123"'
        profile "$JAR"
        assert_contains "$(body)" '"id":"17841405793187218123"'
        assert_contains "$(body)" '"user_id":"17841405793187218123"'
    done
}

@test "ids that differ only past the precision of a double stay two people" {
    local id
    for id in 17841405793187219 17841405793187220; do
        standin_control "{\"person\": {\"id\": $id, \"user_id\": $id, \"username\": \"user_$id\"}}"
        rm -f "$JAR"
        sign_in "$JAR"
        profile "$JAR"
        assert_equal "$(json .user.id)" "$id"
    done
    assert_equal "$(user_count)" 2
    assert_equal "$(user 17841405793187219 .instagram.username)" user_17841405793187219
    assert_equal "$(user 17841405793187220 .instagram.username)" user_17841405793187220
}

@test "the user_id beside the token is kept where the profile has none" {
    standin_control '{"person": {"user_id": null}, "token": {"user_id": 17841405793187219}}'
    sign_in "$JAR"
    assert_equal "$(user 17841405793187218123 .instagram.user_id)" 17841405793187219
}

@test "a second login refreshes fields, keeps what is left out and makes no second user" {
    local created first
    sign_in "$JAR"
    created=$(user 17841405793187218123 '.createdAt["$date"]')
    first=$(user 17841405793187218123 .instagram.accessToken --with-token)
    standin_control '{"person": {"username": "harbour.bakery.2", "followers_count": 3411, "media_count": null,
        "biography": null, "website": null}}'
    rm -f "$JAR"
    begin "$JAR"
    decide
    finish "$JAR" -H 'X-Test-Clock: 300'
    assert_equal "$LOCATION" "$SITE_URL/profile"
    user 17841405793187218123 . >"$WORK/document"
    assert_equal "$(user_count)" 1
    assert_equal "$(jq -r .instagram.username "$WORK/document")" harbour.bakery.2
    assert_equal "$(jq -r .instagram.website "$WORK/document")" "https://bakery.example/menu?lang=en&season=winter"
    assert_contains "$(jq -r .instagram.bio "$WORK/document")" "Sourdough"
    assert_equal "$(jq -c '.instagram.counts | [.media, .follows, .followed_by]' "$WORK/document")" "[1320,420,3411]"
    assert_equal "$(jq -r '.createdAt["$date"]' "$WORK/document")" "$created"
    assert_equal "$(jq -r '[.lastLoginAt, .createdAt] | map(.["$date"][0:19] + "Z" | fromdate) | .[0] - .[1] | . >= 299 and . < 330' \
        "$WORK/document")" true
    refute_equal "$(user 17841405793187218123 .instagram.accessToken --with-token)" "$first" "the token"
}

@test "a person without bio, website and picture signs in" {
    sign_in "$JAR" sakura_zine
    profile "$JAR"
    assert_equal "$(json '[.user.id, .user.full_name, (.user | has("bio", "website", "profile_picture"))] | map(tostring) | join(" ")')" \
        "9007199254740993 山田さくら false false false"
    http -b "$JAR" /profile
    assert_status 200
}

@test "markup and script in a profile are shown as text" {
    sign_in "$JAR" bobby_tables
    http -b "$JAR" /profile
    assert_status 200
    refute_contains "$(body)" "<script"
    refute_contains "$(body)" "<b>Sons"
    assert_contains "$(body)" "&lt;script&gt;alert(1)&lt;/script&gt;"
    refute_contains "$(body)" 'href="javascript:'
}

# --- refusals and damage ---

@test "a person who refuses is sent to the failure page, and nothing is saved" {
    begin "$JAR"
    decide harbour.bakery refuse
    assert_failure "$JAR" access_denied
    assert_one_line callback "The user denied your request."
    assert_equal "$(user_count)" 0
    assert_equal "$(token_requests)" 0
    http "$LOCATION"
    assert_contains "$(body)" "You did not log in"
    # The pending login is spent.
    assert_equal "$(cookie "$JAR" "$PENDING_COOKIE")" ""
}

@test "another error of the provider is provider_error, in its own words" {
    begin "$JAR"
    CALLBACK="$SITE_URL$CALLBACK_PATH?error=server_error&error_description=Try+%E2%80%AEagain+later&state=$(query_of "$AUTHORIZE" state)"
    assert_failure "$JAR" provider_error
    # U+202E would turn the rest of the log line around.
    assert_one_line callback 'server_error": Try \xe2\x80\xaeagain later'
}

@test "a refusal for a state that this browser has not started counts for nothing" {
    begin "$JAR"
    CALLBACK="$SITE_URL$CALLBACK_PATH?error=access_denied&state=$(printf 'A%.0s' {1..43})"
    assert_failure "$JAR" expired_login
    refute_equal "$(cookie "$JAR" "$PENDING_COOKIE")" "" "the pending login of this browser"
}

@test "a callback that is incomplete or damaged is bad_request or expired_login, and asks the provider nothing" {
    local state query code
    begin "$JAR"
    state=$(query_of "$AUTHORIZE" state)
    cp "$JAR" "$WORK/whole"
    while read -r code query; do
        cp "$WORK/whole" "$JAR"
        CALLBACK=$SITE_URL$CALLBACK_PATH$query
        assert_failure "$JAR" "$code" "$query"
    done <<TABLE
bad_request
bad_request ?
bad_request ?code=AQBx
bad_request ?code=AQBx&state=
bad_request ?state=$state
bad_request ?code=&state=$state
bad_request ?code=AQBx&state=$state&state=$state
bad_request ?code=AQBx&code=AQBy&state=$state
bad_request ?code=%23_&state=$state
bad_request ?code=%00&state=$state
bad_request ?code=a%0D%0Ab&state=$state
bad_request ?code=%zz&state=$state
bad_request ?code=%ff&state=$state
bad_request ?code=$(printf 'a%.0s' {1..2049})&state=$state
expired_login ?code=AQBx&state=x
expired_login ?code=AQBx&state=${state}x
expired_login ?code=AQBx&state=${state:1}
expired_login ?code=AQBx&state=${state:0:42}$([[ ${state: -1} == A ]] && printf E || printf A)
expired_login ?code=AQBx&state=${state:0:8}
expired_login ?code=AQBx&state=%20$state
expired_login ?code=AQBx&state=${state:0:42}%3B
TABLE
    assert_equal "$(token_requests)" 0
    assert_no_secrets
}

@test "the allow list lets in by username and id, and nobody else" {
    local entry
    for entry in harbour.bakery HARBOUR.bakery 17841405793187218123; do
        site_config_edit --arg entry "$entry" '.providers.instagram.allow = ["somebody", $entry]'
        rm -f "$JAR"
        sign_in "$JAR"
    done
    for entry in harbour.baker 17841405793187218124 1784140579318721812 harbour.bakery2; do
        rm -f "$JAR"
        store_wipe
        site_clear_logs
        site_config_edit --arg entry "$entry" '.providers.instagram.allow = [$entry]'
        begin "$JAR"
        decide
        assert_failure "$JAR" not_allowed "$entry"
        assert_one_line callback "allow" "$entry"
        assert_equal "$(user_count)" 0
    done
}

# --- browsers, tabs, time ---

@test "two tabs that start one after the other may finish in either order" {
    local order first second
    for order in "1 2" "2 1"; do
        rm -f "$JAR"
        begin "$JAR"
        decide harbour.bakery
        first=$CALLBACK
        begin "$JAR"
        decide harbour.bakery
        second=$CALLBACK
        [[ $order == "1 2" ]] || { CALLBACK=$first first=$second second=$CALLBACK; }
        CALLBACK=$first
        finish "$JAR"
        assert_equal "$LOCATION" "$SITE_URL/profile" "first of $order"
        CALLBACK=$second
        finish "$JAR"
        assert_equal "$LOCATION" "$SITE_URL/profile" "second of $order"
        assert_signed_in "$JAR"
    done
    assert_equal "$(user_count)" 1
}

@test "logins that are started and given up do not fill the browser's cookies" {
    local i
    for i in {1..12}; do
        begin "$JAR"
    done
    [[ $(cookie "$JAR" "$PENDING_COOKIE" | wc -l) -le $(bound PENDING_LOGINS_MAX) ]]
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

@test "the state of another browser is expired_login, and the provider is not asked" {
    begin "$WORK/attacker"
    decide layla.studio
    begin "$WORK/victim"
    # Login CSRF: the victim's browser follows the attacker's callback.
    assert_failure "$WORK/victim" expired_login
    assert_equal "$(token_requests)" 0
    assert_failure "$WORK/empty" expired_login
    assert_equal "$(token_requests)" 0
}

@test "a pending cookie under the name that another state asks for is refused" {
    local mine value
    begin "$WORK/attacker"
    value=$(cookie "$WORK/attacker" "$PENDING_COOKIE")
    begin "$JAR"
    mine=$(query_of "$AUTHORIZE" state)
    set_cookie "$JAR" "$PENDING_COOKIE${mine:0:8}" "$value"
    decide
    assert_failure "$JAR" expired_login
    assert_equal "$(token_requests)" 0
}

@test "a login that was used is not used again, even with a copy of its cookies" {
    begin "$JAR"
    decide
    cp "$JAR" "$WORK/copy"
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    assert_equal "$(token_requests)" 1
    assert_failure "$WORK/copy" expired_login
    assert_one_line callback "already used"
    # RFC 6749, section 4.1.2: a code sent twice may cost the first token.
    assert_equal "$(token_requests)" 1
    assert_signed_in "$JAR"
}

@test "a login may take ten minutes and no more" {
    begin "$JAR"
    decide
    cp "$JAR" "$WORK/late"
    finish "$WORK/late" -H 'X-Test-Clock: 605'
    assert_equal "$LOCATION" "$SITE_URL/login?error=expired_login"
    assert_equal "$(token_requests)" 0
    finish "$JAR" -H 'X-Test-Clock: 590'
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

@test "a callback that is reloaded after success lands on the success page again" {
    local session
    begin "$JAR" "/auth/instagram?return_to=/members/"
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/members/"
    session=$(cookie "$JAR" "$SESSION_COOKIE")
    finish "$JAR"
    assert_status 302
    assert_equal "$LOCATION" "$SITE_URL/profile"
    assert_equal "$(token_requests)" 1
    assert_equal "$(cookie "$JAR" "$SESSION_COOKIE")" "$session"
    assert_equal "$(log_lines)" ""
}

@test "a callback that is reloaded after signing out does not sign in again" {
    sign_in "$JAR"
    http -X POST -b "$JAR" -c "$JAR" /logout
    assert_failure "$JAR" expired_login
}

@test "every login makes a session of its own, and ends the one that the browser had" {
    local before
    site_config_edit '.session.recheck_minutes = 0'
    sign_in "$JAR"
    sign_in "$WORK/other"
    cp "$JAR" "$WORK/first"
    before=$(cookie "$JAR" "$SESSION_COOKIE")
    sign_in "$JAR"
    refute_equal "$(cookie "$JAR" "$SESSION_COOKIE")" "$before"
    assert_signed_in "$JAR"
    # OWASP ASVS 5.0, 7.2.4: nobody could sign the old one out any more.
    assert_signed_out "$WORK/first"
    http -X POST -b "$JAR" /logout
    assert_status 302
    assert_signed_out "$JAR"
    assert_signed_in "$WORK/other"
}

# --- return_to ---

@test "return_to takes paths of this site" {
    local path
    for path in / /members/ /a/b.html '/search?q=1&page=2' '/caf%C3%A9' '/a?b=/c?d' /profile \
        '/tilde~user/(x)' '/?next=https://evil.example/' "/$(printf 'a%.0s' {1..511})"; do
        rm -f "$JAR"
        http -b "$JAR" -c "$JAR" -G --data-urlencode "return_to=$path" /auth/instagram
        AUTHORIZE=$(header Location)
        decide
        finish "$JAR"
        assert_equal "$LOCATION" "$SITE_URL$path"
    done
}

# A browser drops tabs and line breaks from an address, takes "\" for "/", and decodes nothing before it has found
# the host. Each of these has been an open redirect somewhere.
open_redirects() {
    cat <<'TABLE'
https://evil.example
http://evil.example/
HTTPS://evil.example/
https:evil.example
https:/evil.example
https:///evil.example
http:\\evil.example
//evil.example
//evil.example/%2e%2e
///evil.example
////evil.example
/////evil.example/..;/
//evil%E3%80%82example
//evil.example:80?@localhost
//evil.example#localhost
//evil.example\@localhost
//localhost@evil.example
//user:pass@evil.example
//[::1]@evil.example
/\evil.example
/\/evil.example
\/evil.example
\\evil.example
\/\/evil.example/
/\\evil.example
/\\\evil.example
/%5cevil.example
/%5Cevil.example/
/a/%5c/evil.example
/	/evil.example
/ /evil.example
 //evil.example
/%09/evil.example
/%0a/evil.example
/%0d/evil.example
/%0D%0ALocation:%20https://evil.example
/%00/evil.example
/%7f/evil.example
/%1f/evil.example
/.//evil.example
/./evil.example
/../evil.example
/a/../../evil.example
/a/..//evil.example
/..//evil.example
/.
/..
/a/.
/a/..
/a/./b?c
javascript:alert(1)
JaVaScRiPt:alert(1)
java	script:alert(1)
data:text/html,<script>alert(1)</script>
vbscript:msgbox(1)
mailto:a@evil.example
evil.example
evil.example/profile
www.evil.example
.evil.example
@evil.example
:80
?next=//evil.example
#//evil.example
/path#//evil.example
/path#fragment
/<script>alert(1)</script>
/"onmouseover="alert(1)
/'><img src=x>
/a b
/a|b
/a^b
/`a`
/{a}
/[a]
/%
/%2
/%g0
/a%zz
/é
/。evil.example
/‮evil
TABLE
}

@test "return_to takes no other site, in any spelling" {
    local payload count=0
    while IFS= read -r payload; do
        rm -f "$JAR"
        http -c "$JAR" -G --data-urlencode "return_to=$payload" /auth/instagram
        # A control character in a parameter is refused as a whole; anything else signs in without a return_to.
        [[ $payload != *$'\t'* ]] || { assert_status 400 "$payload"; count=$((count + 1)); continue; }
        AUTHORIZE=$(header Location)
        decide
        finish "$JAR"
        assert_equal "$LOCATION" "$SITE_URL/profile" "$payload"
        # The sign-in page must not hand it on either.
        http -G --data-urlencode "return_to=$payload" /login
        refute_contains "$(body)" "return_to" "$payload"
        count=$((count + 1))
    done < <(open_redirects)
    [[ $count -ge 60 ]]
}

@test "return_to that is empty, too long, raw or doubly encoded leads to the success page" {
    local query
    for query in "return_to=" "return_to" "return_to=/$(printf 'a%.0s' {1..512})" "return_to=%2F%2Fevil.example" \
        "return_to=%252F%252Fevil.example" "return_to=//evil.example" "return_to=%5C%5Cevil.example" \
        "return_to[]=//evil.example" "Return_to=/members/" "return-to=/members/" "return_to=/%250d%250a/../x"; do
        rm -f "$JAR"
        begin "$JAR" "/auth/instagram?$query"
        decide
        finish "$JAR"
        assert_equal "$LOCATION" "$SITE_URL/profile" "$query"
    done
}

@test "the sign-in page hands a good return_to on to every button" {
    http -G --data-urlencode 'return_to=/members/?a=1&b=2' /login
    assert_contains "$(body)" 'href="/auth/instagram?return_to=%2Fmembers%2F%3Fa%3D1%26b%3D2"'
}

@test "return_to in the callback's own address is not heeded" {
    begin "$JAR"
    decide
    CALLBACK="$CALLBACK&return_to=/members/"
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

# --- the failure page ---

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
        e2e_setup
        site_config_edit '.redirects.failure = "/sorry?why=login"'
        cp -p "$SITE_CONFIG" "$SITE_DIR/config.failure"
        provoke "$code"
        finish "$JAR"
        assert_equal "$STATUS $LOCATION" "302 $SITE_URL/sorry?why=login&error=$code"
        # And once more for a client that wants JSON.
        provoke "$code" 2>/dev/null || true
        http "${AS_JSON[@]}" -b "$JAR" "$CALLBACK"
        assert_status "$status" "$code as JSON"
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

@test "the sign-in page explains every code in plain words, and ignores any other" {
    local code
    for code in access_denied expired_login provider_error provider_unreachable store_unavailable not_allowed bad_request; do
        http "/login?error=$code"
        assert_status 200 "$code"
        assert_contains "$(body)" 'role="alert"' "$code"
        assert_contains "$(body)" "<code>$code</code>"
        http "${AS_JSON[@]}" "/login?error=$code"
        assert_equal "$(json .error.code)" "$code"
    done
    for code in '' none config configuration_error not_signed_in internal_error '%3Cscript%3E' ACCESS_DENIED; do
        http "/login?error=$code"
        assert_status 200 "$code"
        refute_contains "$(body)" 'role="alert"' "$code"
        refute_contains "$(body)" '<script'
    done
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# OpenID Connect at providers that others wrote: an issuer alone is enough; what is wrong in an ID token, in the metadata,
# in the keys and in the authorization response is refused; what is kept, and when it is asked for again.

load helpers
load openid

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
    assert_equal "$(query_of "$AUTHORIZE" prompt)" login
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

@test "what the browser posts about the person goes on sealed, under what the ID token says, and from a POST alone" {
    local name rest
    site_config_edit '.providers.mock += {authorize_params: {response_mode: "form_post"}, callback_user: "user",
        profile: {id: "/sub", full_name: "/user/name/firstName"}}'
    while read -r name rest; do
        note "$name"
        rm -f "$JAR"
        mock "$rest"
        begin_openid mock
        consent
        http -d "${CALLBACK#*\?}" --data-urlencode 'user={"name": {"firstName": "Posted"}}' "${CALLBACK%%\?*}"
        assert_status 303
        CALLBACK=$(header Location)
        refute_contains "$CALLBACK" Posted
        [[ $name != None ]] || CALLBACK="${CALLBACK%&user=*}&user=%7B%22name%22%3A%7B%22firstName%22%3A%22Typed%22%7D%7D"
        finish "$JAR"
        assert_equal "$LOCATION" "$SITE_URL/profile"
        profile "$JAR"
        assert_equal "$(json '.user.full_name // "None"')" "$name"
    done <<'TABLE'
Posted {}
Signed {"claims": {"user": {"name": {"firstName": "Signed"}}}}
None {}
TABLE
}

@test "the next login reads what is kept, and what is kept is ours alone" {
    sign_in_openid mock
    assert_equal "$(mock_count /.well-known/openid-configuration) $(mock_count /jwks)" "1 1"
    assert_equal "$(stat -c %a "$SITE_PRODUCT"/issuers/mock.json "$SITE_PRODUCT"/issuers/mock.keys.json | xargs)" "600 600"
    sign_in_openid mock
    assert_equal "$(mock_count /.well-known/openid-configuration) $(mock_count /jwks) $(mock_count /token)" "1 1 2"
    # Whom others could have written it for is not believed.
    chmod 666 "$SITE_PRODUCT/issuers/mock.json" "$SITE_PRODUCT/issuers/mock.keys.json"
    sign_in_openid mock
    assert_equal "$(mock_count /.well-known/openid-configuration) $(mock_count /jwks)" "2 2"
    # Nor what is of the issuer that the config had before.
    site_config_edit '.providers.mock.issuer += "/"'
    begin "$JAR" /auth/mock
    assert_regex "$AUTHORIZE" "^$SITE_URL/auth/mock/callback\?begin=1"
    assert_no_secrets
}

@test "a home folder that nobody can write to costs a look at the issuer, and no login" {
    mkdir "$SITE_PRODUCT/issuers"
    chmod 555 "$SITE_PRODUCT/issuers"
    [[ ! -w $SITE_PRODUCT/issuers || $EUID -eq 0 ]]
    sign_in_openid mock
    assert_signed_in "$JAR"
    assert_contains "$(log_lines)" "is fetched anew for each login, since $SITE_PRODUCT/issuers/mock.json cannot be written by user"
    sign_in_openid mock
    assert_equal "$(mock_count /jwks)" 2
    rmdir "$SITE_PRODUCT/issuers"
}

@test "an ID token that is wrong in any way is refused, and the log says how" {
    local now claims part
    now=$(date +%s)
    sign_in_openid mock
    while IFS='|' read -r claims part; do
        note "$claims"
        mock "$claims"
        login_fails mock provider_error "$part"
    done <<TABLE
{"claims": {"aud": "another"}}|aud
{"claims": {"iss": "https://evil.example"}}|iss
{"claims": {"nonce": "another"}}|nonce
{"claims": {"exp": $((now - 120))}}|exp
{"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}}|at_hash
{"token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJqb2huZG9lIn0."}|alg
{"token": "x"}|HEADER.PAYLOAD.SIGNATURE
{"token": null}|the token endpoint gave no ID token
{"userinfo": {"sub": "somebody else"}}|a profile of somebody else than the ID token (sub)
{"userinfo": {"sub": null}}|JSON without what was asked for
TABLE
    mock '{}'
    sign_in_openid mock
    assert_no_secrets
}

@test "a provider that is known to send no nonce, or to sign in one way only, is held to that" {
    site_config_edit '.providers.mock.id_token = {nonce: false, algorithms: ["ES256"]}'
    begin_openid mock
    assert_equal "$(query_of "$AUTHORIZE" nonce)" ""
    login_fails mock provider_error '(`algorithms`)'
    site_config_edit '.providers.mock.id_token = {nonce: false}'
    sign_in_openid mock
    site_config_edit 'del(.providers.mock.id_token) | .providers.mock.scope = "profile"'
    mock '{"token": "x"}'
    sign_in_openid mock
}

@test "a key that is not known is looked for once in five minutes, whatever tokens claim" {
    sign_in_openid mock
    mock '{"header": {"kid": "nobody"}}'
    login_fails mock provider_error "key"
    assert_equal "$(mock_count /jwks)" 0
    # The provider has a new key, and the kept ones are from just before.
    mock '{"rollover": true}'
    login_fails mock provider_error "key"
    assert_equal "$(mock_count /jwks)" 0
    age keys "$(($(bound KEYS_PAUSE_SECONDS) + 1))"
    sign_in_openid mock
    assert_equal "$(mock_count /jwks)" 1
    mock '{"header": {"kid": "nobody"}}'
    login_fails mock provider_error "key"
    assert_equal "$(mock_count /jwks)" 0
}

# age metadata|keys SECONDS: makes what is kept of the mock that much older.
age() {
    local file=$SITE_PRODUCT/issuers/mock.json
    [[ $1 != keys ]] || file=$SITE_PRODUCT/issuers/mock.keys.json
    (umask 077 && jq --argjson seconds "$2" '.fetched -= $seconds | .tried -= $seconds' "$file" >"$WORK/aged")
    cat "$WORK/aged" >"$file"
}

@test "what is old is fetched while the token is waited for; what is too old is not used" {
    sign_in_openid mock
    age metadata "$(($(bound METADATA_OLD_SECONDS) + 1))"
    age keys "$(($(bound KEYS_OLD_SECONDS) + 1))"
    mock '{}'
    begin "$JAR" /auth/mock
    assert_regex "$AUTHORIZE" "^$MOCK/authorize\?"
    sign_in_openid mock
    assert_equal "$(mock_count /.well-known/openid-configuration) $(mock_count /jwks)" "1 1"
    sign_in_openid mock
    assert_equal "$(mock_count /.well-known/openid-configuration) $(mock_count /jwks)" "1 1"
    # Where they cannot be had, the old ones do for a while.
    age metadata "$(($(bound METADATA_OLD_SECONDS) + 1))"
    age keys "$(($(bound KEYS_OLD_SECONDS) + 1))"
    mock '{"discovery": {"status": 503}, "keys": {"status": 503}}'
    sign_in_openid mock
    assert_one_line callback "what is kept of the issuer is old and stays: the issuer's metadata, $MOCK/"
    # Not again just after that.
    sign_in_openid mock
    assert_equal "$(mock_count /jwks)" 1
    # Nor are they waited for, as long as the old ones do: the login has its own calls to make.
    age keys "$(($(bound KEYS_OLD_SECONDS) + 1))"
    mock '{"keys": {"delay": 60000}}'
    sign_in_openid mock
    age keys "$(($(bound KEYS_PAUSE_SECONDS) + 1))"
    mock '{"rollover": true, "keys": {"delay": 800}}'
    sign_in_openid mock
    age keys "$(($(bound KEYS_END_SECONDS) + 1))"
    mock '{"keys": {"status": 503}}'
    login_fails mock provider_error "the issuer's keys, $MOCK/jwks: the response for it has the status 503"
    age metadata "$(bound METADATA_END_SECONDS)"
    mock '{}'
    begin "$JAR" /auth/mock
    assert_regex "$AUTHORIZE" "^$SITE_URL/auth/mock/callback\?begin=1"
}

@test "metadata and keys that are wrong are refused before anything is sent, or after nothing is believed" {
    local wish code part
    while IFS='|' read -r wish code part; do
        note "$wish"
        openid_forget
        site_clear_logs
        outage_forget
        mock "$wish"
        http -b "$JAR" -c "$JAR" "/auth/mock/callback?begin=1"
        assert_equal "$STATUS $(header Location)" "302 $SITE_URL/login?error=$code"
        assert_one_line callback "$part"
    done <<TABLE
{"discovery": {"patch": {"issuer": "https://evil.example"}}}|provider_error|is of another issuer, https://evil.example
{"discovery": {"patch": {"issuer": "$MOCK/"}}}|provider_error|is of another issuer, $MOCK/
{"discovery": {"patch": {"token_endpoint": "http://evil.example/token"}}}|provider_error|token_endpoint is no https URL
{"discovery": {"patch": {"authorization_endpoint": null}}}|provider_error|lack authorization_endpoint
{"discovery": {"patch": {"jwks_uri": null}}}|provider_error|lack jwks_uri
{"discovery": {"body": "{\"issuer\": "}}|provider_error|cannot be read
{"discovery": {"body": "[]"}}|provider_error|no JSON object
{"discovery": {"body": "{\"issuer\":\"a\",\"issuer\":\"b\"}"}}|provider_error|no member stands twice
{"discovery": {"type": "text/html", "body": "<html>"}}|provider_error|is no JSON, but "text/html"
{"discovery": {"status": 404}}|provider_error|has the status 404
{"discovery": {"status": 302}}|provider_error|has the status 302
{"discovery": {"patch": {"filler": "$(repeat x 65536)"}}}|provider_error|larger than
TABLE
    mock '{}'
    sign_in_openid mock
    for wish in '{"keys": {"body": "{}"}}' '{"keys": {"body": "[]"}}' '{"keys": {"type": "text/html"}}' \
        '{"keys": {"body": "{\"keys\": []}"}}'; do
        note "$wish"
        rm -f "$SITE_PRODUCT/issuers/mock.keys.json"
        mock "$wish"
        login_fails mock provider_error "key"
    done
    # Nor are they kept in the place of good ones.
    mock '{}'
    sign_in_openid mock
    age keys "$(($(bound KEYS_OLD_SECONDS) + 1))"
    mock "{\"keys\": {\"body\": \"{\\\"keys\\\": [$(repeat '{},' "$(bound KEY_SET_KEYS_MAX)"){}]}\"}}"
    sign_in_openid mock
    assert_no_secrets
}

@test "an issuer that cannot be reached: the failure page at once, and the login works when it is back" {
    site_config_edit '.providers.mock.issuer = "http://localhost:1"'
    http -b "$JAR" -c "$JAR" "/auth/mock/callback?begin=1"
    assert_equal "$(header Location)" "$SITE_URL/login?error=provider_unreachable"
    assert_one_line callback "the issuer's metadata, http://localhost:1: "
    # After some failures nobody waits for it any more.
    http "/auth/mock/callback?begin=1"
    http "/auth/mock/callback?begin=1"
    site_clear_logs
    http "/auth/mock/callback?begin=1"
    assert_equal "$(header Location)" "$SITE_URL/login?error=provider_unreachable"
    assert_regex "$(header Retry-After)" '^[0-9]+$'
    assert_equal "$(log_lines)" ""
    # Only where there is nothing of an authorization response in it.
    http "/auth/mock/callback?begin=1&error=access_denied"
    assert_equal "$(header Location)" "$SITE_URL/login?error=access_denied"
}

@test "a flood of logins and of logout tokens that were made up has an issuer asked three times" {
    local path wish _
    while IFS='|' read -r path wish; do
        outage_forget
        openid_forget
        mock "$wish"
        for _ in 1 2 3 4 5 6; do
            http "/auth/mock/callback?begin=1"
            assert_equal "$STATUS" 302
            logout_of mock "$(logout_token '{}' '{"kid": "nobody"}')"
            assert_equal "$STATUS $(json .error)" "400 temporarily_unavailable"
        done
        assert_equal "$(mock_count "$path")" 3
    done <<TABLE
/.well-known/openid-configuration|{"discovery": {"status": 404}}
/jwks|{"keys": {"status": 404}}
TABLE
}

@test "the response must be of the issuer that the browser was sent to; without an issuer the parameter counts for nothing" {
    sign_in_openid mock
    mock '{"redirect": {"iss": "https://evil.example"}}'
    login_fails mock provider_error "of https://evil.example in place of $MOCK"
    assert_equal "$(mock_count /token)" 0
    # The state is used up.
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/login?error=expired_login"
    mock "{\"redirect\": {\"iss\": \"https://evil.example\", \"code\": null, \"error\": \"access_denied\"}}"
    login_fails mock provider_error "of https://evil.example in place of $MOCK"
    mock "{\"redirect\": {\"iss\": \"$MOCK\"}}"
    sign_in_openid mock
    # One that says that it always names itself does.
    sign_in_openid certified
    begin_openid certified
    consent
    CALLBACK=$(sed 's/&iss=[^&]*//' <<<"$CALLBACK")
    rm -f "$OUT"
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/login?error=provider_error"
    assert_contains "$(log_lines)" "of no issuer in place of $CERTIFIED"
    begin "$WORK/insta"
    decide
    CALLBACK+="&iss=https%3A%2F%2Fevil.example"
    finish "$WORK/insta"
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

@test "a logout leads on to the provider's, by a page where a form asked for it, and the provider takes it" {
    local url form
    sign_in_openid certified
    http -X POST "${AS_JSON[@]}" -b "$JAR" -c "$WORK/copy" /logout
    url="$CERTIFIED/session/end?client_id=site&post_logout_redirect_uri=$(jq -rn --arg url "$SITE_URL/" '$url | @uri')"
    assert_equal "$(json '.signed_in, .end_session_url' | xargs)" "false $url"
    sign_in_openid certified
    http -X POST -b "$JAR" -c "$JAR" /logout
    assert_status 200
    assert_equal "$(header Refresh)" "0; url=$url"
    assert_contains "$(body)" "Go on to <bdi lang=\"\" translate=\"no\">certified</bdi>"
    assert_signed_out "$JAR"
    # The provider asks the person, and sends them back here.
    form=$(curl -sS -b "$WORK/provider.jar" -c "$WORK/provider.jar" "$url")
    url=$(curl -sS -b "$WORK/provider.jar" -c "$WORK/provider.jar" -o /dev/null -w '%{redirect_url}' --data-urlencode \
        "xsrf=$(grep -o 'name="xsrf" value="[^"]*"' <<<"$form" | cut -d'"' -f4)" -d logout=yes "$CERTIFIED/session/end/confirm")
    assert_equal "$url" "$SITE_URL/"
    # A link, the setting, and a provider that is no longer configured.
    sign_in_openid certified
    http -H 'Sec-Fetch-Site: same-origin' -b "$JAR" -c "$JAR" /logout
    assert_equal "$STATUS" 302
    assert_regex "$(header Location)" "^$CERTIFIED/session/end\?"
    sign_in_openid certified
    site_config_edit '.providers.certified.logout_at_provider = false'
    http -X POST -b "$JAR" -c "$JAR" /logout
    assert_equal "$STATUS $(header Location)" "302 $SITE_URL/"
    sign_in_openid certified
    site_config_edit 'del(.providers.certified)'
    http -X POST -b "$JAR" -c "$JAR" /logout
    assert_equal "$STATUS $(header Location)" "302 $SITE_URL/"
    assert_signed_out "$JAR"
}

@test "check says what is kept of an issuer, and fetches it; so does setup" {
    local kept=$SITE_PRODUCT/issuers
    admin 0 check
    assert_contains "$(out)" "providers.mock: nothing that could be used is kept yet of what $MOCK publishes"
    refute_contains "$(out)" Post-logout
    admin 0 check --online
    assert_contains "$(out)" "providers.mock: what $MOCK publishes, its keys too, is fetched and kept"
    assert_contains "$(out)" "Post-logout redirect URI to register with certified, to the letter:"
    assert_contains "$(out)" "      $SITE_URL/"$'\n'
    assert_equal "$(mock_count /jwks)" 1
    sign_in_openid mock
    assert_equal "$(mock_count /jwks) $(mock_count /.well-known/openid-configuration)" "1 1"
    admin 0 check
    assert_contains "$(out)" "providers.mock: what $MOCK publishes is kept, 0 hours old"
    openid_forget
    admin 0 setup
    assert_contains "$(out)" "What $MOCK publishes is kept."
    assert_equal "$(stat -c %U "$kept" "$kept/mock.json" "$kept/mock.keys.json" | uniq)" "$(stat -c %U "$SITE_PRODUCT")"
    if [[ $EUID -eq 0 ]]; then
        # Root believes what the programs keep, and a link that they put there leads it nowhere.
        env CGI_LOGIN_CONFIG="$SITE_CONFIG" "$SITE_PRODUCT/bin/cgi-login" check >"$OUT"
        assert_contains "$(out)" "providers.mock: what $MOCK publishes is kept, 0 hours old"
        openid_forget
        install -d -m 755 "$WORK/etc"
        ln -s "$WORK/etc" "$kept"
        env CGI_LOGIN_CONFIG="$SITE_CONFIG" "$SITE_PRODUCT/bin/cgi-login" setup >"$OUT" 2>"$ERR"
        assert_equal "$(ls -A "$WORK/etc")" ""
        assert_contains "$(err)" "cannot be written"
        rm "$kept"
    fi
    mock '{"keys": {"status": 404}}'
    admin 1 check --online
    assert_contains "$(out)" "FIX   providers.mock: the issuer's keys, $MOCK/jwks: the response for it has the status 404"
    mock '{"discovery": {"patch": {"issuer": "https://evil.example"}}}'
    admin 1 check --online
    assert_contains "$(out)" "FIX   providers.mock: what $MOCK publishes is of another issuer"
    admin 0 setup
    assert_contains "$(err)" "is of another issuer, https://evil.example"
    assert_contains "$(err)" "the first login tries again"
    # A token is refreshed where the issuer says.
    openid_forget
    mock '{}'
    sign_in_openid mock
    openid_forget
    admin 1 refresh --within 30
    assert_contains "$(err)" "nothing is kept of its issuer"
    admin 0 setup
    admin 0 refresh --within 30
    assert_equal "$(mock_count /token)" 2
}

# logout_of PROVIDER TOKEN: the provider posts the logout token.
logout_of() { http -d "logout_token=$2" "/auth/$1/backchannel_logout"; }

# logout_token [CLAIMS [HEADER]]: one of the mock's for who is signed in there, with members replaced, or removed by null.
logout_token() {
    local id=$RANDOM$RANDOM claims=${1-} header=${2-}
    curl -sS --fail -d "$(jq -nc --arg id "$id" --argjson claims "${claims:-"{}"}" --argjson header "${header:-"{}"}" \
        '{claims: ({jti: $id, sub: "johndoe", aud: "app"} + $claims), header: $header}')" "$MOCK/logout_token"
}

# assert_refused PART: 400 as the standard has it, and why in the log.
assert_refused() {
    assert_status 400
    assert_equal "$(json .error) $(header Cache-Control)" "invalid_request no-store"
    assert_one_line backchannel "$1"
    site_clear_logs
}

@test "who logs out at the certified provider is logged out here, and nobody else" {
    local form
    site_config_edit '.session.recheck_minutes = 0'
    sign_in_openid mock
    mv "$JAR" "$WORK/other"
    sign_in_openid certified
    profile "$JAR"
    assert_status 200
    form=$(curl -sS -b "$WORK/provider.jar" -c "$WORK/provider.jar" "$CERTIFIED/session/end?client_id=site")
    curl -sS -b "$WORK/provider.jar" -c "$WORK/provider.jar" -o "$WORK/ended" -d logout=yes -d \
        "xsrf=$(grep -o 'name="xsrf" value="[^"]*"' <<<"$form" | cut -d'"' -f4)" "$CERTIFIED/session/end/confirm"
    profile "$JAR"
    assert_status 401
    profile "$WORK/other"
    assert_status 200
    assert_equal "$(log_lines)" ""
}

@test "a logout token ends the session of its sid or all of its sub, once; a wrong one ends none, and the log says how" {
    local token claims part now
    now=$(date +%s)
    site_config_edit '.session.recheck_minutes = 0'
    mock '{"claims": {"sid": "first"}}'
    sign_in_openid mock
    mv "$JAR" "$WORK/first"
    mock '{"claims": {"sid": "second"}}'
    sign_in_openid mock
    while IFS='|' read -r claims part; do
        note "$claims"
        logout_of mock "$(logout_token "$claims")"
        assert_refused "$part"
    done <<TABLE
{"iss": "https://evil.example"}|iss
{"aud": "another"}|aud
{"exp": $((now - 120))}|exp
{"iat": $((now + 600))}|iat
{"jti": null}|jti
{"sub": null}|sub
{"nonce": "a"}|nonce
{"events": {}}|events
TABLE
    logout_of mock "$(logout_token '{}' '{"typ": "at+jwt"}')"
    assert_refused typ
    logout_of mock "$(logout_token '{}' '{"kid": "nobody"}')"
    assert_refused "none of the keys"
    token=$(logout_token)
    logout_of mock "$(damaged "$token")"
    assert_refused "it is not right"
    logout_of mock ""
    assert_refused HEADER.PAYLOAD.SIGNATURE
    http -X POST /auth/mock/backchannel_logout
    assert_refused HEADER.PAYLOAD.SIGNATURE
    profile "$WORK/first"
    assert_status 200
    profile "$JAR"
    assert_status 200

    logout_of mock "$(logout_token '{"sid": "first"}')"
    assert_status 200
    assert_equal "$(header Cache-Control) $(wc -c <"$BODY")" "no-store 0"
    profile "$WORK/first"
    assert_status 401
    profile "$JAR"
    assert_status 200
    token=$(logout_token)
    logout_of mock "$token"
    assert_status 200
    profile "$JAR"
    assert_status 401
    # The same once more would end the session of a later login.
    sign_in_openid mock
    logout_of mock "$token"
    assert_refused "carried out before"
    profile "$JAR"
    assert_status 200
    # Nobody has been signed in with that one.
    logout_of mock "$(logout_token '{"sub": "nobody-here", "sid": "nothing"}')"
    assert_status 200
    store_break
    logout_of mock "$(logout_token)"
    assert_equal "$STATUS $(json .error)" "400 temporarily_unavailable"
    assert_contains "$(log_lines backchannel)" "store_unavailable: "
    store_mend
    assert_no_secrets
}

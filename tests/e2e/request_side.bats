#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# Providers whose requests are their own, each by its settings alone: another name for the client id, JSON, more
# parameters, none of a secret, one server of many, a response that the browser posts; and tokens in a callback's URL.

load helpers

# Six providers at one stand-in. What each of them insists on is in `at`.
setup_file() {
    e2e_setup_file
    jq -s --arg url "$STANDIN_URL" '.[0] * .[1].providers.instagram | del(.client_id, .client_secret, .callback_url,
            .ca_file, .long_lived, .refresh) | walk(if type == "string" then sub("^" + $url; "$instance") else . end)' \
        "$SITE_PRODUCT/providers/instagram.json" "$SITE_CONFIG" >"$SITE_PRODUCT/providers/many.json"
    chmod 644 "$SITE_PRODUCT/providers/many.json"
    site_config_edit --arg url "$STANDIN_URL/" '(.providers.instagram | del(.callback_url)) as $all |
        ($all + {preset: "instagram"}) as $same | ($all | {ca_file} | map_values(values)) as $trust | .providers += {
            tiktok: ($same + {client_id_param: "client_key"}),
            notion: ($same + {token_format: "json", token_auth: "basic"}),
            naver: ($same + {token_params: {state: "$state", app: "no. $client_id"}}),
            vk: ($trust + {preset: "many", client_id: $all.client_id, instance: $url, callback_params: ["device_id"],
                token_auth: "none", pkce: "S256"}),
            many: ($trust + ($all | {client_id, client_secret, instance: $url})),
            apple: ($same + {authorize_params: {response_mode: "form_post"}, callback_params: ["device_id"]})}'
    cp -p "$SITE_CONFIG" "$SITE_DIR/config.pristine"
}

# at PROVIDER [RULES]: a login there, whose token endpoint insists on RULES; sets CALLBACK.
at() {
    rm -f "$JAR"
    site_clear_logs
    standin_control "{\"redirect_uris\": [\"$SITE_URL/auth/$1/callback\"], \"accept_basic\": true,
        \"token_request\": ${2-"{}"}}"
    begin "$JAR" "/auth/$1"
    decide
}

# Sets CALLBACK to where the POST leads. That address is the browser's own, as it is with any other provider, and so the
# one place in which a code may stand.
follow_post() {
    assert_status 303
    CALLBACK=$(header Location)
    sed -i '/^Location: /d' "$HEADERS"
}

signs_in() { # PROVIDER
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
    profile "$JAR"
    assert_equal "$(json .provider)" "$1"
    assert_no_secrets
}

token_request() { # JQ_FILTER
    standin_log | jq -r "select(.path == \"/oauth/access_token\") | $1"
}

@test "each signs in by its settings alone, where the token endpoint insists on them" {
    at tiktok '{"id_param": "client_key"}'
    assert_equal "$(query_of "$AUTHORIZE" client_key),$(query_of "$AUTHORIZE" client_id)" "$SITE_CLIENT_ID,"
    signs_in tiktok
    at notion '{"json": true}'
    signs_in notion
    assert_equal "$(token_request '.body | fromjson | keys | join(" ")')" "code grant_type redirect_uri"
    at naver "{\"wants\": {\"state\": \"\$state\", \"app\": \"no. $SITE_CLIENT_ID\"}}"
    signs_in naver
    at vk '{"public": true, "wants": {"device_id": "d 1&+"}}'
    CALLBACK+='&device_id=d%201%26%2B&other=x'
    signs_in vk
    assert_equal "$(token_request '.form | [has("client_secret"), has("other"), .client_id] | tojson')" \
        "[false,false,\"$SITE_CLIENT_ID\"]"
    at many
    assert_equal "${AUTHORIZE%%\?*}" "$STANDIN_URL/oauth/authorize"
    signs_in many
}

@test "what is handed on from the callback stands there once, is text, and is short" {
    local query
    for query in 'device_id=1&device_id=2' 'device_id=%00' "device_id=$(repeat x 513)"; do
        note "$query"
        at vk
        CALLBACK+="&$query"
        assert_login_fails "$JAR" bad_request
        assert_contains "$(log_lines callback)" device_id
        assert_equal "$(token_requests)" 0
    done
}

@test "a response that the browser posts without a cookie goes on as a GET with it" {
    local form posted=("$SITE_URL/auth/apple/callback")
    at apple
    assert_equal "$(query_of "$AUTHORIZE" response_mode)" form_post
    form="${CALLBACK#*\?}&device_id=d%26&user=%7B%22name%22%3A%7B%7D%7D&id_token=of.no.use&other=x"
    # A cross-site POST: no cookie, whatever the origin.
    http -d "$form" -H 'Origin: https://appleid.apple.com' -H 'Sec-Fetch-Site: cross-site' "${posted[@]}"
    follow_post
    assert_equal "$(header Set-Cookie)" ""
    assert_equal "$(header Cache-Control)" no-store
    assert_equal "${CALLBACK%%\?*}" "$SITE_URL/auth/apple/callback"
    assert_equal "$(tr '&' '\n' <<<"${CALLBACK#*\?}" | sed 's/=.*//' | xargs)" "state code device_id"
    assert_equal "$(query_of "$CALLBACK" device_id)" "d&"
    assert_equal "$(log_lines)" ""
    signs_in apple
    # A refusal likewise, in its words.
    at apple
    http -d "error=user_cancelled_authorize&state=$(query_of "$AUTHORIZE" state)" --data-urlencode 'error_description=No, ‮thanks' \
        "${posted[@]}"
    follow_post
    assert_login_fails "$JAR" access_denied
    assert_contains "$(log_lines callback)" 'No, \xe2\x80\xaethanks'
}

@test "a hostile POST is refused, spends nothing, and shows nothing" {
    local form url=$SITE_URL/auth/apple/callback
    at apple
    form=${CALLBACK#*\?}
    while IFS='|' read -r name rest; do
        note "$name"
        site_clear_logs
        http -d "$rest" "$url"
        assert_status 302
        assert_equal "$(header Location)" "$SITE_URL/login?error=bad_request"
    done <<TABLE
twice|$form&code=x
state twice|$form&state=x
malformed|$form&iss=%ff
a token in a code's place|state=s&access_token=SECRETTOKEN
another|state=s&id_token=SECRETTOKEN
too long for an address|state=s&code=$(repeat x 4000)
TABLE
    # Not even a body that is larger than any form of ours.
    http -d "$form&x=$(repeat x "$(bound REQUEST_BODY_MAX)")" "$url"
    assert_equal "$(header Location)" "$SITE_URL/login?error=bad_request"
    http -H 'Content-Type: application/json' -d "{}" "$url"
    assert_equal "$(header Location)" "$SITE_URL/login?error=bad_request"
    # Nothing in it: the GET tells.
    http -X POST "$url"
    assert_status 303
    assert_equal "$(header Location)" "$url"
    assert_equal "$(token_requests)" 0
    assert_no_secrets SECRETTOKEN
    # The login itself is still there.
    http -d "$form" "$url"
    follow_post
    signs_in apple
}

@test "no other provider's callback takes a POST" {
    at instagram
    http -b "$JAR" -d "${CALLBACK#*\?}" "${CALLBACK%%\?*}"
    assert_status 405
    assert_equal "$(header Allow)" GET
    http -X PUT "$SITE_URL/auth/apple/callback"
    assert_status 405
    assert_equal "$(header Allow)" "GET, POST"
    assert_equal "$(log_lines)" ""
    signs_in instagram
}

@test "a callback with a token in its URL is refused with the reason, and the token is told to nobody" {
    local query
    for query in 'access_token=SECRETTOKEN&token_type=bearer' 'id_token=SECRETTOKEN' 'refresh_token=SECRETTOKEN'; do
        note "$query"
        at instagram
        CALLBACK+="&$query"
        assert_login_fails "$JAR" bad_request
        assert_one_line callback "${query%%=*} in its URL: the implicit flow is refused"
        assert_contains "$(log_lines)" "RFC 9700, section 2.1.2"
        assert_equal "$(token_requests)" 0
        refute_contains "$(log_lines)$(body)$(own_log)" SECRETTOKEN
    done
    site_config_edit '.providers.instagram.authorize_params = {response_type: "token"}'
    admin 1 check
    assert_contains "$(out)" "the implicit flow is refused, since tokens in URLs leak (RFC 9700, section 2.1.2); remove it"
    site_config_edit '.providers.instagram.authorize_params = {response_mode: "fragment"}'
    admin 1 check
    assert_contains "$(out)" "the callback reads only what comes in the query"
}

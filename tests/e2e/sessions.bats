#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# Being signed in and signing out: the sealed cookie, its keys and its size, the recheck against the store, /logout.

load helpers
export E2E_CLOCK=1

# --- the profile ---

@test "the profile without a session leads home, or is a 401 for a program" {
    http /profile
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/"
    assert_equal "$(header Set-Cookie)" ""
    http "${AS_JSON[@]}" /profile
    assert_status 401
    assert_equal "$(header Location)" ""
    assert_equal "$(header Content-Type)" application/problem+json
    assert_equal "$(json '[.status, .code, .login_url, (.title | length > 5)] | map(tostring) | join(" ")')" \
        "401 not_signed_in $SITE_URL/login true"
    # RFC 9110, section 15.5.2: a 401 names a way to sign in.
    assert_not_equal "$(header WWW-Authenticate)" ""
    assert_equal "$(log_lines)" ""
}

@test "redirects.signed_out says where else the profile leads, and the login page leads back" {
    local path location
    while read -r path location; do
        note "$path"
        site_config_edit ".redirects.signed_out = \"$path\""
        http /profile
        assert_equal "$(header Location)" "$SITE_URL$location"
    done <<'TABLE'
/sorry /sorry
/login /login?return_to=%2Fprofile
/login?x=1 /login?x=1&return_to=%2Fprofile
/login.html /login.html
TABLE
    # Never in a circle.
    site_config_edit 'del(.redirects.signed_out) | .redirects.home = "/profile"'
    http /profile
    assert_equal "$(header Location)" "$SITE_URL/login?return_to=%2Fprofile"
    site_config_edit '.redirects.signed_out = "/login"'
    http '/profile?accounts=1'
    assert_equal "$(query_of "$(header Location)" return_to)" "/profile?accounts=1"
    # A program is told so, as ever.
    http "${AS_JSON[@]}" /profile
    assert_status 401
}

@test "signed in, the login page says as whom, and leads on" {
    sign_in "$JAR"
    http -b "$JAR" '/login?return_to=/members/'
    assert_contains "$(body)" 'You are logged in as <bdi lang="" translate="no">Harbour Bakery</bdi>'
    assert_contains "$(body)" 'href="/members/"'
    assert_contains "$(body)" 'action="/logout"'
    assert_contains "$(body)" 'href="/auth/instagram?return_to=%2Fmembers%2F"'
    http -b "$JAR" /login
    assert_contains "$(body)" 'href="/profile"'
    http "${AS_JSON[@]}" -b "$JAR" /login
    assert_equal "$(json '.signed_in | tojson')" '{"name":"Harbour Bakery","provider":"instagram"}'
    # Who is to log in once more has nothing to go on to, and who is not logged in neither.
    http "${AS_JSON[@]}" -b "$JAR" '/login?reauth=1'
    assert_equal "$(json 'has("signed_in")')" false
    http "${AS_JSON[@]}" -H "Cookie: $SESSION_COOKIE=damaged" /login
    assert_equal "$(json 'has("signed_in")')" false
    # The cookie says it: no store is asked.
    store_break
    http "${AS_JSON[@]}" -b "$JAR" /login
    assert_equal "$(json .signed_in.name)" "Harbour Bakery"
    store_mend
    http -b "$JAR" -c "$JAR" -X POST '/logout?notice=1'
    assert_equal "$(header Location)" "$SITE_URL/#signed-out"
    http -b "$JAR" -X POST '/logout?notice=2'
    assert_equal "$(header Location)" "$SITE_URL/"
}

@test "redirects.home says where home is" {
    site_config_edit '.redirects.home = "/welcome?from=profile"'
    http /profile
    assert_equal "$(header Location)" "$SITE_URL/welcome?from=profile"
    http -X POST /logout
    assert_equal "$(header Location)" "$SITE_URL/welcome?from=profile"
}

@test "the profile with a session is the user, and never a token" {
    sign_in "$JAR" layla.studio
    profile "$JAR"
    assert_status 200
    assert_equal "$(json '[keys_unsorted[]] | sort | join(" ")')" "provider user"
    assert_equal "$(json '.user | [.id, .user_id, .username, .account_type] | join(" ")')" \
        "25014620183746519 17841401234567890 layla.studio MEDIA_CREATOR"
    assert_equal "$(json '.user | has("accessToken", "token", "refreshToken")' | sort -u)" false
    http -b "$JAR" /profile
    assert_contains "$(body)" "ليلى حدّاد"
    assert_contains "$(body)" "Creator account"
    assert_no_secrets
}

@test "until the recheck is due the profile asks no store and sets no cookie" {
    sign_in "$JAR"
    store_break
    profile "$JAR"
    assert_status 200
    assert_equal "$(header Set-Cookie)" ""
    assert_equal "$(log_lines)" ""
    store_mend
}

@test "a provider that was taken out of the config signs nobody in any more" {
    sign_in "$JAR"
    site_config_edit '.providers = {"other": .providers.instagram} | .default_provider = "other" | .providers.other.preset = "instagram"'
    assert_signed_out "$JAR"
}

# --- the cookie ---

refused() { # VALUE WHERE: a session cookie with this value is none, and goes
    note "$*"
    http "${AS_JSON[@]}" -H "Cookie: $SESSION_COOKIE=$1" /profile
    assert_status 401
    assert_regex "$(header Set-Cookie)" "^$SESSION_COOKIE=; .*Max-Age=0"
}

@test "a cookie that was tampered with is refused" {
    local value length at letter
    sign_in "$JAR"
    value=$(cookie "$JAR" "$SESSION_COOKIE")
    length=${#value}
    # Version, key id, nonce, cipher text, tag: one character of each, and the ends.
    for at in 0 1 4 8 20 40 $((length / 2)) $((length - 20)) $((length - 3)); do
        letter=A
        [[ ${value:at:1} != A ]] || letter=B
        refused "${value:0:at}$letter${value:at+1}" "character $at"
    done
    refused "${value:0:length-4}" "cut at the end"
    refused "${value:4}" "cut at the start"
    refused "${value}AAAA" "longer"
    refused "${value}=" "padding"
    refused "${value/[A-Z]/*}" "not base64url"
    refused "$value$value" "twice"
    refused "" "empty"
    refused "AQ" "tiny"
    refused "$(printf 'A%.0s' {1..5000})" "long"
    refused "%00" "NUL"
    refused '{"id":"x"}' "JSON"
    # And the untouched one is good, or all this proves nothing.
    http "${AS_JSON[@]}" -H "Cookie: $SESSION_COOKIE=$value" /profile
    assert_status 200
}

@test "a cookie among others, in any order and spacing, is found; a similar name is not" {
    local value
    sign_in "$JAR"
    value=$(cookie "$JAR" "$SESSION_COOKIE")
    for cookies in "a=b; $SESSION_COOKIE=$value" "$SESSION_COOKIE=$value;a=b" "x; =; ;; $SESSION_COOKIE=$value; y"; do
        note "$cookies"
        http "${AS_JSON[@]}" -H "Cookie: $cookies" /profile
        assert_status 200
    done
    for cookies in "x$SESSION_COOKIE=$value" "${SESSION_COOKIE}x=$value" "${SESSION_COOKIE#__Host-}=$value" \
        "a=$SESSION_COOKIE=$value"; do
        note "$cookies"
        http "${AS_JSON[@]}" -H "Cookie: $cookies" /profile
        assert_status 401
    done
}

@test "a pending-login cookie does not pass for a session, nor a session for a pending login" {
    local pending state
    begin "$JAR"
    pending=$(cookie "$JAR" "$PENDING_COOKIE")
    refused "$pending" "pending login as session"
    sign_in "$WORK/other"
    state=$(query_of "$AUTHORIZE" state)
    begin "$JAR"
    state=$(query_of "$AUTHORIZE" state)
    set_cookie "$JAR" "$PENDING_COOKIE${state:0:8}" "$(cookie "$WORK/other" "$SESSION_COOKIE")"
    decide
    assert_login_fails "$JAR" expired_login
}

@test "a cookie that another site's key has sealed is refused" {
    local key
    sign_in "$JAR"
    key=$(site_admin new-key)
    site_config_edit --arg key "$key" '.keys = [$key]'
    assert_signed_out "$JAR"
    # The cookie is gone, and the old key does not bring it back.
    assert_equal "$(cookie "$JAR" "$SESSION_COOKIE")" ""
}

@test "a key is rotated by putting a new one in front" {
    local key
    sign_in "$JAR"
    cp "$JAR" "$WORK/old"
    key=$(site_admin new-key)
    site_config_edit --arg key "$key" '.keys |= [$key] + .'
    assert_signed_in "$JAR"
    # The next cookie, at a recheck, comes from the new key.
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_in "$JAR"
    assert_not_equal "$(cookie "$JAR" "$SESSION_COOKIE")" "$(cookie "$WORK/old" "$SESSION_COOKIE")"
    # The old key goes.
    site_config_edit '.keys |= .[0:1]'
    assert_signed_in "$JAR"
    assert_signed_out "$WORK/old"
}

@test "a login that was started before a key rotation ends well after it" {
    local key
    begin "$JAR"
    decide
    key=$(site_admin new-key)
    site_config_edit --arg key "$key" '.keys |= [$key] + .'
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

# --- the size ---

# cookie_fits WHERE: the session cookie of the last answer, with its name and attributes (RFC 6265bis, section 5.6).
cookie_fits() {
    local line
    line=$(header Set-Cookie | grep "^$SESSION_COOKIE=")
    [[ ${#line} -le 4096 ]] || fail "$1: the cookie has ${#line} bytes"
}

large_person() { # JQ_FILTER WHERE: signs in somebody whose profile this is
    note "$*"
    # By a file: it may be longer than an argument can be.
    jq -n "{person: ($1)}" >"$WORK/person"
    standin_control "@$WORK/person"
    rm -f "$JAR"
    sign_in "$JAR"
    cookie_fits "$2"
    http -b "$JAR" /profile
    assert_status 200
    iconv -f utf-8 -t utf-8 "$BODY" >/dev/null
    profile "$JAR"
    assert_status 200
    iconv -f utf-8 -t utf-8 "$BODY" >/dev/null
    assert_equal "$(json .user.id)" 17841405793187218123
}

@test "the longest profile Instagram allows, in four-byte characters, is kept whole in the cookie" {
    large_person '{username: ("u" * 30), name: ("🥖" * 64), biography: ("🌊" * 150),
        website: ("https://example.com/" + "w" * 180), profile_picture_url: ("https://cdn.example/" + "p" * 480)}' "longest"
    assert_equal "$(json '.user | [(.bio | length), (.full_name | length), (.website | length), (.profile_picture | length)] | map(tostring) | join(" ")')" \
        "150 64 200 500"
    assert_equal "$(json .user.bio)" "$(printf '🌊%.0s' {1..150})"
}

@test "a profile that JSON must escape, or that no account can have, still fits the cookie" {
    # A control character takes six bytes in JSON, a quote or a backslash two.
    large_person '{name: ("\u0001" * 64), biography: ("\u001f" * 150), username: ("\u0002" * 30)}' "control characters"
    large_person '{name: ("\"" * 64), biography: ("\\" * 600), website: ("\"" * 500)}' "quotes"
    large_person '{name: ("\u0001" * 5000), biography: ("\u0001" * 5000), username: ("\u0001" * 5000),
        website: ("\u0001" * 5000), profile_picture_url: ("https://cdn.example/" + "\u0001" * 5000),
        account_type: ("\u0001" * 5000), user_id: ("\u0001" * 128)}' "hostile"
    large_person '{name: ("🥖" * 2000), biography: ("🌊" * 2000), username: ("é" * 4000),
        website: ("https://example.com/" + "w" * 8000), profile_picture_url: ("https://cdn.example/" + "p" * 8000)}' "huge"
    large_person '{name: ("x" * 100000), biography: ("y" * 100000)}' "absurd"
}

@test "a profile that just fits, or just does not, never makes headers that a web server between refuses" {
    local extra longest=0 size
    # In steps smaller than what name and attributes take, across the place where trimming begins.
    for extra in {0..480..40}; do
        jq -n --argjson extra "$extra" '{person: {name: ("n" * 390), biography: ("b" * 650), username: ("u" * 150),
            profile_picture_url: ("https://cdn.example/" + "p" * 800), website: ("https://example.com/" + "w" * $extra)}}' \
            >"$WORK/person"
        standin_control "@$WORK/person"
        rm -f "$JAR"
        sign_in "$JAR"
        cookie_fits "$extra"
        size=$(headers_size)
        [[ $size -lt 4000 ]] || fail "the headers of the callback have $size bytes"
        [[ $size -le $longest ]] || longest=$size
        profile "$JAR"
        assert_equal "$(json '.user | [.profile_picture, .website] | map(length) | join(" ")')" "820 $((20 + extra))"
    done
    # The room there is is used, but for what a server may add.
    [[ $longest -gt 3800 ]] || fail "the longest headers had $longest bytes"
}

# The bytes of the last response's headers.
headers_size() { wc -c <"$HEADERS"; }

assert_headers_fit() {
    local size
    size=$(headers_size)
    [[ $size -lt 4000 ]] || fail "the headers have $size bytes"
}

# Looks at the profile as the cookie of the sign-in has it, then as the store has it, then as the cookie of that.
look_thrice() { # COMMAND...
    local minutes
    for minutes in 5 0 5; do
        site_config_edit ".session.recheck_minutes = $minutes"
        profile "$JAR"
        "$@"
        http -b "$JAR" -c "$JAR" /profile
        "$@"
    done
}

@test "a long URL of a picture shows, in the session, on the page and as JSON" {
    local size picture
    has_picture() {
        assert_headers_fit
        assert_contains "$(body)" "$picture"
        assert_contains "$(body)" "https://bakery.example/menu?lang=en&"
    }
    for size in 1025 1600 2048; do
        note "$size"
        picture=https://cdn.example/$(printf 'p%.0s' $(seq $((size - 20))))
        standin_control "$(jq -cn --arg picture "$picture" '{person: {profile_picture_url: $picture}}')"
        rm -f "$JAR"
        sign_in "$JAR"
        assert_headers_fit
        look_thrice has_picture
    done
}

@test "a long text costs neither picture nor website" {
    has_both() {
        assert_headers_fit
        assert_contains "$(body)" "https://cdn.example/ppp"
        assert_contains "$(body)" "https://example.com/www"
        assert_contains "$(body)" "bbbbbbbbbb"
    }
    standin_control "$(jq -n '{person: {biography: ("b" * 2200), website: ("https://example.com/" + "w" * 480),
        profile_picture_url: ("https://cdn.example/" + "p" * 1004)}}')"
    sign_in "$JAR"
    assert_headers_fit
    look_thrice has_both
    assert_equal "$(user 17841405793187218123 '.instagram.bio | length')" 2200
}

@test "the longest return_to leaves the session less room, and the next page makes it whole again" {
    local max path
    max=$(sed -n 's/^#define RETURN_TO_MAX \([0-9]*\).*/\1/p' "$BATS_TEST_DIRNAME/../../common/base/bounds.h")
    path=/$(printf 'r%.0s' $(seq $((max - 1))))
    standin_control "$(jq -n '{person: {biography: ("b" * 600),
        profile_picture_url: ("https://cdn.example/" + "p" * 1480)}}')"
    # With all the cookies that this one takes the room of, and which are removed.
    for _ in 1 2 3 4; do
        begin "$JAR" "/auth/instagram?return_to=${path:0:500}"
    done
    begin "$JAR" "/auth/instagram?return_to=$path"
    assert_equal "$(header Set-Cookie | grep -c 'Max-Age=0')" 4
    assert_headers_fit
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL$path"
    assert_headers_fit
    profile "$JAR"
    assert_equal "$(json '.user | [.bio, .profile_picture] | map(length) | join(" ")')" "600 1500"
    assert_not_equal "$(header Set-Cookie)" ""
    profile "$JAR"
    assert_equal "$(header Set-Cookie)" ""
    assert_equal "$(json '.user.profile_picture | length')" 1500
}

@test "what the cookie cannot hold is stored all the same" {
    large_person '{biography: ("🌊" * 1500), website: ("https://example.com/" + "w" * 1500)}' "long"
    assert_equal "$(user 17841405793187218123 '.instagram | [(.bio | length), (.website | length)] | join(" ")')" "1500 1520"
}

# --- the recheck ---

@test "a user who is deleted is signed out at the next recheck, and not before" {
    sign_in "$JAR"
    site_admin users delete --yes instagram:17841405793187218123
    assert_signed_in "$JAR"
    http -b "$JAR" -c "$JAR" -H 'X-Test-Clock: 301' /profile
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/"
    assert_equal "$(cookie "$JAR" "$SESSION_COOKIE")" ""
}

@test "recheck_minutes 0 asks the store at every view" {
    site_config_edit '.session.recheck_minutes = 0'
    sign_in "$JAR"
    assert_signed_in "$JAR"
    assert_signed_in "$JAR"
    site_admin users delete --yes instagram:17841405793187218123
    assert_signed_out "$JAR"
}

@test "the recheck brings what the profile is now into the session, for what was left of its life" {
    local age
    sign_in "$JAR"
    standin_control '{"person": {"name": "Harbour Bakery & Café"}}'
    sign_in "$WORK/elsewhere"
    assert_signed_in "$JAR"
    assert_equal "$(json .user.full_name)" "Harbour Bakery"
    assert_signed_in "$JAR" -H 'X-Test-Clock: 400'
    assert_equal "$(json .user.full_name)" "Harbour Bakery & Café"
    age=$(header Set-Cookie | sed 's/.*Max-Age=\([0-9]*\).*/\1/')
    [[ $age -le 1209200 && $age -gt 1209100 ]] || fail "Max-Age=$age: a session must not grow older by being used"
    # Asked just now: no need to ask again.
    store_break
    assert_signed_in "$JAR" -H 'X-Test-Clock: 500'
    assert_equal "$(log_lines)" ""
    store_mend
    assert_no_secrets
}

@test "a clock that was set back does not keep a session from being checked" {
    sign_in "$JAR"
    site_admin users delete --yes instagram:17841405793187218123
    assert_signed_out "$JAR" -H 'X-Test-Clock: -7200'
}

@test "logout kills a copied cookie at the next recheck" {
    sign_in "$JAR"
    cp "$JAR" "$WORK/copy"
    cp "$JAR" "$WORK/late"
    http -X POST -b "$JAR" -c "$JAR" /logout
    assert_signed_out "$JAR"
    assert_signed_in "$WORK/copy"
    assert_signed_out "$WORK/late" -H 'X-Test-Clock: 301'
    # Nobody else's session has ended.
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_out "$WORK/copy"
    sign_in "$JAR"
    assert_signed_in "$JAR"
}

@test "logout ends one session of a person and leaves the others" {
    site_config_edit '.session.recheck_minutes = 0'
    sign_in "$JAR"
    sign_in "$WORK/phone"
    sign_in "$WORK/friend" layla.studio
    http -X POST -b "$JAR" /logout
    assert_signed_out "$JAR"
    assert_signed_in "$WORK/phone"
    assert_signed_in "$WORK/friend"
}

# --- signing out ---

assert_signs_out() { # WHERE CURL_OPTION...
    note "$*"
    rm -f "$JAR"
    cp "$WORK/in" "$JAR"
    http -b "$JAR" -c "$JAR" "${@:2}" /logout
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/"
    assert_regex "$(header Set-Cookie)" "^$SESSION_COOKIE=; .*Max-Age=0"
    assert_equal "$(cookie "$JAR" "$SESSION_COOKIE")" ""
}

assert_asks() { # WHERE CURL_OPTION...
    note "$*"
    rm -f "$JAR"
    cp "$WORK/in" "$JAR"
    http -b "$JAR" -c "$JAR" "${@:2}" /logout
    assert_status 200
    assert_contains "$(body)" '<form method="post" action="/logout">'
    assert_equal "$(header Set-Cookie)" ""
    assert_signed_in "$JAR"
}

@test "logout by POST signs out, wherever the request comes from" {
    sign_in "$WORK/in"
    assert_signs_out "plain" -X POST
    assert_signs_out "same-origin" -X POST -H 'Sec-Fetch-Site: same-origin' -H "Origin: $SITE_URL"
    assert_signs_out "with a body" -d 'a=b'
}

@test "logout by GET signs out when this site or the person asked for it" {
    sign_in "$WORK/in"
    assert_signs_out "same-origin" -H 'Sec-Fetch-Site: same-origin'
    assert_signs_out "typed" -H 'Sec-Fetch-Site: none'
    assert_signs_out "own Referer" -H "Referer: $SITE_URL/members/page?x=[1]"
    assert_signs_out "own origin as Referer" -H "Referer: $SITE_URL"
    assert_signs_out "Sec-Fetch-Site wins over Referer" -H 'Sec-Fetch-Site: same-origin' -H 'Referer: https://evil.example/'
}

@test "logout by GET asks first when anybody else may have asked for it" {
    sign_in "$WORK/in"
    assert_asks "nothing said"
    assert_asks "cross-site" -H 'Sec-Fetch-Site: cross-site'
    assert_asks "same-site" -H 'Sec-Fetch-Site: same-site'
    assert_asks "cross-site wins over Referer" -H 'Sec-Fetch-Site: cross-site' -H "Referer: $SITE_URL/"
    assert_asks "unknown word" -H 'Sec-Fetch-Site: SAME-ORIGIN, cross-site'
    assert_asks "foreign Referer" -H 'Referer: https://evil.example/'
    assert_asks "prefix" -H "Referer: $SITE_URL.evil.example/"
    assert_asks "longer port" -H "Referer: ${SITE_URL}0/"
    assert_asks "user information" -H "Referer: $SITE_URL@evil.example/"
    assert_asks "other scheme" -H "Referer: ${SITE_URL/http:/https:}/"
    assert_asks "in the path" -H "Referer: https://evil.example/$SITE_URL/"
    assert_asks "in the query" -H "Referer: https://evil.example?$SITE_URL/"
    assert_asks "other port" -H "Referer: http://localhost:1/"
    assert_asks "empty Referer" -H 'Referer;'
    assert_asks "no URL" -H 'Referer: about:blank'
    assert_asks "long" -H "Referer: http://$(printf 'a%.0s' {1..2000})"
    assert_asks "prefetch" -H 'Sec-Fetch-Site: same-origin' -H 'Sec-Purpose: prefetch'
    assert_asks "prerender" -H 'Sec-Fetch-Site: none' -H 'Sec-Purpose: prefetch;prerender'
    assert_asks "old prefetch" -H 'Sec-Fetch-Site: same-origin' -H 'Purpose: prefetch'
}

@test "HEAD never signs anybody out" {
    sign_in "$WORK/in"
    cp "$WORK/in" "$JAR"
    http -I -b "$JAR" -c "$JAR" -H 'Sec-Fetch-Site: same-origin' /logout
    assert_status 200
    assert_equal "$(header Set-Cookie)" ""
    assert_signed_in "$JAR"
}

@test "who is not signed in is offered to log in, and may sign out all the same" {
    http -H 'Sec-Fetch-Site: cross-site' /logout
    assert_status 200
    assert_contains "$(body)" 'href="/login"'
    refute_contains "$(body)" "<form"
    http -X POST /logout
    assert_status 302
    assert_equal "$(header Set-Cookie)" ""
}

@test "a program signs out with JSON" {
    sign_in "$JAR"
    http "${AS_JSON[@]}" -b "$JAR" /logout
    assert_status 200
    assert_equal "$(json .signed_in)" true
    http "${AS_JSON[@]}" -X POST -b "$JAR" -c "$JAR" /logout
    assert_status 200
    assert_equal "$(json .signed_in)" false
    assert_signed_out "$JAR"
    http "${AS_JSON[@]}" /logout
    assert_equal "$(json .signed_in)" false
}

@test "signing out removes a cookie that cannot be read any more" {
    http -X POST -H "Cookie: $SESSION_COOKIE=damaged" /logout
    assert_status 302
    assert_regex "$(header Set-Cookie)" "^$SESSION_COOKIE=; .*Max-Age=0"
}

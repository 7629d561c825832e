#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# What Meta asks for with a signed request: deauthorize forgets the token and ends the sessions, deletion deletes the
# user and answers a code whose page tells what happened. What is no such request changes nothing.

load helpers
load tokens

setup() {
    e2e_setup
    site_config_edit '.session.recheck_minutes = 0'
}

# All of the store that this is about.
state() { site_admin users export --with-token; }

assert_deauthorized() { # JAR ID
    assert_status 200
    assert_equal "$(header Content-Type)" application/json
    assert_signed_out "$1"
    assert_equal "$(user "$2" '.instagram | [.accessToken, .refreshToken, .token] | tojson' --with-token)" "[null,null,null]"
}

assert_deletion() { # WORD: answered as Meta wants it, and the page behind it says so
    assert_status 200
    assert_equal "$(header Content-Type)" application/json
    assert_equal "$(json 'keys | tojson')" '["confirmation_code","url"]'
    CODE=$(json .confirmation_code) CODE_URL=$(json .url)
    assert_regex "$CODE" '^[A-Za-z0-9]+$'
    assert_contains "$CODE_URL" "$SITE_URL/"
    assert_equal "$(query_of "$CODE_URL" code)" "$CODE"
    http "${AS_JSON[@]}" "$CODE_URL"
    assert_status 200
    assert_equal "$(json .status)" "$1"
}

# --- deauthorize ---

@test "deauthorize takes the token and all sessions, and keeps the user and every other field" {
    local before
    sign_in "$JAR"
    sign_in "$WORK/phone"
    sign_in "$WORK/friend" layla.studio
    before=$(user "$BAKERY" '.instagram |= del(.accessToken, .refreshToken, .token) | tojson')
    meta deauthorize '{}'
    assert_equal "$(json tojson)" "{}"
    assert_deauthorized "$JAR" "$BAKERY"
    assert_signed_out "$WORK/phone"
    assert_equal "$(user "$BAKERY" '.instagram |= del(.accessToken, .refreshToken, .token) | tojson')" "$before"
    assert_signed_in "$WORK/friend"
    token_works "$(stored_token "$LAYLA")"
    assert_equal "$(log_lines)" ""
    assert_no_secrets
    # Nothing is left to refresh, and no token to hand out.
    admin 0 refresh --within 3650
    admin 1 token "instagram:$BAKERY"
    assert_equal "$(out)" ""
    # Logging in again brings all back.
    sign_in "$JAR"
    assert_signed_in "$JAR"
    token_works "$(stored_token "$BAKERY")"
}

@test "a person is found by either id, text or integer, exact to the last digit" {
    local which as
    sign_in "$WORK/bakery"
    for which in id user_id; do
        for as in string integer; do
            rm -f "$JAR"
            sign_in "$JAR" layla.studio
            meta deauthorize "{\"person\": \"layla.studio\", \"which\": \"$which\", \"as\": \"$as\"}"
            assert_deauthorized "$JAR" "$LAYLA"
        done
    done
    assert_signed_in "$WORK/bakery"
    # The neighbours, which a parser that keeps numbers as doubles takes for the same.
    for id in 17841405793187218122 17841405793187218124 17841405793187218000 1784140579318721812; do
        note "$id"
        meta deauthorize "{\"user_id\": $id}"
        assert_status 200
    done
    assert_signed_in "$WORK/bakery"
    meta deauthorize '{"as": "integer"}'
    assert_deauthorized "$WORK/bakery" "$BAKERY"
}

@test "the payload may be spaced, escaped and ordered as it likes: the signature is over its text as received" {
    local payload
    for payload in " {\n  \"issued_at\" : $NOW ,\r\n\t\"user_id\":\"$BAKERY\", \"algorithm\":\"HMAC-SHA256\" } \n" \
        "{\"algorithm\":\"HMAC-SHA256\",\"issued_at\":$NOW,\"page\":\"https:\\\\/\\\\/example.com\\\\/\\\\u00e9\",\"user_id\":\"$BAKERY\"}" \
        "{\"name\":\"ليلى 🥖\",\"user_id\":$BAKERY,\"issued_at\":$NOW,\"algorithm\":\"HMAC-SHA256\"}"; do
        rm -f "$JAR"
        sign_in "$JAR"
        meta deauthorize "$(jq -n --arg payload "$(printf '%b' "$payload")" '{payload: $payload}')"
        assert_deauthorized "$JAR" "$BAKERY"
    done
}

@test "deauthorize is for POST only" {
    local method
    sign_in "$JAR"
    for method in GET HEAD PUT DELETE; do
        note "$method"
        local -a options=(-X "$method")
        [[ $method != HEAD ]] || options=(-I)
        http "${options[@]}" "/auth/instagram/deauthorize?signed_request=$(signed '{}')"
        assert_status 405
        assert_equal "$(header Allow)" POST
    done
    for method in PUT DELETE; do
        note "$method"
        post_signed deletion "$(signed '{}')" -X "$method"
        assert_status 405
    done
    # In the query it is none.
    http -X POST "/auth/instagram/deauthorize?signed_request=$(signed '{}')"
    assert_status 400
    assert_signed_in "$JAR"
}

# --- deletion ---

@test "deletion removes user, token and sessions, and its page says so in words and as JSON" {
    local before
    sign_in "$JAR"
    sign_in "$WORK/phone"
    sign_in "$WORK/friend" layla.studio
    before=$(user "$LAYLA" tojson)
    meta deletion '{}'
    assert_deletion deleted
    assert_regex "$(json .time)" '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$'
    http "$CODE_URL"
    assert_status 200
    assert_regex "$(header Content-Type)" '^text/html'
    assert_contains "$(body)" "Your data was deleted"
    assert_regex "$(body)" 'datetime="20[0-9]{2}-'
    http -I "$CODE_URL"
    assert_status 200
    assert_signed_out "$JAR"
    assert_signed_out "$WORK/phone"
    assert_signed_in "$WORK/friend"
    assert_equal "$(site_admin users export | jq -c .)" "$before"
    assert_equal "$(log_lines)" ""
    # The page and the code know nothing about the person.
    assert_equal "$(grep -lE "$BAKERY|harbour" "$KEPT"/*.body | xargs -r grep -L '"provider"' || true)" ""
    assert_no_secrets
}

@test "a wish of somebody who is not known is answered as well, and its page says that nothing was there" {
    meta deletion '{"user_id": "42"}'
    assert_deletion nothing_stored
    http "$CODE_URL"
    assert_contains "$(body)" "There was nothing to delete"
    # Whose link is damaged has left: a page of its own, and no way to log in.
    for code in '?code=abc' "?${CODE_URL#*\?}0" '?code=a&code=b' ''; do
        note "$code"
        http "${CODE_URL%%\?*}$code"
        [[ $STATUS == 40[04] ]]
        refute_contains "$(body)" 'href="/login"'
    done
    http "${CODE_URL%%\?*}?code=abc"
    assert_status 404
    assert_contains "$(body)" "<h1>This link is not whole</h1>"
    http "${AS_JSON[@]}" "${CODE_URL%%\?*}?code=abc"
    assert_equal "$STATUS $(json .code)" "404 not_found"
    site_clear_logs
    sign_in "$JAR"
    meta deletion '{"user_id": "42"}'
    assert_deletion nothing_stored
    meta deauthorize '{"user_id": "43"}'
    assert_status 200
    assert_signed_in "$JAR"
    assert_equal "$(log_lines)" ""
}

@test "a deleted person who logs in again is a new one" {
    sign_in "$JAR"
    meta deletion '{}'
    assert_deletion deleted
    rm -f "$JAR"
    sign_in "$JAR"
    assert_signed_in "$JAR"
    assert_equal "$(user_count)" 1
    # The page still tells of then.
    http "${AS_JSON[@]}" "$CODE_URL"
    assert_equal "$(json .status)" deleted
}

@test "codes cannot be guessed, hold nothing about the person, and stop at the least change" {
    local first letter at changed
    sign_in "$JAR"
    meta deletion '{}'
    first=$(json .confirmation_code)
    meta deletion '{}'
    assert_deletion nothing_stored
    assert_not_equal "$CODE" "$first"
    refute_contains "$first" "$BAKERY"
    # As bytes, whatever the code is made of.
    printf '%s' "$first" | sed 's/../\\x&/g' | xargs -0 printf '%b' >"$WORK/bytes" 2>/dev/null || true
    refute grep -aqE "$BAKERY|17841|harbour|instagram" "$WORK/bytes"
    for at in 0 1 2 12 40 80 $((${#first} / 2)) $((${#first} - 2)) $((${#first} - 1)); do
        note "character $at"
        letter=0
        [[ ${first:at:1} != 0 ]] || letter=1
        changed=${first:0:at}$letter${first:at+1}
        http "/auth/instagram/deletion?code=$changed"
        assert_status 404
        http "${AS_JSON[@]}" "/auth/instagram/deletion?code=$changed"
        assert_status 404
        assert_equal "$(header Content-Type)" application/problem+json
    done
    for changed in "" "${first}0" "${first}00" "${first:0:${#first}-2}" "0$first" "$first$first" "x" "%00" "../../etc/passwd" \
        "$(printf 'ab%.0s' {1..2000})"; do
        note "$changed"
        http "/auth/instagram/deletion?code=$changed"
        assert_regex "$STATUS" '^(404|400|414)$'
    done
    http /auth/instagram/deletion
    assert_status 404
    http "/auth/instagram/deletion?code=$first"
    assert_status 200
}

@test "a code is read with any of the keys, and not without the one that made it" {
    local key
    meta deletion '{}'
    assert_deletion nothing_stored
    key=$(site_admin new-key)
    site_config_edit --arg key "$key" '.keys |= [$key] + .'
    http "$CODE_URL"
    assert_status 200
    site_config_edit '.keys |= .[0:1]'
    http "$CODE_URL"
    assert_status 404
}

# --- both ---

@test "what is no signed request of this app is a 400 with one line in the log, and changes nothing" {
    local program wish good signature payload before rows row
    sign_in "$JAR"
    before=$(state)
    good=$(signed '{}')
    signature=${good%%.*} payload=${good#*.}
    rows=("$signature=.$payload" "$signature.$payload=" "${signature}A.$payload" "${signature:0:42}.$payload" "A.$payload" ".$payload"
        "$signature." "$signature" "$payload" "" "." "${good:0:${#good}-1}" "${good:1}" "$good.$payload" "$payload.$signature"
        "$signature.$(signed '{"user_id": "1"}' | cut -d. -f2)" " $good" "$good " "$(printf 'A%.0s' {1..43}).$payload")
    # Signed over the JSON itself, or by somebody else.
    for wish in '{"secret": "0123456789abcdef0123456789abcdef"}' '{"secret": ""}' '{"algorithm": "none"}' \
        '{"algorithm": "HMAC-SHA1"}' '{"algorithm": "hmac-sha256"}' '{"algorithm": null}' '{"algorithm": ["HMAC-SHA256"]}' \
        '{"issued_at": null}' '{"issued_at": "yesterday"}' '{"issued_at": 1291836800}' "{\"issued_at\": $(($(date +%s) - 3650))}" \
        "{\"issued_at\": $(($(date +%s) + 400))}" '{"issued_at": {}}' '{"user_id": null}' '{"user_id": ""}' '{"user_id": {}}' \
        '{"user_id": 17841405793187218123.5}' "{\"user_id\": \"$(printf '1%.0s' {1..129})\"}" '{"payload": ""}' \
        '{"payload": "[]"}' '{"payload": "null"}' '{"payload": "{"}'; do
        rows+=("$(signed "$wish")")
    done
    for program in deauthorize deletion; do
        for row in "${rows[@]}"; do
            note "$program $row"
            post_signed "$program" "$row"
            assert_status 400
        done
        assert_equal "$(log_lines "$program" | grep -c 'bad_request: .*signed_request')" "${#rows[@]}"
    done
    assert_equal "$(log_lines | wc -l)" $((2 * ${#rows[@]}))
    refute_contains "$(log_lines)" "$BAKERY"
    assert_equal "$(state)" "$before"
    assert_signed_in "$JAR"
    assert_no_secrets "$signature"
    # The right one still works: it was not used up.
    post_signed deauthorize "$good"
    assert_deauthorized "$JAR" "$BAKERY"
}

@test "issued_at may be a text of digits, and clocks may differ by some minutes" {
    local now
    now=$(date +%s)
    for issued_at in "\"$now\"" $((now - 3550)) $((now + 250)); do
        rm -f "$JAR"
        sign_in "$JAR"
        meta deauthorize "{\"issued_at\": $issued_at}"
        assert_deauthorized "$JAR" "$BAKERY"
    done
}

@test "a body of another kind, too large or empty is refused in one line" {
    local program good
    sign_in "$JAR"
    good=$(signed '{}')
    printf 'signed_request=%s&pad=%s' "$good" "$(head -c 6200 /dev/zero | tr '\0' a)" >"$WORK/large"
    for program in deauthorize deletion; do
        note "$program"
        site_clear_logs
        http --data-binary "@$WORK/large" "/auth/instagram/$program"
        assert_status 413
        assert_one_line "$program" body_too_large
        for type in application/json text/plain multipart/form-data application/x-www-form-urlencodedx ""; do
            note "$program $type"
            post_signed "$program" "$good" -H "Content-Type;" -H "Content-Type: $type"
            assert_status 400
        done
        http -F "signed_request=$good" "/auth/instagram/$program"
        assert_status 400
        http -X POST "/auth/instagram/$program"
        assert_status 400
        http -d "signed_request=$good&signed_request=$good" "/auth/instagram/$program"
        assert_status 400
        http -d "signed_request=$good%00" "/auth/instagram/$program"
        assert_status 400
        http -d "Signed_Request=$good" "/auth/instagram/$program"
        assert_status 400
        http -d "signed_request=$good" "/auth/nonsense/$program"
        assert_status 404
    done
    assert_signed_in "$JAR"
    post_signed deauthorize "$good" -H 'Content-Type: Application/X-WWW-Form-Urlencoded; charset=UTF-8'
    assert_deauthorized "$JAR" "$BAKERY"
}

@test "a request that comes again is harmless, also once the person has logged in again" {
    local good
    sign_in "$JAR"
    good=$(signed '{}')
    post_signed deauthorize "$good"
    assert_deauthorized "$JAR" "$BAKERY"
    post_signed deauthorize "$good"
    assert_status 200
    sign_in "$JAR"
    post_signed deauthorize "$good"
    assert_status 200
    assert_signed_in "$JAR"
    token_works "$(stored_token "$BAKERY")"

    good=$(signed '{}')
    post_signed deletion "$good"
    assert_deletion deleted
    sign_in "$JAR"
    post_signed deletion "$good"
    assert_status 200
    assert_regex "$(json .confirmation_code)" '^[A-Za-z0-9]+$'
    http "$(json .url)"
    assert_status 200
    assert_signed_in "$JAR"
    assert_equal "$(user_count)" 1
    # A new wish counts.
    meta deletion '{}'
    assert_deletion deleted
    assert_signed_out "$JAR"
    assert_equal "$(log_lines)" ""
}

@test "the same request many times at once is carried out once, and each is answered" {
    local good
    sign_in "$JAR"
    good=$(signed '{}')
    seq 12 | xargs -P 6 -n 1 sh -c 'curl -sS -o "$0.$3" -w "%{http_code}\n" --data-urlencode "signed_request=$1" "$2"' \
        "$WORK/answer" "$good" "$SITE_URL/auth/instagram/deletion" >"$WORK/statuses"
    assert_equal "$(sort "$WORK/statuses" | uniq -c | xargs)" "12 200"
    assert_equal "$(jq -r .confirmation_code "$WORK"/answer.* | grep -cE '^[a-zA-Z0-9]+$')" 12
    assert_equal "$(user_count)" 0
    assert_signed_out "$JAR"
}

@test "in a store outage it is 503 with Retry-After, and the retry does it" {
    local program good
    for program in deauthorize deletion; do
        note "$program"
        rm -f "$JAR"
        sign_in "$JAR"
        good=$(signed '{}')
        site_clear_logs
        store_break
        post_signed "$program" "$good"
        assert_status 503
        assert_regex "$(header Retry-After)" '^[1-9][0-9]*$'
        assert_one_line "$program" "store_unavailable: "
        store_mend
        site_config_edit '.session.recheck_minutes = 0'
        assert_signed_in "$JAR"
        post_signed "$program" "$good"
        if [[ $program == deauthorize ]]; then
            assert_deauthorized "$JAR" "$BAKERY"
        else
            assert_deletion deleted
            assert_signed_out "$JAR"
        fi
    done
    # The page about a deletion needs no store.
    store_break
    http "$CODE_URL"
    assert_status 200
    store_mend
    assert_no_secrets
}

@test "deauthorize and deletion of the same second, alike to the letter, are both carried out" {
    local good
    sign_in "$JAR"
    good=$(signed '{}')
    post_signed deauthorize "$good"
    assert_deauthorized "$JAR" "$BAKERY"
    post_signed deletion "$good"
    assert_deletion deleted
    assert_equal "$(user_count)" 0
}

@test "a retry of a deletion tells the person that the data was deleted" {
    sign_in "$JAR"
    good=$(signed '{}')
    post_signed deletion "$good"
    assert_deletion deleted
    # Meta has not seen the answer, and asks again: the person gets this code.
    post_signed deletion "$good"
    assert_deletion deleted
}

@test "both work under the plain CGI path, also where no route leads to it" {
    local path=/cgi-bin/NAME$SITE_CGI_SUFFIX
    sign_in "$JAR"
    http --data-urlencode "signed_request=$(signed '{}')" "${path/NAME/deauthorize}/instagram"
    assert_deauthorized "$JAR" "$BAKERY"
    sign_in "$JAR"
    # With the only provider there is, none needs to be named.
    http --data-urlencode "signed_request=$(signed '{}')" "${path/NAME/deletion}"
    assert_deletion deleted
    # The address for the person is one that is there.
    sed -i '/^RewriteRule/d' "$SITE_HTML/.htaccess"
    http --data-urlencode "signed_request=$(signed '{}')" "${path/NAME/deletion}/instagram"
    assert_deletion nothing_stored
}

@test "the stand-in sends them itself, as Meta does" {
    sign_in "$JAR" layla.studio
    _standin_curl -f -d "{\"person\": \"layla.studio\", \"which\": \"user_id\", \"url\": \"$SITE_URL/auth/instagram/deletion\"}" \
        "$STANDIN_URL/_control/signed_request" >"$WORK/sent"
    assert_equal "$(jq -r '"\(.answer.status) \(.answer.content_type)"' "$WORK/sent")" "200 application/json"
    assert_regex "$(jq -r '.answer.body | fromjson | .confirmation_code' "$WORK/sent")" '^[a-zA-Z0-9]+$'
    assert_signed_out "$JAR"
}

# --- the clock ---

# A provider whose certificate was made for these tests would not be valid yet.
# bats test_tags=host
@test "check --online tells by how much the clock is off that signed requests are held against" {
    local seconds words
    admin 0 check --online
    assert_contains "$(out)" "ok    this machine's clock is right: $STANDIN_URL told the time"
    while IFS='|' read -r seconds words; do
        note "$seconds"
        LATER=$seconds admin 1 check --online
        assert_regex "$(out)" "FIX +this machine's clock is $words that of $STANDIN_URL: set it, or ask the host to"
        assert_equal "$(grep -c FIX "$OUT")" 1
        # The own site tells the time, too, where nobody else is asked.
        LATER=$seconds admin 1 check
        assert_regex "$(out)" "FIX +this machine's clock is $words that of $SITE_URL, which is the site itself: set the one"
        assert_equal "$(grep -c FIX "$OUT")" 1
    done <<'TABLE'
-360|[56] minutes behind
3720|62 minutes ahead of
-90|(8[89]|9[01]) seconds behind
172900|2 days ahead of
TABLE
    for seconds in 30 -30; do
        LATER=$seconds admin 0 check --online
    done
}

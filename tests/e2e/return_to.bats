#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# return_to: which paths of this site are taken, and that no other site is, in any spelling.

load helpers

# The rows of tests/payloads/open_redirect.txt: VERDICT, number within the kind, kind, percent-encoded payload, and the
# same as it is taken.
payloads() {
    "$(_site_python)" -B "$E2E_ROOT/tests/payloads/payloads.py" rows "$E2E_ROOT/tests/payloads/open_redirect.txt"
}

# Signs in with this return_to; sets LOCATION.
sign_in_to() { # PERCENT-ENCODED
    rm -f "$JAR"
    begin "$JAR" "/auth/instagram?return_to=$1"
    decide
    finish "$JAR"
}

@test "the file of payloads is what its maker makes" {
    "$(_site_python)" -B "$E2E_ROOT/tests/payloads/open_redirect.py" |
        diff - "$E2E_ROOT/tests/payloads/open_redirect.txt"
}

@test "return_to takes paths of this site, as they are or encoded" {
    local verdict number encoded taken kind count=0
    while IFS=$'\t' read -r verdict number kind encoded taken; do
        [[ $verdict != - && $number -le 4 || $kind == what* ]] || continue
        note "$encoded"
        sign_in_to "$encoded"
        taken=$(printf %b "${taken//%/\\x}")
        # `finish` takes the end of a fragment away, which every login has.
        assert_equal "$LOCATION" "$SITE_URL${taken%#}"
        count=$((count + 1))
    done < <(payloads)
    [[ $count -eq 48 ]]
    # A person's own log line is for what is dropped.
    assert_equal "$(log_lines)" ""
}

@test "return_to has room for 2 KiB, and the whole login goes through" {
    local path
    path=/$(printf 'a%.0s' {1..2047})
    sign_in_to "$path"
    assert_equal "$LOCATION" "$SITE_URL$path"
    # What is encoded counts, however it comes.
    path=/$(printf '%%C3%%A9%.0s' {1..341})
    sign_in_to "${path//%/%25}"
    assert_equal "$LOCATION" "$SITE_URL$path"
    sign_in_to "$path"
    assert_equal "$LOCATION" "$SITE_URL$path"
}

@test "logins with a long return_to never fill the Cookie header" {
    local n path
    path=/$(printf 'a%.0s' {1..2047})
    sign_in "$JAR"
    for n in 1 2 3 4 5; do
        begin "$JAR" "/auth/instagram?return_to=$path"
    done
    assert_signed_in "$JAR"
    decide
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL$path"
}

# A few of each kind go the whole way; the next test has all of them, and the unit test too.
@test "return_to takes no other site, of any kind" {
    local verdict number encoded taken kind count=0
    while IFS=$'\t' read -r verdict number kind encoded taken; do
        [[ $verdict == - && $number -le 2 ]] || continue
        note "$kind: $encoded"
        count=$((count + 1))
        sign_in_to "$encoded"
        assert_equal "$LOCATION" "$SITE_URL/profile"
    done < <(payloads)
    [[ $count -eq 44 ]]
}

@test "a return_to that is dropped is one line in the log, which says why" {
    local query why
    while IFS='|' read -r query why; do
        note "$query"
        site_clear_logs
        sign_in_to "$query"
        assert_equal "$LOCATION" "$SITE_URL/profile"
        assert_one_line start "return_to is dropped, and the login ends at redirects.success"
        assert_one_line start "$why"
        refute_contains "$(log_lines)" evil
        site_clear_logs
        http "/login?return_to=$query"
        assert_one_line login "$why"
    done <<TABLE
//evil.example|does not begin with one slash
https://evil.example/|does not begin with one slash
/%5Cevil.example|holds a backslash
/evil%0d%0aX:y|malformed percent-encoding or characters
/evil%250d%250aX:y|holds a control character
/evil/..|goes up or nowhere
/caf%E9|malformed percent-encoding or characters
/a&return_to=/a|stands twice
/$(printf 'a%.0s' {1..2048})|has more than 2048 bytes, encoded
TABLE
}

@test "the sign-in page hands on what return_to takes, and nothing else, of all payloads" {
    local verdict number encoded taken kind count=0
    mkdir "$WORK/pages"
    while IFS=$'\t' read -r verdict number kind encoded taken; do
        count=$((count + 1))
        printf 'url = "%s/login?return_to=%s"\noutput = "%s/pages/%s"\n' "$SITE_URL" "$encoded" "$WORK" "$count"
        printf '%s %s\n' "$verdict" "$taken" >"$WORK/pages/$count.row"
    done < <(payloads) >"$WORK/curl.conf"
    curl -sS -K "$WORK/curl.conf"
    for number in $(seq "$(wc -l <"$WORK/curl.conf" | awk '{ print $1 / 2 }')"); do
        read -r verdict encoded <"$WORK/pages/$number.row"
        if grep -q return_to "$WORK/pages/$number"; then
            grep -qF "href=\"/auth/instagram?return_to=$encoded\"" "$WORK/pages/$number" && [[ $verdict != - ]] ||
                fail "handed on: $encoded"
        else
            [[ -s $WORK/pages/$number && $verdict == - ]] || fail "not handed on: $encoded"
        fi
    done
    [[ $number -ge 700 ]]
}

@test "return_to that is empty, too long, raw or doubly encoded leads to the success page" {
    local query
    for query in "return_to=" "return_to" "return_to=/$(printf 'a%.0s' {1..2048})" "return_to=%2F%2Fevil.example" \
        "return_to=%252F%252Fevil.example" "return_to=//evil.example" "return_to=%5C%5Cevil.example" \
        "return_to[]=//evil.example" "Return_to=/members/" "return-to=/members/" "return_to=/%250d%250a/../x"; do
        note "$query"
        rm -f "$JAR"
        begin "$JAR" "/auth/instagram?$query"
        decide
        finish "$JAR"
        assert_equal "$LOCATION" "$SITE_URL/profile"
    done
}

@test "the sign-in page hands a good return_to on to every button" {
    http -G --data-urlencode 'return_to=/members/?a=1&b=2' /login
    assert_contains "$(body)" 'href="/auth/instagram?return_to=%2Fmembers%2F%3Fa%3D1%26b%3D2"'
}

@test "the sign-in page hands on that a fresh login is wanted, also beside an error, and no other text" {
    local wish
    for wish in 'reauth=1' 'error=access_denied&reauth=1' 'reauth=1&error=expired_login'; do
        note "$wish"
        http "/login?$wish&return_to=/members/%3Fa=1"
        assert_status 200
        assert_contains "$(body)" 'href="/auth/instagram?return_to=%2Fmembers%2F%3Fa%3D1&amp;reauth=1"'
        http "${AS_JSON[@]}" "/login?$wish"
        assert_equal "$(json ".providers[0].url")" "/auth/instagram?reauth=1"
    done
    for wish in reauth=0 reauth= reauth reauth=11 reauth=true 'REAUTH=1' 'reauth[]=1' 'reauth=1%26link%3Dx'; do
        note "$wish"
        http "/login?$wish&return_to=/members/"
        assert_status 200
        assert_contains "$(body)" 'href="/auth/instagram?return_to=%2Fmembers%2F"'
    done
}

@test "return_to in the callback's own address is not heeded" {
    begin "$JAR"
    decide
    CALLBACK="$CALLBACK&return_to=/members/"
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

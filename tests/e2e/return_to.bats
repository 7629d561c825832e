#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# return_to: which paths of this site are taken, and that no other site is, in any spelling.

load helpers

# The rows of tests/payloads/open_redirect.txt: VERDICT, number within the kind, kind, percent-encoded payload.
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

@test "return_to takes paths of this site" {
    local verdict number encoded kind count=0
    while IFS=$'\t' read -r verdict number kind encoded; do
        [[ $verdict == + && $number -le 4 ]] || continue
        note "$encoded"
        sign_in_to "$encoded"
        assert_equal "$(jq -rn --arg path "${LOCATION#"$SITE_URL"}" '$path | @uri')" "$encoded"
        count=$((count + 1))
    done < <(payloads)
    [[ $count -eq 12 ]]
    sign_in_to "/$(printf 'a%.0s' {1..511})"
    assert_equal "$LOCATION" "$SITE_URL/$(printf 'a%.0s' {1..511})"
}

# A few of each kind go the whole way; the next test has all of them, and the unit test too.
@test "return_to takes no other site, of any kind" {
    local verdict number encoded kind count=0
    while IFS=$'\t' read -r verdict number kind encoded; do
        [[ $verdict == - && $number -le 2 ]] || continue
        note "$kind: $encoded"
        count=$((count + 1))
        # What is no text is refused as a whole; anything else signs in without a return_to.
        if [[ $encoded =~ %(0|1|7F) || $kind == bytes* ]]; then
            http -c "$JAR" "/auth/instagram?return_to=$encoded"
            assert_status 400
        else
            sign_in_to "$encoded"
            assert_equal "$LOCATION" "$SITE_URL/profile"
        fi
    done < <(payloads)
    [[ $count -eq 48 ]]
}

@test "the sign-in page hands on what return_to takes, and nothing else, of all payloads" {
    local verdict number encoded kind count=0
    mkdir "$WORK/pages"
    while IFS=$'\t' read -r verdict number kind encoded; do
        count=$((count + 1))
        printf 'url = "%s/login?return_to=%s"\noutput = "%s/pages/%s"\n' "$SITE_URL" "$encoded" "$WORK" "$count"
        printf '%s %s\n' "$verdict" "$encoded" >"$WORK/pages/$count.row"
    done < <(payloads) >"$WORK/curl.conf"
    curl -sS -K "$WORK/curl.conf"
    for number in $(seq "$(wc -l <"$WORK/curl.conf" | awk '{ print $1 / 2 }')"); do
        read -r verdict encoded <"$WORK/pages/$number.row"
        if grep -q return_to "$WORK/pages/$number"; then
            grep -qF "href=\"/auth/instagram?return_to=$encoded\"" "$WORK/pages/$number" && [[ $verdict == + ]] ||
                fail "handed on: $encoded"
        else
            [[ -s $WORK/pages/$number && $verdict == - ]] || fail "not handed on: $encoded"
        fi
    done
    [[ $number -ge 700 ]]
}

@test "return_to that is empty, too long, raw or doubly encoded leads to the success page" {
    local query
    for query in "return_to=" "return_to" "return_to=/$(printf 'a%.0s' {1..512})" "return_to=%2F%2Fevil.example" \
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

@test "return_to in the callback's own address is not heeded" {
    begin "$JAR"
    decide
    CALLBACK="$CALLBACK&return_to=/members/"
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

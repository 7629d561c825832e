#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# return_to: which paths of this site are taken, and that no other site is, in any spelling.

load helpers

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
        note "$payload"
        rm -f "$JAR"
        http -c "$JAR" -G --data-urlencode "return_to=$payload" /auth/instagram
        # A control character in a parameter is refused as a whole; anything else signs in without a return_to.
        [[ $payload != *$'\t'* ]] || { assert_status 400; count=$((count + 1)); continue; }
        AUTHORIZE=$(header Location)
        decide
        finish "$JAR"
        assert_equal "$LOCATION" "$SITE_URL/profile"
        # The sign-in page must not hand it on either.
        http -G --data-urlencode "return_to=$payload" /login
        refute_contains "$(body)" "return_to"
        count=$((count + 1))
    done < <(open_redirects)
    [[ $count -ge 60 ]]
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

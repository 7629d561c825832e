#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# The language of pages and of errors as JSON: what the browser asks for, what the config fixes, what a file lacks or
# gets wrong, and what `cgi-login check` says of it. languages/tlh.json is one that no site has.

load helpers

setup() {
    e2e_setup
    rm -rf "$SITE_PRODUCT/languages" "$SITE_PRODUCT/templates"
    cp -r "$E2E_ROOT/html/languages" "$E2E_ROOT/html/templates" "$SITE_PRODUCT/"
    cp "$BATS_TEST_DIRNAME/languages/tlh.json" "$SITE_PRODUCT/languages/"
    _site_give_away "$SITE_PRODUCT/languages" "$SITE_PRODUCT/templates"
}

KLINGON='bIqaw&#39;be&#39; &lt;pu&#39;&gt;'

# asks LANGUAGES: the page of an error, as a browser that wants these
asks() {
    http -H "Accept-Language: $1" '/login?error=access_denied'
    assert_status 200
}

# Apache writes the list anew, without the blanks.
vary() { header Vary | tr -d ' '; }

@test "the browser's language is spoken, English where there is none of it, and caches are told so" {
    local wish tag
    while IFS='|' read -r wish tag; do
        note "$wish"
        asks "$wish"
        assert_equal "$(header Content-Language)" "$tag"
        assert_equal "$(vary)" "Accept,Accept-Language"
        if [[ $tag == en ]]; then
            assert_contains "$(body)" "You did not log in"
        else
            assert_contains "$(body)" "<strong>$KLINGON</strong>"
        fi
    done <<TABLE
tlh|tlh-Latn
TLH-Latn-KX;q=0.3, en;q=0.2|tlh-Latn
xx-yy, tlh|tlh-Latn
en, tlh|en
tlh;q=0, *|en
|en
../tlh, ..%2ftlh|en
$(repeat 'tlh,' 300)|en
TABLE
    # And a page says which it is in.
    assert_contains "$(body)" '<html lang="en" dir="ltr">'
    asks tlh
    assert_contains "$(body)" '<html lang="tlh-Latn" dir="rtl">'
    # JSON speaks it too.
    http "${AS_JSON[@]}" -H 'Accept-Language: tlh' /profile
    assert_status 401
    assert_equal "$(json '"\(.code)|\(.title)|\(.detail)"')" "not_signed_in|bI'elbe'|yI'el."
    assert_equal "$(header Content-Language)|$(vary)" "tlh-Latn|Accept,Accept-Language"
    http "${AS_JSON[@]}" -H 'Accept-Language: tlh' '/login?error=access_denied'
    assert_equal "$(vary)" "Accept,Accept-Language"
    assert_equal "$(json .error.message)|$(header Content-Language)" "Instagram DaneHchugh yInIDqa'.|tlh-Latn"
}

@test "the config fixes a language, and a file that is not there is told" {
    site_config_edit '.language = "tlh"'
    asks 'en'
    assert_equal "$(header Content-Language)|$(vary)" "tlh-Latn|Accept"
    assert_contains "$(body)" "$KLINGON"
    site_config_edit '.language = "xx"'
    site_clear_logs
    asks 'tlh'
    assert_equal "$(header Content-Language)|$(vary)" "en|Accept"
    assert_contains "$(log_lines)" "language: there is no $SITE_PRODUCT/languages/xx.json"
    admin 1 check
    assert_contains "$(out)" "FIX   language: there is no $SITE_PRODUCT/languages/xx.json; name one of the files"
    site_config_edit '.language = "../providers/instagram"'
    http /login
    assert_status 500
    admin 1 check
    assert_contains "$(out)" "FIX   language: expected the name of a file of languages/ without .json"
}

@test "sentences have their values, and what a language lacks is English; numbers, times and browsers are its own" {
    printf '<html lang="{{lang}}" dir="{{dir}}"><title>{{plain "test.greeting"}}</title>{{"test.greeting"}}|{{"error.bad_request.title"}}' \
        >"$SITE_PRODUCT/templates/login.html"
    http -H 'Accept-Language: tlh' /login
    assert_contains "$(body)" '<html lang="tlh-Latn" dir="rtl">'
    assert_contains "$(body)" '>nuqneH <bdi lang="" translate="no"></bdi> '
    assert_contains "$(body)" "|This link does not work"
    cp "$E2E_ROOT/html/templates/login.html" "$SITE_PRODUCT/templates/"
    standin_control '{"person": {"media_count": 12345}}'
    begin "$JAR"
    decide
    finish "$JAR" -A 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
    http -b "$JAR" -H 'Accept-Language: tlh' /profile
    assert_regex "$(tr '\n' ' ' <"$BODY")" "mIlloghmey</dt><dd>bc&#39;def"
    assert_contains "$(body)" 'malja&#39; mI&#39;'
    http -b "$JAR" -H 'Accept-Language: tlh' '/profile?accounts=1'
    assert_contains "$(body)" 'LinuxDaq Firefox'
    assert_regex "$(body)" '<time datetime="20[0-9T:-]+Z">cac[a-j]/[a-j]{1,2}/[a-j]{1,2} [a-j]{1,2}h[a-j]{2}</time>'
    http "${AS_JSON[@]}" -b "$JAR" -H 'Accept-Language: tlh' '/profile?accounts=1'
    assert_equal "$(json '.sessions[0].agent')" "Firefox on Linux"
    assert_regex "$(json '.sessions[0].since')" "^20[0-9T:-]+Z$"
}

@test "a broken file costs its language alone, and a missing sentence is said in English, or else is a fault with its place" {
    printf '{\n"test": "x",\n}' >"$SITE_PRODUCT/languages/tlh.json"
    site_clear_logs
    asks 'tlh'
    assert_contains "$(body)" "You did not log in"
    assert_contains "$(log_lines)" "configuration_error: $SITE_PRODUCT/languages/tlh.json, line 3: expected a key in quotes"
    # A sentence that no page can show.
    printf '{"error.access_denied.title": "a\\nb"}' >"$SITE_PRODUCT/languages/tlh.json"
    site_clear_logs
    asks 'tlh'
    assert_contains "$(body)" "You did not log in"
    assert_contains "$(log_lines)" 'languages/tlh.json: "error.access_denied.title" is empty, longer than 2048 bytes, no'
    # What `make install` laid beside an English file of the owner's has what is new.
    printf '{"test.new": "brand new"}' >"$SITE_PRODUCT/languages/en.json.new"
    printf '\n{{"test.new"}}{{"test.none"}}' >"$SITE_PRODUCT/templates/login.html"
    site_clear_logs
    http /login
    assert_status 500
    assert_contains "$(log_lines)" "templates/login.html, line 2: languages/en.json has no words \"test.none\""
    printf '{{"test.new"}}' >"$SITE_PRODUCT/templates/login.html"
    http /login
    assert_equal "$(body)" "brand new"
    # Without English there is nothing to speak, and the page says so by itself.
    rm -r "$SITE_PRODUCT/languages"
    http /login
    assert_status 500
    assert_contains "$(body)" "This site’s login does not work"
    assert_contains "$(log_lines)" "there is no $SITE_PRODUCT/languages/en.json: upload the folder languages/"
    http "${AS_JSON[@]}" /profile
    assert_equal "$(json '"\(.status) \(.code) \(.title) \(.detail)"')" "401 not_signed_in Unauthorized null"
}

# The files that come with the product: none lacks a sentence, has one too much, or names another value.
@test "every language is whole, is spoken, and says which it is" {
    local file name lines
    admin 0 check
    lines=$(grep "languages/" <<<"$(out)" | grep -v tlh.json)
    assert_equal "$lines" "  ok    the files of languages/ are whole"
    for file in "$E2E_ROOT"/html/languages/*.json; do
        name=$(basename "$file" .json)
        http -H "Accept-Language: $name" /login
        assert_status 200
        assert_equal "$(header Content-Language)" "$(jq -r '.["language.tag"]' "$file")"
        assert_contains "$(body)" "$(jq -r '.["login.password"]' "$file")"
        assert_contains "$(body)" "dir=\"$(jq -r '.["language.direction"]' "$file")\""
    done
    assert_equal "$(find "$E2E_ROOT/html/languages" -name '*.json' | wc -l)" 11
}

@test "check tells what a language file lacks, has too much, or says with other names" {
    local words
    admin 0 check
    assert_regex "$(out)" "note  .*/languages/tlh.json lacks [0-9]+ sentences, said in English instead: \"format"
    assert_contains "$(out)" 'note  '"$SITE_PRODUCT"'/languages/tlh.json: nothing shows "test.greeting"; is it misspelt'
    assert_contains "$(out)" "ok    the files of languages/ are whole"
    cat >"$SITE_PRODUCT/languages/tlh.json" <<'JSON'
{"format.plural": "klingon", "device.browser": "{browser} {sistem}", "device.system": "{", "value.yes": "", "value.no": "a",
 "value.no": "b", "format.date": "{days}"}
JSON
    printf '{' >"$SITE_PRODUCT/languages/xx.json"
    touch "$SITE_PRODUCT/languages/xx.json.new" "$SITE_PRODUCT/languages/en.json.new" "$SITE_PRODUCT/languages/README.json"
    admin 1 check
    while read -r words; do
        assert_contains "$(out)" "$words"
    done <<TABLE
FIX   $SITE_PRODUCT/languages/tlh.json: "format.plural" is none of the rules there are: none, one,
FIX   $SITE_PRODUCT/languages/tlh.json: "device.browser" has {sistem}, which the English sentence has not
note  $SITE_PRODUCT/languages/tlh.json: "device.browser" does without {system}
FIX   $SITE_PRODUCT/languages/tlh.json: "device.system" has a brace that begins no name
FIX   $SITE_PRODUCT/languages/tlh.json: "value.yes" is empty, longer than
FIX   $SITE_PRODUCT/languages/tlh.json: "value.no" stands there twice
FIX   $SITE_PRODUCT/languages/tlh.json: "format.date" has {days}
FIX   $SITE_PRODUCT/languages/xx.json, line 1: expected a key
note  $SITE_PRODUCT/languages/en.json.new lies beside the file that is used
TABLE
    refute_contains "$(out)" README
    jq 'del(.["error.not_found.title"], .["value.yes"])' "$E2E_ROOT/html/languages/en.json" >"$SITE_PRODUCT/languages/en.json"
    admin 1 check
    assert_contains "$(out)" "FIX   $SITE_PRODUCT/languages/en.json lacks 2 sentences that the programs need"
}

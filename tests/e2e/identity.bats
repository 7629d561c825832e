#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# Who is signed in, for the site's own scripts: `cgi-login export-key`, the openers of identity/ in each language, and
# cgi-login-whoami, which must agree. tests/identity/README.md tells of the judges.

load helpers

KEY_FILE=session-keys.json
LANGUAGES="php py pl mjs"

e2e_prepare() {
    local modules=$E2E_ROOT/build/identity
    mkdir -p "$modules"
    (
        flock 7
        cmp -s "$E2E_ROOT/identity/node/package-lock.json" "$modules/installed.json" || {
            cp "$E2E_ROOT"/identity/node/package*.json "$modules/"
            cd "$modules" && npm ci --no-audit --no-fund --ignore-scripts --fetch-timeout=60000 >npm.log 2>&1 &&
                cp package-lock.json installed.json
        }
    ) 7>"$modules/lock" || return 1
    cp -r "$modules/node_modules" "$SITE_PRODUCT/identity/node/"
    _site_give_away "$SITE_PRODUCT/identity"
}

setup() {
    e2e_setup
    rm -f "$SITE_PRODUCT/$KEY_FILE"
}

session_of() { printf '%s=%s' "$SESSION_COOKIE" "$(cookie "$1" "$SESSION_COOKIE")"; } # JAR

judge() { # LANGUAGE: judges the lines of WORK/lines, into WORK/LANGUAGE
    local -A run=([php]=php [py]=/usr/bin/python3 [pl]=perl [mjs]=node)
    site_run "${run[$1]}" "$E2E_ROOT/tests/identity/judge.$1" "$SITE_PRODUCT/identity" "$SITE_PRODUCT/$KEY_FILE" \
        <"$WORK/lines" >"$WORK/$1"
}

# verdicts EXPECTED: of each line, as "SIGNED_IN DUE", by each language; with "fault" for one.
verdicts() {
    local language
    for language in $LANGUAGES; do
        judge "$language"
        assert_equal "$language: $(jq -r 'if .fault then "fault" else "\(.signed_in) \(.due)" end' "$WORK/$language")" \
            "$language: $1"
    done
}

whoami() { # STATUS VARIABLE=VALUE...: sets OUT and ERR
    local code=0
    site_exec env -i "${@:2}" -- "$SITE_PRODUCT/bin/cgi-login-whoami" <&- >"$OUT" 2>"$ERR" || code=$?
    cat "$ERR" >>"$SITE_DIR/logs/error.log"
    assert_equal "$code $(cat "$ERR")" "$1 $(cat "$ERR")"
}

who() { jq -r "$1" "$OUT"; } # JQ_FILTER: of what whoami printed

# --- the openers ---

@test "each language opens a session as whoami does, and judges what it cannot open, what is old and what is over" {
    local good now expected='' line other
    site_config_edit --arg host "$STANDIN_URL" '.providers.instagram |= (
        .email_request = {url: "\($host)/emails", email: "/email", verified: "/ok"} |
        .groups_requests = [{url: "\($host)/groups/$id", group: "role-{}"}])'
    standin_control '{"answers": {"GET /emails": {"json": [{"email": "a@b.example", "ok": true}]},
        "GET /groups/25014620183746519": {"json": ["a", "b,c"]}}}'
    sign_in "$JAR" layla.studio
    admin 0 export-key
    good=$(session_of "$JAR") now=$(who_now "$JAR")
    begin "$WORK/other"
    other=$(cookie "$WORK/other" "$PENDING_COOKIE")
    # What is expected, the time after the check, the limit, the Cookie header.
    while IFS='|' read -r line; do
        IFS='|' read -r verdict later limit cookies <<<"$line"
        expected+="${expected:+$'\n'}$verdict"
        printf '%s\t%s\t%s\n' $((now + later)) "$limit" "$cookies"
    done >"$WORK/lines" <<CASES
true false|0|-|$good
true false|299|-|a=b; $good; c=d
true false|1|-|a;=;; $good
true true|300|-|$good;x
true true|3599|-|$good
false true|3600|-|$good
true true|3600|9999|$good
false true|60|60|$good
false true|-1|-|$good
true true|1209599|9999999|$good
false false|1209601|9999999|$good
true false|1|-|$good; $SESSION_COOKIE=x
false false|1|-|$SESSION_COOKIE=x; $good
false false|1|-|
false false|1|-|x$good
false false|1|-|${good#__Host-}
false false|1|-|a=$good
false false|1|-|$good=
false false|1|-|$good$good
false false|1|-|${good}AAAA
false false|1|-|${good}%00
false false|1|-|${good/=/= }
false false|1|-|$SESSION_COOKIE=
false false|1|-|$SESSION_COOKIE=AQ
false false|1|-|$SESSION_COOKIE=$(repeat A 5000)
false false|1|-|$SESSION_COOKIE=$other
CASES
    verdicts "$expected"
    whoami 0 HTTP_COOKIE="$good"
    assert_equal "$(who '[.id, .provider, .username, .email, .groups[]] | join(" ")')" \
        "instagram:25014620183746519 instagram layla.studio a@b.example role-a role-b,c"
    for line in $LANGUAGES; do
        assert_equal "$line: $(head -n 1 "$WORK/$line" | jq -cS .)" "$line: $(jq -cS . "$OUT")"
    done
    # An address that is not verified is told to nobody but as a field of the profile, and a name is one line.
    standin_control '{"answers": {"GET /emails": {"json": [{"email": "a@b.example", "ok": false}]}}, "person": {
        "name": "  a\r\nX: 1\u2028b\u0085c\u202e\u061cü  d\u007f", "username": "u\r\nX: 1"}}'
    sign_in "$WORK/again" layla.studio
    printf -- '-\t-\t%s\n' "$(session_of "$WORK/again")" >"$WORK/lines"
    whoami 0 HTTP_COOKIE="$(session_of "$WORK/again")"
    for line in $LANGUAGES; do
        judge "$line"
        assert_equal "$line: $(jq -r '.email + "/" + .user.email' "$WORK/$line")" "$line: /a@b.example"
        assert_equal "$line: $(jq -r '.username + "/" + .name' "$WORK/$line")" "$line: /a X: 1 b c ü d"
        assert_equal "$line: $(jq -cS . "$WORK/$line")" "$line: $(jq -cS . "$OUT")"
    done
}

# When the session was checked.
who_now() { # JAR
    whoami 0 HTTP_COOKIE="$(session_of "$1")"
    who .checked
}

@test "a cookie that was changed at any place is refused by each language, and by whoami at every third" {
    local good language
    sign_in "$JAR"
    admin 0 export-key
    good=$(session_of "$JAR")
    "$(_site_python)" - "$good" >"$WORK/lines" <<'PYTHON'
import sys
name, value = sys.argv[1].split("=")
print("-", "-", sys.argv[1], sep="\t")
for at, letter in enumerate(value):
    print("-", "-", f"{name}={value[:at]}{'B' if letter == 'A' else 'A'}{value[at + 1:]}", sep="\t")
PYTHON
    for language in $LANGUAGES; do
        judge "$language"
        assert_equal "$language: $(jq -r .signed_in "$WORK/$language" | uniq -c | tr -s ' \n' ' ')" \
            "$language:  1 true $((${#good} - ${#SESSION_COOKIE} - 1)) false "
    done
    install -m 644 "$WORK/lines" "$SITE_DIR/lines"
    site_run "$(_site_python)" - "$SITE_DIR/lines" "$SITE_PRODUCT/bin/cgi-login-whoami" <<'PYTHON'
import subprocess, sys
lines = open(sys.argv[1]).read().splitlines()
for number, line in enumerate(lines[:1] + lines[1::3]):
    done = subprocess.run(sys.argv[2:], env={"HTTP_COOKIE": line.split("\t")[2]}, stdout=subprocess.DEVNULL)
    assert done.returncode == (0 if number == 0 else 1), (number, done)
PYTHON
}

@test "a key that was rotated opens while it is in the file, which the check says is stale, and not after it" {
    local old new first
    first=$(jq -r '.keys[0]' "$SITE_CONFIG") new=$(site_admin new-key)
    sign_in "$JAR"
    old=$(session_of "$JAR")
    admin 0 export-key
    admin 0 check
    assert_contains "$(out)" "$KEY_FILE is of this config's keys"
    site_config_edit --arg new "$new" '.keys = [$new] + .keys'
    admin 1 check
    assert_contains "$(out)" "$KEY_FILE is of other keys or settings than the config now has; run: cgi-login export-key"
    sign_in "$WORK/new"
    printf -- '-\t-\t%s\n' "$old" "$(session_of "$WORK/new")" >"$WORK/lines"
    verdicts $'true false\nfalse false'
    admin 0 export-key
    verdicts $'true false\ntrue false'
    site_config_edit --arg new "$new" '.keys = [$new]'
    admin 0 export-key
    verdicts $'false false\ntrue false'
    # A provider that was taken out.
    jq '.providers = ["other"]' "$SITE_PRODUCT/$KEY_FILE" >"$WORK/file" && cat "$WORK/file" >"$SITE_PRODUCT/$KEY_FILE"
    verdicts $'false false\nfalse false'
    # The file has none of the config's keys, nor another's.
    refute grep -qF -e "$first" -e "$new" "$SITE_PRODUCT/$KEY_FILE"
}

@test "the file of keys is its owner's alone, lies in no web root, and is refused where others can read it" {
    sign_in "$JAR"
    mkdir -p "$SITE_HOME/public_html"
    admin 1 export-key --output "$SITE_HOME/public_html/keys.json"
    assert_contains "$(err)" "seems to lie in a web root"
    admin 1 export-key --output "$SITE_HOME/nowhere/keys.json"
    assert_contains "$(err)" "nowhere cannot be used"
    ln -s /dev/null "$SITE_HOME/link"
    admin 1 export-key --output "$SITE_HOME/link"
    assert_contains "$(err)" "/link is a link or no file"
    rm "$SITE_HOME/link"
    admin 0 export-key --output "$SITE_HOME/keys.json"
    assert_equal "$(stat -c %a "$SITE_HOME/keys.json")" 600
    rm "$SITE_HOME/keys.json"
    printf -- '-\t-\t%s\n' "$(session_of "$JAR")" >"$WORK/lines"
    verdicts fault
    admin 0 export-key
    verdicts 'true false'
    chmod 644 "$SITE_PRODUCT/$KEY_FILE"
    verdicts fault
    admin 1 check
    assert_contains "$(out)" "$KEY_FILE can be read by other users (mode 0644); run: chmod 600"
    chmod 600 "$SITE_PRODUCT/$KEY_FILE"
    printf '{"version": 2}' >"$SITE_PRODUCT/$KEY_FILE"
    verdicts fault
}

# --- whoami ---

@test "whoami asks the store when that is due, gives the newer cookie, and knows who was signed out or deleted" {
    local good newer
    sign_in "$JAR"
    good=$(session_of "$JAR")
    store_break
    whoami 0 HTTP_COOKIE="$good"
    assert_equal "$(who '[.signed_in, .due, has("set_cookie")] | join(" ")')" "true false false"
    store_mend
    whoami 1
    assert_equal "$(who -c .)" ""
    assert_equal "$(jq -c . "$OUT")" "{\"signed_in\":false,\"due\":false,\"login_url\":\"$SITE_URL/login\"}"
    whoami 1 HTTP_COOKIE="$SESSION_COOKIE=x"
    assert_regex "$(who .set_cookie)" "^$SESSION_COOKIE=; .*Max-Age=0"
    whoami 1 HTTP_COOKIE="$(too_long)$(too_long)"
    whoami 0 HTTP_COOKIE="$good" PATH_INFO=/a/b/c QUERY_STRING="$(too_long)" CONTENT_LENGTH=x REQUEST_METHOD=BREW
    site_config_edit '.session.recheck_minutes = 0'
    whoami 0 HTTP_COOKIE="$good"
    newer=$(who .set_cookie)
    assert_regex "$newer" "^$SESSION_COOKIE=[A-Za-z0-9_-]+; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=[0-9]+$"
    whoami 0 HTTP_COOKIE="${newer%%;*}"
    # An outage is survived, or not.
    store_break
    whoami 0 HTTP_COOKIE="$good"
    assert_equal "$(who '[.signed_in, .due, has("set_cookie")] | join(" ")')" "true true false"
    assert_contains "$(own_log)" "the session could not be checked, and is trusted meanwhile"
    site_config_edit '.session.on_store_outage = "sign_out"'
    whoami 1 HTTP_COOKIE="$good"
    store_mend
    # Signed out elsewhere; deleted.
    sign_in "$WORK/phone"
    http -b "$JAR" -c "$JAR" -X POST /logout
    whoami 1 HTTP_COOKIE="$good"
    assert_regex "$(who .set_cookie)" "Max-Age=0"
    whoami 0 HTTP_COOKIE="$(session_of "$WORK/phone")"
    admin 0 users delete --yes "$(who .id)"
    whoami 1 HTTP_COOKIE="$(session_of "$WORK/phone")"
}

@test "whoami tells a fault to the log, and prints nothing" {
    sign_in "$JAR"
    site_config_edit '.session.lifetime_days = -1 | .nonsense = 1'
    whoami 2 HTTP_COOKIE="$(session_of "$JAR")"
    assert_equal "$(out)" ""
    assert_contains "$(err)" "cgi-login whoami: "
    assert_contains "$(err)" lifetime_days
    assert_contains "$(err)" nonsense
    assert_contains "$(own_log)" lifetime_days
    whoami 2 CGI_LOGIN_CONFIG=/nowhere
    assert_contains "$(err)" /nowhere
    assert_contains "$(site_exec -- "$SITE_PRODUCT/bin/cgi-login-whoami" --help)" "Exit status: 0"
    assert_regex "$(site_exec -- "$SITE_PRODUCT/bin/cgi-login-whoami" --version)" "^cgi-login-whoami [0-9]"
    run site_exec -- "$SITE_PRODUCT/bin/cgi-login-whoami" somebody
    assert_equal "$status" 2
}

# --- what the documents tell to paste, behind Apache ---

# place NAME FILE: as a CGI program, with this site's paths.
place() {
    sed "s#/home/you/cgi-login#$SITE_PRODUCT#g" "$2" >"$SITE_CGI_BIN/$1"
    chmod 755 "$SITE_CGI_BIN/$1"
    _site_give_away "$SITE_CGI_BIN/$1"
}

@test "the example pages, and the scripts of docs/identity.md that run whoami, greet who is signed in" {
    local name
    for name in sh php pl py; do
        sed -n "/^<!-- script: $name -->/,/^\`\`\`\$/{/^#!/,/^\`\`\`\$/{/^\`\`\`\$/!p}}" "$E2E_ROOT/docs/identity.md" >"$WORK/script"
        place "who-$name" "$WORK/script"
    done
    place example-py "$E2E_ROOT/identity/python/example.py"
    place example-pl "$E2E_ROOT/identity/perl/example.pl"
    sed -e "s#/home/you/cgi-login#$SITE_PRODUCT#g" "$E2E_ROOT/identity/php/example.php" >"$SITE_HOME/example.php"
    sed -e "s#/home/you/cgi-login#$SITE_PRODUCT#g" "$E2E_ROOT/identity/node/example.mjs" >"$SITE_HOME/example.mjs"
    _site_give_away "$SITE_HOME"/example.*
    printf '#!/bin/sh\nREDIRECT_STATUS=200 SCRIPT_FILENAME=%q exec php-cgi\n' "$SITE_HOME/example.php" >"$WORK/script"
    place example-php "$WORK/script"
    printf '#!/bin/sh\nexec node %q\n' "$SITE_HOME/example.mjs" >"$WORK/script"
    place example-mjs "$WORK/script"
    sign_in "$JAR"
    admin 0 export-key
    for name in who-sh who-php who-pl who-py example-php example-py example-pl example-mjs; do
        note "$name"
        http -b "$JAR" "/cgi-bin/$name?a=b&c"
        assert_status 200
        assert_contains "$(body)" "Harbour Bakery"
        assert_equal "$(header Cache-Control)" "private, no-cache"
        assert_equal "$(header Vary)" "Cookie"
        http "/cgi-bin/$name?a=b&c"
        assert_status 302
        assert_equal "$(header Location)" "$SITE_URL/login?return_to=%2Fcgi-bin%2F$name%3Fa%3Db%26c"
    done
    # After a check they send the newer cookie on.
    site_config_edit '.session.recheck_minutes = 0'
    for name in who-sh who-php who-pl who-py; do
        http -b "$JAR" "/cgi-bin/$name"
        assert_status 200
        assert_regex "$(header Set-Cookie)" "^$SESSION_COOKIE=[A-Za-z0-9_-]{100,}; Path=/"
    done
    rm -f "$SITE_CGI_BIN"/who-* "$SITE_CGI_BIN"/example-* "$SITE_HOME"/example.*
}

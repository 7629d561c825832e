#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# The owner's page: who gets in, with a login and with the code of the set-up; what it shows of the site and of its
# users, and what its buttons do.

load helpers
load tokens

OWNER=instagram:$BAKERY
CODE=3c1f9a7705e2d8b64c1f9a7705e2d8b6

teardown() {
    rm -f "$SITE_PRODUCT"/tries-* "$SITE_PRODUCT"/use-* "$SITE_PRODUCT"/console.log "$SITE_PRODUCT"/refresh-report.json
    e2e_teardown
}

name_owner() { site_config_edit --arg owner "$OWNER" '.owners = [$owner]'; }

console() { # JAR [CURL OPTION...] [PAGE]
    http -b "$1" -c "$1" "${@:2:$#-2}" "/auth/console${!#}"
}

# press JAR PAGE ACTION [CURL OPTION...]: with the token that the page gives to a program.
press() {
    local token
    http "${AS_JSON[@]}" -b "$1" "/auth/console"
    token=$(header X-CSRF-Token)
    http -b "$1" -c "$1" --data-urlencode "csrf_token=$token" -d "action=$3" "${@:4}" "/auth/console$2"
}

give_code() { # JAR CODE [CURL OPTION...]
    http -b "$1" -c "$1" --data-urlencode "code=$2" "${@:3}" /auth/console/code
}

# --- who gets in ---

@test "without owners there is no such page, whoever asks and however" {
    local path
    sign_in "$JAR"
    for path in "" / /users /user /gate /code /refresh /nothing "?setup_code=$CODE"; do
        note "$path"
        http -b "$JAR" "/auth/console$path"
        assert_status 404
        http -b "$JAR" -d "code=$CODE" "/auth/console$path"
        assert_status 404
    done
    http "${AS_JSON[@]}" /auth/console
    assert_status 404
    assert_equal "$(json .code)" not_found
}

@test "an owner who has just logged in gets in, and nobody else does" {
    name_owner
    http /auth/console
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/login?return_to=%2Fauth%2Fconsole&reauth=1"
    http "${AS_JSON[@]}" /auth/console
    assert_status 401
    sign_in "$JAR"
    http -b "$JAR" /auth/console
    assert_status 200
    assert_contains "$(header Cache-Control)" no-store
    assert_equal "$(header Content-Security-Policy)" "$CSP"
    # It is English, and needs no language file: it is the one that tells of those.
    mv "$SITE_PRODUCT/languages" "$WORK/languages"
    http -b "$JAR" -H "Accept-Language: de" /auth/console
    mv "$WORK/languages" "$SITE_PRODUCT/languages"
    assert_status 200
    assert_equal "$(header Content-Language)" en
    assert_contains "$(body)" "languages/en.json"
    assert_contains "$(body)" "$SITE_URL/auth/instagram/callback"
    # By the way that the page names: a login leads back to it.
    begin "$WORK/again" "/auth/instagram?return_to=%2Fauth%2Fconsole&reauth=1"
    decide
    finish "$WORK/again"
    assert_equal "$LOCATION" "$SITE_URL/auth/console"
    sign_in "$WORK/friend" layla.studio
    http -b "$WORK/friend" /auth/console
    assert_status 403
    assert_contains "$(body)" "<code>instagram:$LAYLA</code>"
    http "${AS_JSON[@]}" -b "$WORK/friend" /auth/console
    assert_status 403
    http -b "$WORK/friend" -d "csrf_token=x&action=check_online" /auth/console
    assert_status 403
    assert_no_secrets
}

@test "an owner's login is fresh for half an hour, and lives in the store, not in the cookie" {
    name_owner
    sign_in "$JAR"
    http -b "$JAR" -H "X-Test-Clock: 1790" /auth/console
    assert_status 200
    http -b "$JAR" -H "X-Test-Clock: 1810" /auth/console
    assert_status 302
    http -b "$JAR" -H "X-Test-Clock: -10" /auth/console
    assert_status 302
    site_run sqlite3 "$(store_path)" "DELETE FROM sessions"
    http -b "$JAR" /auth/console
    assert_status 302
    site_config_edit '.owners = ["instagram:1"]'
    sign_in "$JAR"
    http -b "$JAR" /auth/console
    assert_status 403
}

@test "who has only come to show an owner's account, since another one was unlinked, is none" {
    site_config_edit --arg owner "$OWNER" '.owners = [$owner]
        | .providers.other = .providers.instagram + {preset: "instagram"} | .default_provider = "instagram"'
    sign_in "$JAR"
    # The same person's session, made with the other account.
    site_run sqlite3 "$(store_path)" "INSERT INTO accounts SELECT 'other', '77', NULL, user FROM accounts;
        UPDATE users SET document = json_set(document, '\$.other', json('{\"id\": \"77\"}'));
        UPDATE sessions SET provider = 'other'"
    http -b "$JAR" /auth/console
    assert_status 302
    http -b "$JAR" -H "X-Test-Clock: 400" -c "$JAR" /profile
    assert_status 200
    http -b "$JAR" /auth/console
    assert_status 403
    site_run sqlite3 "$(store_path)" "UPDATE sessions SET provider = 'instagram'"
    http -b "$JAR" -H "X-Test-Clock: 800" -c "$JAR" /profile
    http -b "$JAR" /auth/console
    assert_status 302
}

# --- the code of the set-up ---

@test "the code of the set-up opens the check alone, by POST, until an owner has logged in" {
    site_config_edit --arg code "$CODE" '.setup_code = $code'
    http /auth/console
    assert_status 200
    assert_contains "$(body)" 'name="code" type="password"'
    refute_contains "$(body)" "$SITE_URL/auth/instagram/callback"
    http "/auth/console?code=$CODE"
    refute_contains "$(body)" "$SITE_URL/auth/instagram/callback"
    http "/auth/console/code?code=$CODE"
    assert_status 405
    give_code "$JAR" "$CODE"
    assert_status 303
    assert_equal "$(header Location)" "$SITE_URL/auth/console"
    http -b "$JAR" /auth/console
    assert_status 200
    assert_contains "$(body)" "$SITE_URL/auth/instagram/callback"
    press "$JAR" "" check_online
    assert_status 200
    assert_contains "$(body)" "answers"
    # It tells which line makes this account the owner, to who is logged in, too.
    sign_in "$JAR"
    http -b "$JAR" /auth/console
    assert_contains "$(body)" "\"owners\": [\"$OWNER\"]"
    # Once an owner has come in, it opens nothing, and neither does the cookie that stood for it.
    name_owner
    http -b "$JAR" /auth/console
    assert_status 200
    refute_contains "$(body)" "What comes next"
    cp "$JAR" "$WORK/kept"
    grep -v "$SESSION_COOKIE" "$WORK/kept" >"$JAR" || true
    http -b "$JAR" /auth/console
    assert_status 302
    give_code "$JAR" "$CODE"
    assert_status 404
    # A new code is one again.
    site_config_edit '.setup_code = "00000000000000000000000000000001"'
    give_code "$JAR" 00000000000000000000000000000001
    assert_status 303
    assert_contains "$(cat "$SITE_PRODUCT/console.log")" "the setup_code opened the check"
    assert_no_secrets "$CODE"
}

@test "a wrong code is counted, and followed by a pause, which does not keep the right one out" {
    local i
    site_config_edit --arg code "$CODE" '.setup_code = $code'
    for i in 1 2 3 4; do
        give_code "$JAR" "${CODE}x"
        assert_status 403
    done
    give_code "$JAR" "${CODE}x"
    assert_status 429
    assert_contains "$(body)" "many before it"
    give_code "$JAR" "$CODE"
    assert_status 303
    give_code "$WORK/other" "${CODE}x"
    assert_status 403
    assert_equal "$(stat -c %a "$SITE_PRODUCT/tries-setup")" 600
    assert_contains "$(log_lines console)" "a wrong code was given, 4 in a row by now"
    # What cannot be counted is not looked at.
    echo damaged >"$SITE_PRODUCT/tries-setup"
    give_code "$WORK/other" "$CODE"
    assert_status 500
    assert_contains "$(log_lines console)" "tries-setup: it is damaged"
    rm "$SITE_PRODUCT/tries-setup"
    ln -s "$SITE_CONFIG" "$SITE_PRODUCT/tries-setup"
    give_code "$WORK/other" "$CODE"
    assert_status 500
    assert_no_secrets "$CODE"
}

# --- users ---

# Fifty-three users, one with two accounts; the first is the owner.
many_users() {
    name_owner
    sign_in "$JAR"
    site_run sqlite3 "$(store_path)" "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 52)
        INSERT INTO users (user, key, document) SELECT 100 + i, NULL, json_object('_id', 'instagram:' || i, 'instagram',
            json_object('id', CAST(i AS TEXT), 'username', 'user' || i, 'full_name', 'Anna <b>' || i, 'accessToken',
            'sealed:' || hex(randomblob(20)), 'token', json_object('scopes', 'scope' || i), 'theirs',
            json('[{\"note\": \"sealed:abcdefgh\", \"refreshToken\": \"plain-token-of-old\", \"id_token\": \"plain-token-of-old\"}]'))) FROM n;
        INSERT INTO accounts (provider, id, user) SELECT 'instagram', CAST(user - 100 AS TEXT), user FROM users WHERE user > 100;
        UPDATE users SET document = json_set(document, '\$.github', json('{\"id\": \"g9\", \"email\": \"Nina@Example.com\"}'))
            WHERE user = 109;
        INSERT INTO accounts (provider, id, user) VALUES ('github', 'g9', 109)"
}

@test "users are listed by fifties and found by name, username, address and id, without a token" {
    local search
    many_users
    http -b "$JAR" /auth/console/users
    assert_status 200
    assert_equal "$(grep -c '<a href="/auth/console/user?user=' "$BODY")" 50
    assert_contains "$(body)" "Anna &lt;b&gt;9"
    assert_contains "$(body)" 'href="/auth/console/users?from=50"'
    http -b "$JAR" "/auth/console/users?from=50"
    assert_equal "$(grep -c '<a href="/auth/console/user?user=' "$BODY")" 3
    refute_contains "$(body)" "Look further"
    for search in nina@ G9 github:g9 user9 instagram:9 "anna <b>9"; do
        note "$search"
        http "${AS_JSON[@]}" -b "$JAR" -G --data-urlencode "q=$search" /auth/console/users
        assert_equal "$(json '[.users[] | .user] | contains(["instagram:9"])')" true
        assert_equal "$(json '.users | length')" 1
    done
    http -b "$JAR" -G --data-urlencode 'q="><script>' /auth/console/users
    assert_contains "$(body)" 'value="&quot;&gt;&lt;script&gt;"'
    assert_contains "$(body)" "Nobody here has"
    http -b "$JAR" "/auth/console/users?q=a&q=b"
    assert_status 400
    assert_no_secrets plain-token-of-old sealed: scope9
}

@test "one user is shown and taken home whole but for tokens, and another account names the same one" {
    many_users
    http -b "$JAR" "/auth/console/user?user=github:g9"
    assert_status 200
    assert_contains "$(body)" "Logged in nowhere"
    assert_contains "$(body)" "&quot;username&quot;:	&quot;user9&quot;"
    http -b "$JAR" "/auth/console/user?user=instagram:9&export=1"
    assert_status 200
    assert_equal "$(header Content-Disposition)" 'attachment; filename="user.json"'
    assert_equal "$(json '.instagram | tojson')" '{"id":"9","username":"user9","full_name":"Anna <b>9","theirs":[{}]}'
    assert_contains "$(cat "$SITE_PRODUCT/console.log")" "$OWNER from 127.0.0.1: exported the user instagram:9"
    assert_equal "$(stat -c %a "$SITE_PRODUCT/console.log")" 600
    http -b "$JAR" "/auth/console/user?user=instagram:nobody"
    assert_status 404
    http -b "$JAR" "/auth/console/user?user=9"
    assert_status 400
    http -b "$JAR" "/auth/console/user?user=$OWNER"
    assert_contains "$(body)" "This browser"
    assert_no_secrets plain-token-of-old sealed: scope9
}

@test "the buttons end sessions and delete a user, by the page's own token alone, and leave a line each" {
    local before handle
    name_owner
    sign_in "$JAR"
    sign_in "$WORK/friend" layla.studio
    sign_in "$WORK/phone" layla.studio
    http "${AS_JSON[@]}" -b "$JAR" "/auth/console/user?user=instagram:$LAYLA"
    assert_equal "$(json '.sessions | length')" 2
    handle=$(json '.sessions[0].session')
    before=$(site_admin users export)
    # Without the token, or with another session's.
    http -b "$JAR" -d "user=instagram:$LAYLA&action=delete&confirm=yes" /auth/console/user
    assert_status 400
    profile "$WORK/friend"
    http -b "$JAR" -d "user=instagram:$LAYLA&action=delete&confirm=yes&csrf_token=$(header X-CSRF-Token)" /auth/console/user
    assert_status 400
    http -b "$JAR" "/auth/console/user?user=instagram:$LAYLA&action=delete&confirm=yes"
    assert_status 200
    assert_equal "$(site_admin users export)" "$before"
    press "$JAR" /user nothing -d "user=instagram:$LAYLA"
    assert_status 400
    # What cannot be written down is not done.
    site_run mkdir "$SITE_PRODUCT/console.log"
    press "$JAR" /user end_sessions -d "user=instagram:$LAYLA"
    assert_status 500
    assert_contains "$(log_lines console)" "console.log cannot be written"
    rmdir "$SITE_PRODUCT/console.log"
    press "$JAR" /user end_session -d "user=instagram:$LAYLA&session=$handle"
    assert_status 303
    assert_equal "$(header Location)" "$SITE_URL/auth/console/user?user=instagram%3A$LAYLA&done=session_ended"
    http "${AS_JSON[@]}" -b "$JAR" "/auth/console/user?user=instagram:$LAYLA"
    assert_equal "$(json '.sessions | length')" 1
    press "$JAR" /user end_sessions -d "user=instagram:$LAYLA"
    assert_status 303
    assert_signed_out "$WORK/friend" -H "X-Test-Clock: 400"
    assert_signed_out "$WORK/phone" -H "X-Test-Clock: 400"
    press "$JAR" /user delete -d "user=instagram:$LAYLA"
    assert_status 200
    assert_contains "$(body)" "Delete this user?"
    assert_equal "$(user_count)" 2
    press "$JAR" /user delete -d "user=instagram:$LAYLA&confirm=yes"
    assert_equal "$(header Location)" "$SITE_URL/auth/console/users?done=deleted"
    assert_equal "$(user_count)" 1
    assert_equal "$(sed 's/.*: //' "$SITE_PRODUCT/console.log")" "ended a session of the user instagram:$LAYLA
ended all sessions of the user instagram:$LAYLA
deleted the user instagram:$LAYLA"
    assert_no_secrets
}

# --- the gate ---

@test "the rules of the gate are shown, and the site is asked whether they hold" {
    name_owner
    site_config_edit '.gate = [{path: "/index.html", allow: {usernames: ["harbour.bakery"]}}]'
    sign_in "$JAR"
    http -b "$JAR" /auth/console/gate
    assert_contains "$(body)" "&quot;usernames&quot;: [&quot;harbour.bakery&quot;]"
    refute_contains "$(body)" "OPEN!"
    press "$JAR" /gate ask
    assert_status 200
    assert_contains "$(body)" "OPEN! gate[0]"
}

# --- refreshing by a URL ---

@test "the refresh_key refreshes by header, form or query, no more than once in five minutes, and a wrong one does not" {
    local log
    http "/auth/console/refresh?key=$CODE"
    assert_status 404
    site_config_edit --arg code "$CODE" '.refresh_key = $code'
    sign_in "$JAR"
    http /auth/console
    assert_status 404
    for _ in 1 2 3 4; do
        http "/auth/console/refresh?key=${CODE%?}0"
        assert_status 403
    done
    http /auth/console/refresh
    assert_status 429
    # The right one does not depend on who else guesses.
    standin_control "{\"clock_offset_seconds\": $DUE}"
    http -H "X-Test-Clock: $DUE" "/auth/console/refresh?key=$CODE"
    assert_status 200
    assert_equal "$(body)" "refresh: 1 refreshed, 0 sealed anew, 0 not old enough, 0 refreshed by others, 0 have to log in again, 0 failed"
    assert_regex "$(header Content-Type)" '^text/plain'
    assert_contains "$(header Cache-Control)" no-store
    http -H "X-Test-Clock: $DUE" -H "X-Refresh-Key: $CODE" /auth/console/refresh
    assert_status 429
    assert_regex "$(header Retry-After)" '^[0-9]+$'
    http -H "X-Test-Clock: $((DUE + 301))" -H "X-Refresh-Key: $CODE" /auth/console/refresh
    assert_status 200
    http -H "X-Test-Clock: $((DUE + 602))" -d "key=$CODE" /auth/console/refresh
    assert_status 200
    http -I "/auth/console/refresh?key=$CODE"
    assert_status 405
    assert_contains "$(cat "$SITE_PRODUCT/console.log")" "somebody from 127.0.0.1: by the refresh_key, refresh: 1 refreshed"
    assert_equal "$(stat -c %a "$SITE_PRODUCT/refresh-report.json")" 600
    assert_equal "$(jq -c '[.complete, .refreshed, .causes]' "$SITE_PRODUCT/refresh-report.json")" '[true,0,[]]'
    assert_no_secrets "$CODE"
}

@test "an owner sees what the last refresh did, by its causes, and that it is long ago; the next one goes on where it stopped" {
    name_owner
    sign_in "$JAR"
    http -b "$JAR" /auth/console
    assert_contains "$(body)" "No run of <code>refresh</code>"
    site_admin refresh
    http -b "$JAR" /auth/console
    assert_contains "$(body)" "0 refreshed, 0 sealed anew"
    refute_contains "$(body)" "Long ago"
    jq -n --arg id "$BAKERY" '{finished: 1700000000, complete: false, provider: "instagram", id: $id, refreshed: 3,
        resealed: 0, not_yet: 0, overtaken: 0, invalid: 0, failed: 2, causes: [{cause: "the <b> server", count: 2}]}' |
        site_run tee "$SITE_PRODUCT/refresh-report.json" >/dev/null
    http -b "$JAR" /auth/console
    assert_contains "$(body)" "Long ago"
    assert_contains "$(body)" "the &lt;b&gt; server"
    assert_contains "$(body)" "the next run goes on"
    # Behind that user, nobody is left; the run after that begins anew.
    site_config_edit --arg code "$CODE" '.refresh_key = $code'
    standin_control "{\"clock_offset_seconds\": $DUE}"
    http -H "X-Test-Clock: $DUE" "/auth/console/refresh?key=$CODE"
    assert_contains "$(body)" "refresh: 0 refreshed"
    http -H "X-Test-Clock: $((DUE + 301))" "/auth/console/refresh?key=$CODE"
    assert_contains "$(body)" "refresh: 1 refreshed"
    # What cannot be written is told, and no reason to fail.
    rm "$SITE_PRODUCT/refresh-report.json"
    site_run mkdir "$SITE_PRODUCT/refresh-report.json"
    run site_admin refresh
    assert_success
    assert_contains "$output" "refresh-report.json, which the owner's page shows, cannot be written"
    rmdir "$SITE_PRODUCT/refresh-report.json"
}

# --- a config with a fault ---

@test "while the config has a fault the code opens the check, which names it, and nothing else does" {
    local edit says good page
    site_config_edit --arg code "$CODE" '.setup_code = $code'
    good=$(cat "$SITE_CONFIG")
    while IFS='|' read -r edit says; do
        note "$edit"
        site_config_edit "$edit"
        http /login
        assert_status 500
        http /auth/console
        assert_status 200
        assert_contains "$(body)" 'name="code" type="password"'
        refute_contains "$(body)" "To fix"
        if [[ $edit == del* ]]; then
            give_code "$WORK/guesser" "${CODE}x"
            assert_status 403
            give_code "$JAR" "$CODE"
            assert_status 303
            assert_regex "$(header Location)" '/auth/console$'
        fi
        http -b "$JAR" /auth/console
        assert_status 200
        assert_contains "$(body)" "config.json has a fault"
        assert_contains "$(tr -d '\n' <"$BODY")" "$says"
        for page in users refresh; do
            http -b "$JAR" "/auth/console/$page"
            assert_status 500
        done
        http -b "$JAR" -d action=check_online /auth/console
        assert_status 500
        printf '%s\n' "$good" >"$SITE_CONFIG"
    done <<'FAULTS'
del(.base_url)|base_url: is missing
.base_url = "javascript:alert(1)"|base_url: expected
del(.store)|store: is missing
.store = "nothing://"|store: 
.session = "x"|session: expected
.redirects = {home: "http://elsewhere"}|redirects.home: expected
del(.providers)|providers: is missing
.nothing = 1|nothing: there is no such key
.gate = [{path: 3, allow: []}]|gate[0].path: expected
.owners = 3|owners: expected
.log = "error.log"|log: expected
.site = {logo: "javascript:x"}|site.logo: expected
.refresh_key = "x"|refresh_key: expected
FAULTS
    assert_no_secrets "$CODE"
}

@test "what keys, code, state and the file itself lack opens nothing, and an owner's login opens the check of a faulty config" {
    local edit good
    site_config_edit --arg code "$CODE" '.setup_code = $code'
    good=$(cat "$SITE_CONFIG")
    give_code "$JAR" "$CODE"
    for edit in 'del(.keys)' '.keys = []' '.keys = "x"' '.keys += ["x"]' '.state = "state"' '.setup_code = "short"' \
        '.setup_code = 3' '.refresh_key = .setup_code' '.base_url = 3 | del(.setup_code)'; do
        note "$edit"
        site_config_edit "$edit"
        http -b "$JAR" /auth/console
        assert_status 500
        assert_contains "$(body)" "<code>error.log</code>"
        give_code "$WORK/other" "$CODE"
        assert_status 500
        printf '%s\n' "$good" >"$SITE_CONFIG"
    done
    site_config_edit '.nothing = 1'
    chmod 644 "$SITE_CONFIG"
    http -b "$JAR" /auth/console
    assert_status 500
    chmod 600 "$SITE_CONFIG"
    http -b "$JAR" /auth/console
    assert_status 200
    printf '{"setup_code": "1", %s' "${good#\{}" >"$SITE_CONFIG"
    http -b "$JAR" /auth/console
    assert_status 500
    printf '%s,\n' "$good" >"$SITE_CONFIG"
    http -b "$JAR" /auth/console
    assert_status 500
    printf '%s\n' "$good" >"$SITE_CONFIG"
    # With owners.
    site_config_edit 'del(.setup_code)'
    name_owner
    sign_in "$WORK/owner"
    sign_in "$WORK/friend" layla.studio
    site_config_edit '.nothing = 1'
    http -b "$WORK/friend" /auth/console
    assert_status 500
    http -b "$WORK/owner" -H "X-Test-Clock: 1810" /auth/console
    assert_status 500
    http -b "$WORK/owner" /auth/console
    assert_status 200
    assert_contains "$(body)" "nothing: there is no such key"
    refute_contains "$(body)" "Guarded folders"
    http -b "$WORK/owner" /auth/console/users
    assert_status 500
    http "${AS_JSON[@]}" -b "$WORK/owner" /auth/console
    assert_equal "$(json .faulty)" true
    site_config_edit 'del(.store)'
    http -b "$WORK/owner" /auth/console
    assert_status 500
    assert_no_secrets "$CODE"
}

@test "a provider's file that is missing or broken, or a key that it lacks, does not keep an owner from the check" {
    local file=$SITE_PRODUCT/providers/instagram.json broken says edit
    name_owner
    sign_in "$JAR"
    cp "$file" "$WORK/instagram.json"
    while IFS='|' read -r broken says; do
        note "$broken"
        rm "$file"
        [[ -z $broken ]] || printf %s "$broken" >"$file"
        http -b "$JAR" /auth/console
        assert_status 200
        assert_contains "$(body)" "$says"
        cp "$WORK/instagram.json" "$file"
    done <<'FILES'
|providers.instagram
{|providers/instagram.json is no JSON
{"title": 3}|providers/instagram.json: title
FILES
    for edit in 'del(.providers.instagram.client_id)|client_id' '.providers.instagram.allow = {users: 3}|allow'; do
        note "$edit"
        site_config_edit "${edit%|*}"
        http -b "$JAR" /auth/console
        assert_status 200
        assert_contains "$(body)" "providers.instagram.${edit#*|}"
    done
    # Whom the provider's accounts are allowed to be is not known.
    http -b "$JAR" /auth/console/users
    assert_status 302
}

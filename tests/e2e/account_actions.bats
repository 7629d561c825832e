#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# What a signed-in person can do on the profile page, log out everywhere and delete the account, and who cannot do it
# for them; whom `allow` lets in; when a fresh login is asked for.

load helpers
load tokens

setup() {
    e2e_setup
    RECHECK='.session.recheck_minutes = 0'
    site_config_edit "$RECHECK"
}

state() { site_admin users export --with-token; }

# --- log out everywhere ---

@test "log out everywhere ends every session of the person, and nothing else" {
    local before
    sign_in "$JAR"
    sign_in "$WORK/phone"
    sign_in "$WORK/friend" layla.studio
    before=$(state)
    press "$JAR" sign_out_everywhere
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/#signed-out"
    assert_regex "$(header Set-Cookie)" "^$SESSION_COOKIE=; .*Max-Age=0"
    assert_signed_out "$JAR"
    assert_signed_out "$WORK/phone"
    assert_signed_in "$WORK/friend"
    assert_equal "$(state)" "$before"
    sign_in "$JAR"
    assert_signed_in "$JAR"
    assert_equal "$(log_lines)" ""
    assert_no_secrets
}

@test "the page's own forms work as they stand" {
    local token
    sign_in "$JAR"
    sign_in "$WORK/phone"
    http -b "$JAR" /profile
    token=$(body | grep -o 'name="csrf_token" value="[^"]*"' | sed 's/.*value="\(.*\)"/\1/' | sort -u)
    assert_equal "$(wc -l <<<"$token")" 1
    http -b "$JAR" -c "$JAR" -d "csrf_token=$token&action=sign_out_everywhere" /profile
    assert_status 302
    assert_signed_out "$WORK/phone"
}

# --- delete ---

@test "deleting asks first, and changes nothing until it is confirmed" {
    local before
    sign_in "$JAR"
    before=$(state)
    press "$JAR" delete
    assert_status 200
    assert_regex "$(header Content-Type)" '^text/html'
    assert_contains "$(body)" "Delete your account?"
    assert_contains "$(body)" "Harbour Bakery"
    assert_contains "$(body)" 'name="confirm" value="yes"'
    assert_contains "$(header Cache-Control)" no-store
    assert_equal "$(header Content-Security-Policy | sed "s#img-src 'self' http[^;]*#img-src 'self'#")" "$CSP"
    assert_equal "$(state)" "$before"
    for confirm in "" no YES true "yes yes"; do
        note "$confirm"
        press "$JAR" delete --data-urlencode "confirm=$confirm"
        assert_status 200
    done
    assert_equal "$(state)" "$before"
    assert_signed_in "$JAR"
    assert_equal "$(log_lines)" ""
}

@test "deleting removes the user, the token and every session, and nobody else's" {
    local token
    sign_in "$JAR"
    sign_in "$WORK/phone"
    sign_in "$WORK/friend" layla.studio
    press "$JAR" delete
    # With the token of that page, as a browser would.
    token=$(body | sed -n 's/.*name="csrf_token" value="\([^"]*\)".*/\1/p')
    http -b "$JAR" -c "$JAR" -d "csrf_token=$token&confirm=yes&action=delete" /profile
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/profile?done=deleted"
    assert_regex "$(header Set-Cookie)" "^$SESSION_COOKIE=; .*Max-Age=0"
    # It is for nobody who is signed in, and no answer for a program.
    http -b "$JAR" "$(header Location)"
    assert_status 200
    assert_contains "$(body)" "Your account was deleted"
    http "${AS_JSON[@]}" '/profile?done=deleted'
    assert_status 401
    http -b "$WORK/friend" '/profile?done=deleted'
    refute_contains "$(body)" "Your account was deleted"
    assert_signed_out "$JAR"
    assert_signed_out "$WORK/phone"
    assert_signed_in "$WORK/friend"
    assert_equal "$(state | jq -r ._id)" "instagram:$LAYLA"
    admin 3 token "$BAKERY"
    sign_in "$JAR"
    assert_signed_in "$JAR"
    assert_equal "$(user_count)" 2
    assert_equal "$(log_lines)" ""
    assert_no_secrets
}

@test "both work under the plain CGI path" {
    local path=/cgi-bin/profile$SITE_CGI_SUFFIX token
    sign_in "$JAR"
    token=$(form_token "$JAR")
    http -b "$JAR" -d "csrf_token=$token&action=delete" "$path"
    assert_status 200
    assert_contains "$(body)" "action=\"$path\""
    http -b "$JAR" -c "$JAR" -d "csrf_token=$token&action=delete&confirm=yes" "$path"
    assert_status 302
    assert_equal "$(user_count)" 0
}

# --- as JSON ---

@test "a program gets the token in a header, and JSON for an answer" {
    local token
    sign_in "$JAR"
    sign_in "$WORK/phone"
    token=$(form_token "$JAR")
    assert_regex "$token" '^[A-Za-z0-9_-]{43}$'
    press "$JAR" delete "${AS_JSON[@]}"
    assert_status 400
    assert_equal "$(header Content-Type)" application/problem+json
    assert_equal "$(json '"\(.status) \(.code)"')" "400 bad_request"
    press "$JAR" sign_out_everywhere "${AS_JSON[@]}"
    assert_status 200
    assert_equal "$(json tojson)" '{"signed_in":false,"deleted":false}'
    assert_regex "$(header Set-Cookie)" "^$SESSION_COOKIE=; .*Max-Age=0"
    assert_signed_out "$WORK/phone"
    sign_in "$JAR"
    press "$JAR" delete "${AS_JSON[@]}" -d confirm=yes
    assert_status 200
    assert_equal "$(json tojson)" '{"signed_in":false,"deleted":true}'
    assert_equal "$(user_count)" 0
    # The page has it in its forms only.
    sign_in "$JAR"
    http -b "$JAR" /profile
    assert_equal "$(header X-CSRF-Token)" ""
}

# --- who cannot ---

# refused STATUS WHERE CURL_OPTION... PATH
refused() {
    note "$*"
    http -b "$JAR" "${@:3}"
    assert_status "$1"
    refute_contains "$(header Set-Cookie)" "Max-Age=0"
    assert_regex "$(header Content-Type)" '^(text/html|application/problem)'
}

@test "without this session's own token nothing happens" {
    local action token before count
    sign_in "$WORK/phone"
    sign_in "$WORK/friend" layla.studio
    sign_in "$JAR"
    token=$(form_token "$JAR")
    before=$(state)
    for action in "action=sign_out_everywhere" "action=delete" "action=delete&confirm=yes"; do
        refused 400 "missing" -d "$action" /profile
        refused 400 "wrong" -d "$action&csrf_token=$(printf 'A%.0s' {1..43})" /profile
        refused 400 "missing, as JSON" "${AS_JSON[@]}" -d "$action" /profile
        assert_equal "$(json .code)" bad_request
    done
    assert_equal "$(log_lines profile | grep -c 'bad_request: .*anti-forgery token')" 9
    refused 400 "empty" -d "$action&csrf_token=" /profile
    refused 400 "other name" -d "$action&CSRF_TOKEN=$token" /profile
    refused 400 "cut" -d "$action&csrf_token=${token:0:42}" /profile
    refused 400 "in the query" -d "$action" "/profile?csrf_token=$token"
    refused 400 "in a header" -H "X-CSRF-Token: $token" -d "$action" /profile
    refused 400 "the same person's other session" -d "$action&csrf_token=$(form_token "$WORK/phone")" /profile
    refused 400 "another person's" -d "$action&csrf_token=$(form_token "$WORK/friend")" /profile
    refused 400 "twice" -d "$action&csrf_token=$token&csrf_token=$token" /profile
    refused 400 "text" -H 'Content-Type: text/plain' -d "$action&csrf_token=$token" /profile
    refused 400 "JSON" -H 'Content-Type: application/json' -d "$action&csrf_token=$token" /profile
    refused 400 "multipart" -F "csrf_token=$token" -F "${action%%&*}" /profile
    for action in "" "action=" "action=Delete" "action=sign_out" "action[]=delete" "confirm=yes"; do
        refused 400 "no such action: $action" -d "$action&csrf_token=$token" /profile
    done
    count=$(log_lines profile | wc -l)
    assert_equal "$count" 26
    for action in "action=sign_out_everywhere" "action=delete&confirm=yes"; do
        refused 200 "GET" -G -d "$action&csrf_token=$token" /profile
        refused 405 "PUT" -X PUT -d "$action&csrf_token=$token" /profile
        assert_equal "$(header Allow)" "GET, HEAD, POST"
    done
    assert_equal "$(log_lines profile | wc -l)" "$count"
    assert_equal "$(state)" "$before"
    assert_signed_in "$JAR"
    assert_signed_in "$WORK/phone"
    assert_signed_in "$WORK/friend"
    refute_contains "$(log_lines)" "$token"
    assert_no_secrets
}

@test "a cookie of a session that has ended deletes nothing, however it was kept" {
    local token
    site_config_edit '.session.recheck_minutes = 60'
    sign_in "$WORK/phone"
    sign_in "$JAR"
    token=$(form_token "$JAR")
    cp "$JAR" "$WORK/copy"
    http -X POST -b "$JAR" -c "$JAR" /logout
    BEFORE=$(state)
    # It still shows the profile, but it does nothing.
    assert_signed_in "$WORK/copy"
    for action in "action=sign_out_everywhere" "action=delete&confirm=yes"; do
        note "$action"
        cp "$WORK/copy" "$WORK/try"
        http "${AS_JSON[@]}" -b "$WORK/try" -d "$action&csrf_token=$token" /profile
        assert_status 401
        http -b "$WORK/try" -c "$WORK/try" -d "$action&csrf_token=$token" /profile
        assert_status 302
        assert_equal "$(header Location)" "$SITE_URL/"
        assert_regex "$(header Set-Cookie)" "^$SESSION_COOKIE=; .*Max-Age=0"
    done
    assert_equal "$(state)" "$BEFORE"
    site_config_edit "$RECHECK"
    assert_signed_in "$WORK/phone"
}

@test "nobody, a damaged cookie and a session that has run out do nothing" {
    local token before
    sign_in "$JAR"
    token=$(form_token "$JAR")
    before=$(state)
    http "${AS_JSON[@]}" -d "action=delete&confirm=yes&csrf_token=$token" /profile
    assert_status 401
    http -d "action=delete&confirm=yes&csrf_token=$token" /profile
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/"
    http "${AS_JSON[@]}" -H "Cookie: $SESSION_COOKIE=damaged" -d "action=delete&confirm=yes&csrf_token=$token" /profile
    assert_status 401
    http "${AS_JSON[@]}" -b "$JAR" -H 'X-Test-Clock: 1209601' -d "action=delete&confirm=yes&csrf_token=$token" /profile
    assert_status 401
    assert_equal "$(state)" "$before"
    assert_signed_in "$JAR"
}

@test "whom Meta has had deleted cannot be deleted once more" {
    local token
    sign_in "$JAR"
    token=$(form_token "$JAR")
    meta deletion '{}'
    assert_status 200
    http "${AS_JSON[@]}" -b "$JAR" -d "action=delete&confirm=yes&csrf_token=$token" /profile
    assert_status 401
}

@test "a form from before a key rotation still counts" {
    local token key
    sign_in "$JAR"
    token=$(form_token "$JAR")
    key=$(site_admin new-key)
    site_config_edit --arg key "$key" '.keys |= [$key] + .'
    http -b "$JAR" -c "$JAR" -d "csrf_token=$token&action=sign_out_everywhere" /profile
    assert_status 302
    assert_signed_out "$JAR"
}

@test "in a store outage both are 503 with Retry-After, keep the cookie, and work afterwards" {
    local token action
    sign_in "$JAR"
    token=$(form_token "$JAR")
    BEFORE=$(state)
    for action in "action=sign_out_everywhere" "action=delete&confirm=yes"; do
        store_break
        for accept in text/html application/json; do
            note "$action"
            site_clear_logs
            http -b "$JAR" -H "Accept: $accept" -d "$action&csrf_token=$token" /profile
            assert_status 503
            assert_regex "$(header Retry-After)" '^[1-9][0-9]*$'
            assert_equal "$(header Set-Cookie)" ""
            assert_one_line profile "store_unavailable: "
        done
        store_mend
        site_config_edit "$RECHECK"
        assert_equal "$(state)" "$BEFORE"
        assert_signed_in "$JAR"
    done
    http -b "$JAR" -c "$JAR" -d "action=delete&confirm=yes&csrf_token=$token" /profile
    assert_status 302
    assert_equal "$(user_count)" 0
}

@test "pressed many times at once, delete deletes once and each press is answered" {
    local token
    sign_in "$JAR"
    token=$(form_token "$JAR")
    seq 8 | xargs -P 4 -I{} curl -sS -o /dev/null -w '%{http_code}\n' -H 'Accept: application/json' -b "$JAR" \
        -d "action=delete&confirm=yes&csrf_token=$token" "$SITE_URL/profile" >"$WORK/statuses"
    assert_equal "$(sort -u "$WORK/statuses" | xargs)" "200 401"
    assert_equal "$(user_count)" 0
    assert_equal "$(log_lines)" ""
}

# --- allow ---

# tries PERSON: starts a login that wants to come back to a page, and leaves where it led in LOCATION
tries() {
    rm -f "$JAR"
    begin "$JAR" "/auth/instagram?return_to=/members/page%3Fn%3D1"
    decide "$1"
    finish "$JAR"
}

let_in() { # ALLOW PERSON
    note "$*"
    site_config_edit --argjson allow "$1" '.providers.instagram.allow = $allow'
    tries "$2"
    assert_equal "$LOCATION" "$SITE_URL/members/page?n=1"
    assert_signed_in "$JAR"
}

kept_out() { # ALLOW PERSON
    note "$*"
    site_config_edit --argjson allow "$1" '.providers.instagram.allow = $allow'
    site_clear_logs
    tries "$2"
    assert_equal "$LOCATION" "$SITE_URL/login?error=not_allowed"
    assert_equal "$(cookie "$JAR" "$SESSION_COOKIE")" ""
    assert_one_line callback "not_allowed: "
}

@test "allow lets in by username, whatever its case, and by either id" {
    let_in '["layla.studio"]' layla.studio
    let_in '["somebody", "LAYLA.Studio"]' layla.studio
    let_in "[\"$LAYLA\"]" layla.studio
    let_in '["17841401234567890"]' layla.studio
    let_in "[\"$BAKERY\"]" harbour.bakery
    let_in '["@layla.studio"]' layla.studio
    let_in "[\"instagram:$LAYLA\"]" layla.studio
}

@test "an entry of allow that would keep out whom it means is a fault with its remedy" {
    local entry words
    while IFS='|' read -r entry words; do
        note "$entry"
        site_config_edit --argjson entry "$entry" '.providers.instagram.allow = ["somebody", $entry]'
        site_clear_logs
        http /auth/instagram
        assert_status 500
        assert_contains "$(log_lines)" "providers.instagram.allow$words"
        run site_admin check
        assert_failure
        assert_output --partial "providers.instagram.allow$words"
    done <<'TABLE'
" layla.studio "|[1]: " layla.studio " has a blank around it
"https://www.instagram.com/layla.studio/"|[1]: "https://www.instagram.com/layla.studio/" is an address; write the username alone: "layla.studio"
"instagram.com/layla.studio?x"|[1]: "instagram.com/layla.studio?x" is an address; write the username alone: "layla.studio"
"https://www.threads.net/@layla.studio"|[1]: "https://www.threads.net/@layla.studio" is an address; write the username alone: "layla.studio"
"google:123"|[1]: "google:123" is of another provider
"@"|[1]: "@" names nobody; remove it
""|: expected a list of usernames and ids, or an object of rules, such as ["harbour.bakery", "17841405793187218123"]; [1] is empty: remove it
123|: expected a list of usernames and ids, or an object of rules, such as ["harbour.bakery", "17841405793187218123"]; [1] is a number: put it in quotes
17841405793187218123|: expected a list of usernames and ids, or an object of rules, such as ["harbour.bakery", "17841405793187218123"]; [1] is a number: put it in quotes
TABLE
}

@test "allow keeps everybody else out, stores nothing, and tells the owner alone whom to add" {
    local person=harbour.bakery where
    for allow in '["layla.studio"]' '["harbour", "harbour.bakery.x", "arbour.bakery"]' '["Harbour_Bakery", "harbour-bakery"]' \
        '["17841405793187218124", "1784140579318721812", "17841405793187218000"]'; do
        kept_out "$allow" "$person"
    done
    assert_equal "$(user_count)" 0
    http "$LOCATION"
    assert_contains "$(body)" "This account is not on the list"
    assert_contains "$(log_lines)" "providers.instagram.allow does not list this account; to let it in, add \"$BAKERY\" or \"harbour.bakery\" there"
    for where in "$(body)" "$LOCATION"; do
        for name in harbour "$BAKERY" "Harbour Bakery" layla.studio; do
            refute_contains "$where" "$name"
        done
    done
    rm -f "$JAR"
    begin "$JAR"
    decide "$person"
    http "${AS_JSON[@]}" -b "$JAR" -c "$JAR" "$CALLBACK"
    assert_status 403
    assert_equal "$(json '"\(.status) \(.code)"')" "403 not_allowed"
    refute_contains "$(body)" harbour
    assert_no_secrets
}

@test "an entry of digits is an id only: a username of digits opens nothing" {
    standin_control "{\"person\": {\"username\": \"$LAYLA\"}}"
    kept_out "[\"$LAYLA\"]" harbour.bakery
    standin_control '{"person": {"username": "12345"}}'
    kept_out '["12345"]' harbour.bakery
    standin_control '{"person": {"username": "12345x"}}'
    let_in '["12345X"]' harbour.bakery
    # A name with letters is no id either way round.
    standin_control '{"person": {"username": null}}'
    store_wipe
    kept_out '["harbour.bakery"]' harbour.bakery
}

@test "who is taken off the list comes in no more, and keeps what is stored" {
    let_in '["harbour.bakery"]' harbour.bakery
    BEFORE=$(state)
    kept_out '["layla.studio"]' harbour.bakery
    assert_equal "$(state)" "$BEFORE"
}

@test "rules let in by one that is right, for the site and for a provider, and both must" {
    local site own
    let_in '{}' layla.studio
    let_in '{"users": ["1"], "usernames": ["Layla.Studio"]}' layla.studio
    let_in "{\"providers\": [\"instagram\"], \"users\": [\"instagram:$LAYLA\"]}" layla.studio
    kept_out '{"users": ["layla.studio"]}' layla.studio
    assert_contains "$(log_lines)" "providers.instagram.allow does not list this account; to let it in, add \"$LAYLA\" to its users"
    kept_out '{"users": []}' layla.studio
    kept_out '{"emails": ["layla@example.com"], "groups": ["staff"]}' layla.studio
    assert_contains "$(log_lines)" "verified; its groups are not known"
    for site in '["layla.studio"]' "{\"users\": [\"instagram:$LAYLA\"]}"; do
        site_config_edit --argjson site "$site" '.allow = $site'
        let_in '["layla.studio", "harbour.bakery"]' layla.studio
        kept_out '["layla.studio", "harbour.bakery"]' harbour.bakery
        assert_contains "$(log_lines)" ": allow does not list this account; to let it in, add \"$BAKERY\""
        kept_out '["harbour.bakery"]' layla.studio
    done
}

@test "rules are judged again whenever the store is asked" {
    let_in '{"usernames": ["harbour.bakery"]}' harbour.bakery
    site_config_edit '.session.recheck_minutes = 0 | .allow = {"usernames": ["layla.studio"]}'
    assert_signed_out "$JAR"
    site_config_edit '.allow = {}'
    let_in '{"usernames": ["harbour.bakery"]}' harbour.bakery
    site_config_edit '.providers.instagram.allow = {"domains": ["example.com"]}'
    assert_signed_out "$JAR"
}

# --- a fresh login ---

reauth_of() { # CURL_OPTION... PATH: whether the provider is asked for a fresh login
    http -b "$JAR" "$@"
    assert_status 302
    query_of "$(header Location)" force_reauth
}

@test "start?reauth=1 asks for a fresh login once the last one is older than session.max_age" {
    site_config_edit '.session.max_age = 10'
    assert_equal "$(reauth_of "/auth/instagram?reauth=1")" true
    sign_in "$JAR"
    assert_equal "$(reauth_of "/auth/instagram?reauth=1")" ""
    assert_equal "$(reauth_of -H 'X-Test-Clock: 590' "/auth/instagram?reauth=1")" ""
    assert_equal "$(reauth_of -H 'X-Test-Clock: 602' "/auth/instagram?reauth=1")" true
    assert_equal "$(reauth_of -H 'X-Test-Clock: 602' "/auth/instagram")" ""
    for other in reauth=0 reauth= reauth=true reauth=11 REAUTH=1; do
        note "$other"
        assert_equal "$(reauth_of -H 'X-Test-Clock: 602' "/auth/instagram?$other")" ""
    done
    assert_equal "$(reauth_of -H 'X-Test-Clock: 602' "/cgi-bin/start$SITE_CGI_SUFFIX/instagram?reauth=1")" true
    http -b "$JAR" -H 'X-Test-Clock: 602' "${AS_JSON[@]}" "/auth/instagram?reauth=1"
    assert_equal "$(query_of "$(json .authorize_url)" force_reauth)" true
    # A clock that was set back.
    assert_equal "$(reauth_of -H 'X-Test-Clock: -10' "/auth/instagram?reauth=1")" true
}

@test "what a rule of the gate takes for too old is not fresh for start?reauth=1 either, and a new login is" {
    local members='{path: "/members", allow: {}, reauth_minutes: 30}' board='{path: "/board", allow: {}, reauth_minutes: 5}'
    site_config_edit ".session.max_age = 10 | .gate = [$members, {path: \"/open\", allow: {}}]"
    sign_in "$JAR"
    # The longer one is no reason to ask less often.
    assert_equal "$(reauth_of -H 'X-Test-Clock: 590' "/auth/instagram?reauth=1")" ""
    assert_equal "$(reauth_of -H 'X-Test-Clock: 602' "/auth/instagram?reauth=1")" true
    site_config_edit ".gate = [$members, $board]"
    assert_equal "$(reauth_of -H 'X-Test-Clock: 290' "/auth/instagram?reauth=1")" ""
    assert_equal "$(reauth_of -H 'X-Test-Clock: 302' "/auth/instagram?reauth=1")" true
    assert_equal "$(reauth_of -H 'X-Test-Clock: 302' "/auth/instagram")" ""
}

@test "being shown the profile makes no login fresh; a new login does" {
    site_config_edit '.session.max_age = 10'
    sign_in "$JAR"
    # The recheck seals the cookie anew.
    assert_signed_in "$JAR" -H 'X-Test-Clock: 602'
    assert_equal "$(reauth_of -H 'X-Test-Clock: 602' "/auth/instagram?reauth=1")" true
    http -b "$JAR" -c "$JAR" -H 'X-Test-Clock: 602' "/auth/instagram?reauth=1&return_to=/members/"
    AUTHORIZE=$(header Location)
    decide
    finish "$JAR" -H 'X-Test-Clock: 610'
    assert_equal "$LOCATION" "$SITE_URL/members/"
    assert_equal "$(reauth_of -H 'X-Test-Clock: 620' "/auth/instagram?reauth=1")" ""
}

@test "without session.max_age, reauth=1 always asks" {
    sign_in "$JAR"
    assert_equal "$(reauth_of "/auth/instagram?reauth=1")" true
    assert_equal "$(reauth_of "/auth/instagram")" ""
}

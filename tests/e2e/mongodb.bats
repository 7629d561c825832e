#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=mongodb-store
# What only the MongoDB store has: BSON types, indexes, collections of other programs, the cost of a request. The files
# that hold for any store run on MongoDB with run.sh --store mongodb. A client of another make looks at what was
# written.

load helpers
load mongodb

setup_file() { mongodb_setup_file; }
teardown_file() { mongodb_teardown_file; }

LAYLA=25014620183746519

recheck_always() { site_config_edit '.session.recheck_minutes = 0'; }

milliseconds() { printf '%s' $(($(date +%s) * 1000)); }

# --- documents ---

@test "each field has the BSON type that other programs expect" {
    sign_in "$JAR" layla.studio
    assert_equal "$(mongo types users)" "_id string
createdAt date
instagram object
instagram.accessToken string
instagram.account_type string
instagram.bio string
instagram.counts object
instagram.counts.followed_by int
instagram.counts.follows int
instagram.counts.media int
instagram.full_name string
instagram.id string
instagram.profile_picture string
instagram.token object
instagram.token.expiresAt date
instagram.token.obtainedAt date
instagram.token.scopes array
instagram.token.scopes.0 string
instagram.user_id string
instagram.username string
instagram.website string
lastLoginAt date"
    assert_equal "$(mongo types sessions)" "_id string
agent string
createdAt date
expires date
provider string
user string"
    # The next login writes the same types.
    sign_in "$JAR" layla.studio
    assert_equal "$(mongo types users | grep -c ' int$')" 3
    assert_equal "$(mongo types users | grep -c ' date$')" 4
}

@test "ids are exact to the last digit, counts beyond 32 bits are long" {
    local person
    for person in harbour.bakery sakura_zine; do
        sign_in "$JAR" "$person"
    done
    assert_equal "$(field users '._id, .instagram.id')" "instagram:17841405793187218123
17841405793187218123
instagram:9007199254740993
9007199254740993"
    standin_control '{"person": {"followers_count": 3000000000}}'
    sign_in "$JAR" layla.studio
    assert_equal "$(mongo dump users '{"instagram.username": "layla.studio"}' | jq -c .instagram.counts.followed_by)" \
        '{"$numberLong":"3000000000"}'
    assert_equal "$(json_of_profile '.user.counts.followed_by')" 3000000000
}

json_of_profile() {
    recheck_always
    profile "$JAR"
    json "$1"
}

@test "a session is a document of its own, for as long as the config says" {
    sign_in "$JAR"
    assert_equal "$(field sessions '[.user, .provider, (._id | length)] | map(tostring) | join(" ")')" \
        "instagram:17841405793187218123 instagram 43"
    assert_equal "$(field sessions '(.expires["$date"]["$numberLong"] | tonumber) -
        (.createdAt["$date"]["$numberLong"] | tonumber)')" 1209600000
    sign_in "$WORK/second"
    assert_equal "$(mongo count users) $(mongo count sessions)" "1 2"
    http -X POST -b "$JAR" -c "$JAR" /logout
    assert_equal "$(mongo count sessions)" 1
}

@test "the same login makes the same document as on SQLite" {
    local shape='del(.createdAt, .lastLoginAt, .instagram.token.expiresAt, .instagram.token.obtainedAt)'
    local token='.instagram.accessToken |= (. != null and length > 20)'
    sign_in "$JAR" layla.studio
    site_admin users export --with-token | jq -S "$shape | $token" >"$WORK/mongodb"
    site_config_edit --arg uri "sqlite://$SITE_PRODUCT/same.db" '.store = $uri'
    sign_in "$WORK/other" layla.studio
    site_admin users export --with-token | jq -S "$shape | $token" >"$WORK/sqlite"
    rm -f "$SITE_PRODUCT/same.db"
    grep -q "$LAYLA" "$WORK/sqlite"
    diff "$WORK/sqlite" "$WORK/mongodb"
}

@test "no token lies in the collection in plain text, unless seal_tokens is false" {
    sign_in "$JAR"
    assert_regex "$(field users .instagram.accessToken)" '^sealed:[A-Za-z0-9_-]{60,}$'
    mongo dump users >"$KEPT/users"
    mongo dump sessions >"$KEPT/sessions"
    assert_no_secrets
    site_config_edit '.seal_tokens = false'
    sign_in "$JAR"
    assert_regex "$(field users .instagram.accessToken)" '^IGAA'
}

# --- indexes ---

# What the server can do decides what they are; that they are there does not depend on it.
expected_indexes() { # [OTHER]: of the sessions, beside those that there always are
    local unique='' expires=''
    if mongo supports unique; then unique=' unique'; fi
    if mongo supports expiry; then expires=' expires'; fi
    printf '_id\ninstagram.id%s\ninstagram.user_id\n_id\nexpires%s\n%suser\n_id\nexpires%s\n' "$unique" "$expires" \
        "${1:+$1$'\n'}" "$expires"
}

actual_indexes() {
    local collection
    for collection in users sessions requests; do
        mongo indexes "$collection" | sort
    done
}

@test "setup makes the indexes, twice without harm, and the first sign-up makes those that it needs" {
    local expected
    expected=$(expected_indexes sid)
    assert_equal "$(site_admin setup)" "The store is set up."
    assert_equal "$(actual_indexes)" "$expected"
    assert_equal "$(site_admin setup)" "The store is set up."
    assert_equal "$(actual_indexes)" "$expected"
    mongo drop
    sign_in "$JAR"
    assert_equal "$(actual_indexes)" "$(expected_indexes)"
    assert_equal "$(log_lines)" ""
}

@test "the index lets nobody make a second document of one person, where the server can" {
    sign_in "$JAR"
    mongo supports unique || fail "this server enforces no unique index: use another for the tests"
    mongo dump users | jq -c '._id = "another"' >"$WORK/second"
    refute mongo insert users <"$WORK/second" 2>"$OUT"
    assert_contains "$(cat "$OUT")" E11000
}

@test "users of several providers, each without the others' fields, fit the unique indexes" {
    site_config_edit '.providers.other = (.providers.instagram + {preset: "instagram", title: "Another",
        callback_url: (.base_url + "/auth/instagram/callback")})'
    site_admin setup >"$OUT"
    assert_regex "$(mongo indexes users)" 'other.id unique'
    sign_in "$JAR"
    sign_in "$WORK/second" layla.studio
    sign_in "$WORK/third" sakura_zine
    assert_equal "$(mongo count users)" 3
    assert_equal "$(log_lines)" ""
}

@test "an index that the owner has made on the same field does for ours" {
    mongo drop
    mongo insert users <<<'{"_id": "x", "unrelated": true}'
    assert_equal "$(mongo index users instagram.id)" instagram.id_1
    sign_in "$JAR"
    assert_equal "$(site_admin setup)" "The store is set up."
    assert_equal "$(mongo indexes users | sort | head -n 2 | tail -n 1)" instagram.id
    assert_equal "$(log_lines)" ""
}

# --- another program's collection ---

# As an Express application with Passport and Mongoose has written it.
passport_user() {
    cat <<'JSON'
{"_id": {"$oid": "54e6f1b2c3d4e5f60718293a"}, "__v": {"$numberInt": "3"}, "role": "admin", "score": {"$numberDouble": "2.5"}, "whole": {"$numberDouble": "4.0"}, "big": {"$numberLong": "9223372036854775807"}, "small": {"$numberInt": "-7"}, "joined": {"$date": {"$numberLong": "1424421298123"}}, "before": {"$date": {"$numberLong": "-1000"}}, "tags": ["a", {"$numberInt": "1"}, {"deep": [true, null]}], "nothing": null, "key": {"$binary": {"base64": "AAEC/w==", "subType": "00"}}, "friend": {"$oid": "54e6f1b2c3d4e5f60718293b"}, "пол": "ö\n\u0001\"", "instagram": {"id": "25014620183746519", "accessToken": "TOKEN", "username": "old.name", "full_name": "Old Name", "nickname": "only theirs", "counts": {"media": {"$numberInt": "1"}, "likes": {"$numberLong": "9007199254740993"}}, "token": {"theirs": true}, "visits": [{"$date": {"$numberLong": "1424421298000"}}]}, "facebook": {"id": "10", "token": "x"}, "createdAt": {"$date": {"$numberLong": "1424421298000"}}}
JSON
}

OURS='del(.lastLoginAt, .instagram.accessToken, .instagram.username, .instagram.full_name, .instagram.user_id,
    .instagram.profile_picture, .instagram.bio, .instagram.website, .instagram.account_type, .instagram.counts.media,
    .instagram.counts.follows, .instagram.counts.followed_by, .instagram.token.expiresAt, .instagram.token.obtainedAt,
    .instagram.token.scopes)'

@test "a user whom a Passport application has made is the same user here, and loses nothing" {
    local token=IGAAplainTokenOfAnotherProgram0123456789
    passport_user | sed "s/TOKEN/$token/" | mongo insert users
    mongo dump users >"$WORK/before"
    # Their plain token is read as it is.
    assert_equal "$(user $LAYLA .instagram.accessToken --with-token)" "$token"
    sign_in "$JAR" layla.studio
    mongo dump users >"$WORK/after"
    assert_equal "$(wc -l <"$WORK/after")" 1
    diff <(jq -S "$OURS" "$WORK/before") <(jq -S "$OURS" "$WORK/after")
    assert_equal "$(jq -r '[.instagram.username, .instagram.full_name] | join(" ")' "$WORK/after")" "layla.studio ليلى حدّاد"
    assert_regex "$(jq -r .instagram.accessToken "$WORK/after")" '^sealed:'
    refute_contains "$(cat "$WORK/after")" "$token"
    assert_equal "$(field sessions '.user["$oid"]')" 54e6f1b2c3d4e5f60718293a
    # Found through the session, at a second login, and by every command.
    assert_equal "$(json_of_profile .user.username)" layla.studio
    sign_in "$JAR" layla.studio
    assert_equal "$(mongo count users)" 1
    assert_contains "$(site_admin users list)" "instagram:$LAYLA"
    assert_equal "$(user $LAYLA '._id["$oid"], .big["$numberLong"], .role')" "54e6f1b2c3d4e5f60718293a
9223372036854775807
admin"
    # Nothing of theirs is on the page.
    refute_contains "$(body)" "only theirs"
    site_admin users delete --yes "instagram:$LAYLA"
    assert_equal "$(mongo count users) $(mongo count sessions)" "0 0"
}

@test "fields that the provider leaves out are taken away" {
    sign_in "$JAR" layla.studio
    standin_control '{"person": {"name": null, "biography": null, "media_count": null, "username": "renamed"}}'
    sign_in "$JAR" layla.studio
    assert_equal "$(field users '.instagram | [.username, .full_name, .bio, .counts.media] | tojson')" \
        '["renamed",null,null,null]'
}

@test "a field name of another program with a dot, a dollar or no character does no harm" {
    passport_user | jq -c '{_id, instagram: {id: .instagram.id, "": 1}, "": {"": 2}}' | mongo insert users
    sign_in "$JAR" layla.studio
    assert_equal "$(field users '[.instagram[""], .[""][""]] | map(.["$numberInt"]) | join(" ")')" "1 2"
    assert_equal "$(json_of_profile .user.username)" layla.studio
    assert_equal "$(user_count)" 1
}

# --- sessions that have expired ---

expired_sessions() { # COUNT
    seq -f '{"_id": "old%g", "user": "instagram:1", "provider": "instagram", "expires": {"$date": {"$numberLong": "1000"}}}' \
        "$1" | mongo insert sessions
}

@test "an expired session is refused, also before the server has removed it" {
    sign_in "$JAR"
    recheck_always
    assert_signed_in "$JAR"
    mongo update sessions '{}' "{\"\$set\": {\"expires\": {\"\$date\": {\"\$numberLong\": \"$(($(milliseconds) - 1000))\"}}}}"
    assert_signed_out "$JAR"
    assert_equal "$(log_lines)" ""
}

@test "expired sessions go, a bounded number at each sign-in, and the rest at a refresh" {
    local batch left
    batch=$(bound EXPIRED_SESSIONS_PER_SIGN_IN)
    expired_sessions $((3 * batch))
    sign_in "$JAR"
    left=$(mongo count sessions '{"user": "instagram:1"}')
    # A server that has a TTL index may be quicker.
    if mongo supports expiry; then [[ $left -le $((2 * batch)) ]]; else assert_equal "$left" $((2 * batch)); fi
    site_admin refresh >"$OUT"
    assert_equal "$(mongo count sessions)" 1
    assert_signed_in "$JAR"
}

# --- commands ---

@test "refresh exchanges a token that is near its end and seals one that lies open" {
    local before day=86400000
    sign_in "$JAR"
    before=$(field users .instagram.accessToken)
    assert_contains "$(site_admin refresh)" "0 refreshed, 0 sealed anew"
    assert_equal "$(field users .instagram.accessToken)" "$before"
    # Five days later the token is old enough for the provider.
    standin_control '{"clock_offset_seconds": 432000}'
    mongo update users '{}' "{\"\$set\": {
        \"instagram.token.obtainedAt\": {\"\$date\": {\"\$numberLong\": \"$(($(milliseconds) - 50 * day))\"}},
        \"instagram.token.expiresAt\": {\"\$date\": {\"\$numberLong\": \"$(($(milliseconds) + 9 * day))\"}}}}"
    assert_contains "$(site_admin refresh)" "1 refreshed"
    assert_not_equal "$(field users .instagram.accessToken)" "$before"
    assert_equal "$(mongo types users | grep -E 'token.(expires|obtained)At')" "instagram.token.expiresAt date
instagram.token.obtainedAt date"
    mongo update users '{}' '{"$set": {"instagram.accessToken": "IGAAplainTokenOfAnotherProgram"}}'
    assert_contains "$(site_admin refresh)" "1 sealed anew"
    assert_regex "$(field users .instagram.accessToken)" '^sealed:'
    assert_equal "$(user 17841405793187218123 .instagram.accessToken --with-token)" IGAAplainTokenOfAnotherProgram
}

@test "check says whether the store can be written, up and down, and leaves nothing in it" {
    site_admin check >"$OUT"
    assert_regex "$(cat "$OUT")" '  ok +store: the store can be written, and is not there yet|  ok +the store can be written, and is not there yet'
    assert_equal "$(mongo count sessions)" 0
    sign_in "$JAR"
    site_admin check >"$OUT"
    assert_regex "$(cat "$OUT")" '  ok +the store can be written
'
    assert_equal "$(mongo count sessions)" 1
    store_break
    refute site_admin check >"$OUT"
    assert_regex "$(cat "$OUT")" '  FIX +store: MongoDB 127.0.0.1:'
    store_mend
    site_admin check >"$OUT"
}

# --- several accounts ---

# Two users, each with a session and a field of another program.
two_users() {
    mongo drop
    mongo insert users <<'JSON'
{"_id": {"$oid": "54e6f1b2c3d4e5f60718293a"}, "instagram": {"id": "1", "accessToken": "a"}, "role": "admin", "big": {"$numberLong": "5"}}
{"_id": "other:2", "other": {"id": "2", "accessToken": "b", "n": {"$numberLong": "7"}}, "role": "guest", "tags": [{"$numberDouble": "1.0"}]}
JSON
    mongo insert sessions <<'JSON'
{"_id": "s1", "user": {"$oid": "54e6f1b2c3d4e5f60718293a"}, "provider": "instagram", "createdAt": {"$date": {"$numberLong": "1700000000000"}}, "expires": {"$date": {"$numberLong": "9000000000000"}}}
{"_id": "s2", "user": "other:2", "provider": "other", "createdAt": {"$date": {"$numberLong": "1700000000000"}}, "expires": {"$date": {"$numberLong": "9000000000000"}}}
JSON
}

merge() { # STATUS
    local code=0
    site_admin users merge --yes instagram:1 other:2 >"$OUT" 2>"$ERR" </dev/null || code=$?
    note "merge: $(cat "$OUT" "$ERR")"
    assert_equal "$code" "$1"
}

assert_merged() {
    assert_equal "$(mongo dump users | jq -cS .)" '{"_id":{"$oid":"54e6f1b2c3d4e5f60718293a"},"big":{"$numberLong":"5"},"instagram":{"accessToken":"a","id":"1"},"mergedFrom":[{"_id":"other:2","role":"guest"}],"other":{"accessToken":"b","id":"2","n":{"$numberLong":"7"}},"role":"admin","tags":[{"$numberDouble":"1.0"}]}'
    assert_equal "$(mongo dump sessions | jq -c '[._id, .user["$oid"], .provider]' | xargs)" \
        "[s1,54e6f1b2c3d4e5f60718293a,instagram] [s2,54e6f1b2c3d4e5f60718293a,other]"
}

@test "a merge that is stopped before or after any of its writes loses nothing, and the next run completes it" {
    local command times how rule stops=0
    two_users
    merge 0
    assert_merged
    for how in drop lose; do
        for command in "update users" "update sessions" "delete users"; do
            for times in 0 1; do
                [[ $command$times != "delete users1" ]] || continue
                note "$how $command, after $times"
                two_users
                rule=$(jq -nc --arg command "$command" --arg how "$how" --argjson times "$times" \
                    '{($command): ([range($times) | "pass"] + [$how])}')
                rules "$rule"
                merge 1
                stops=$((stops + 1))
                rules '{}'
                # Every account, token and other field is there, wherever it lies.
                assert_equal "$(mongo dump users | jq -r '.. | .accessToken? // empty' | sort -u | xargs)" "a b"
                assert_equal "$(mongo dump users | jq -r '.. | .role? // empty' | sort -u | xargs)" "admin guest"
                assert_equal "$(mongo count sessions)" 2
                merge 0
                assert_merged
            done
        done
    done
    assert_equal "$stops" 10
}

@test "who logs in while a merge is stopped becomes the same user in the end" {
    local before
    site_config_edit '.providers.other = (.providers.instagram + {preset: "instagram", title: "Another",
        callback_url: (.base_url + "/auth/instagram/callback")})'
    sign_in "$JAR"
    mongo insert users <<<'{"_id": {"$oid": "54e6f1b2c3d4e5f60718293b"}, "other": {"id": "2"}, "theirs": 1}'
    # The account of this provider is the one that is merged away; its document has no _id of ours.
    mongo update users '{"_id": "instagram:17841405793187218123"}' '{"$set": {"extra": true}}' >/dev/null
    rules '{"update users": ["pass", "drop"]}'
    refute site_admin users merge --yes other:2 instagram:17841405793187218123 >"$OUT" 2>&1 </dev/null
    rules '{}'
    # The _id is kept by the document that is set aside: the login has to wait for the owner.
    begin "$WORK/meanwhile"
    decide
    assert_login_fails "$WORK/meanwhile" store_unavailable
    assert_one_line callback "is being merged into another"
    refute site_admin users merge --yes instagram:17841405793187218123 other:2 >"$OUT" 2>"$ERR" </dev/null
    assert_contains "$(cat "$ERR")" "instagram:17841405793187218123 is being merged into other:2"
    # With another _id there is a new user, who is taken in.
    mongo insert users <<<'{"_id": "newcomer", "instagram": {"id": "17841405793187218123", "bio": "newer"}, "lastLoginAt": {"$date": {"$numberLong": "1900000000000"}}}'
    site_admin users merge --yes other:2 instagram:17841405793187218123 >"$OUT" </dev/null
    assert_equal "$(mongo count users)" 1
    assert_equal "$(mongo dump users | jq -r '.extra, .instagram.bio, .instagram.username, (.mergedFrom | length)' | xargs)" \
        "true newer harbour.bakery 2"
    site_clear_logs
    recheck_always
    assert_signed_in "$JAR"
}

# --- what a request costs ---

@test "an unlinking that is stopped between its writes leaves a session that shows the other account" {
    local token
    site_config_edit '.providers.google = {client_id: "id", client_secret: "secret"}'
    sign_in "$JAR"
    recheck_always
    mongo update users '{}' '{"$set": {"google": {"id": "108", "full_name": "Harbour"}}}'
    http "${AS_JSON[@]}" -b "$JAR" -c "$JAR" /profile
    assert_equal "$(json .provider)" instagram
    token=$(header X-CSRF-Token)
    rules '{"update sessions": ["drop"]}'
    http "${AS_JSON[@]}" -b "$JAR" -c "$JAR" -d "csrf_token=$token&action=unlink&provider=instagram&confirm=yes" /profile
    assert_status 503
    rules '{}'
    assert_equal "$(mongo count sessions)" 1
    http "${AS_JSON[@]}" -b "$JAR" -c "$JAR" /profile
    assert_equal "$(json '"\(.provider) \(.user.full_name)"')" "google Harbour"
    assert_equal "$(field users '.instagram // "gone"')" gone
}

@test "a login and a recheck ask the server no more often than they must" {
    sign_in "$JAR"
    rm "$JAR"
    forget_commands
    sign_in "$JAR"
    # The rest is the greeting and the farewell.
    assert_equal "$(commands | grep -cxE 'connection')" 1
    assert_equal "$(commands | grep -vxE 'connection|hello.*|endSessions.*')" "insert requests
find sessions
findAndModify users
insert sessions"
    forget_commands
    assert_signed_in "$JAR"
    assert_equal "$(commands)" ""
    recheck_always
    assert_signed_in "$JAR"
    assert_equal "$(commands | grep -vxE 'connection|hello.*|endSessions.*')" "find sessions
find users"
}

@test "no process leaves a file behind" {
    local process
    # libmongoc keeps counters in shared memory, and there they stay, unless it is told not to.
    touch "$WORK/before"
    # shellcheck disable=SC2016
    process=$(site_exec env CGI_LOGIN_CONFIG="$SITE_CONFIG" sh -c 'echo $$; exec "$@"' sh -- \
        "$SITE_PRODUCT/bin/cgi-login" users export)
    [[ $process =~ ^[0-9]+$ ]] || fail "not a process id: $process"
    # Of another program that had this number there may be one.
    assert_equal "$(find /dev/shm -name "mongoc-$process" -newer "$WORK/before")" ""
}

@test "no answer, log line or cookie shows a secret" {
    sign_in "$JAR"
    recheck_always
    assert_signed_in "$JAR"
    store_break
    assert_signed_in "$JAR"
    store_mend
    assert_no_secrets
}

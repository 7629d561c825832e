#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=mongodb-store
# `cgi-login migrate` between SQLite and MongoDB, both ways: documents and sessions are the same afterwards, nobody has
# to sign in again, and a run that breaks off is run again. The server is one that may be killed.

load helpers
load mongodb

setup_file() { mongodb_setup_file own; }
teardown_file() { mongodb_teardown_file; }
setup() {
    e2e_setup
    SQLITE=sqlite://$SITE_PRODUCT/users.db
    rm -f "$SITE_PRODUCT"/*.db
    use_store "$SQLITE"
}
teardown() {
    [[ -e $MONGODB_HOME/server.pid ]] || mongodb_start_own "$MONGODB_HOME"
    e2e_teardown
}

use_store() { site_config_edit --arg uri "$1" '.store = $uri | .session.recheck_minutes = 0'; }

migrate() { # STATUS FROM TO
    local code=0
    site_admin migrate --from "$2" --to "$3" >"$OUT" 2>"$ERR" </dev/null || code=$?
    note "migrate: $(cat "$OUT" "$ERR")"
    assert_equal "$code" "$1"
}

# The documents as the store has them, in no order.
documents() { site_admin users export --with-token | jq -cS . | sort; }

# sql TEXT: in the SQLite store.
sql() { site_run sqlite3 "${SQLITE#sqlite://}" "$1"; }

sessions_of_sqlite() {
    sql "SELECT id, json_extract(document, '$._id'), provider, createdAt, expires FROM sessions JOIN users USING (user)
        ORDER BY id"
}

sessions_of_mongodb() {
    mongo dump sessions | jq -r '[._id, .user, .provider, .createdAt["$date"]["$numberLong"], .expires["$date"]["$numberLong"]]
        | join("|")' | sort
}

@test "people and sessions go to MongoDB and back, and stay what they were" {
    local before sessions
    sign_in "$JAR"
    sign_in "$WORK/layla" layla.studio
    sign_in "$WORK/twice" layla.studio
    before=$(documents)
    sessions=$(sessions_of_sqlite)
    assert_equal "$(wc -l <<<"$sessions")" 3
    migrate 0 "$SQLITE" "$STORE_URI"
    assert_contains "$(cat "$OUT")" "2 users and 3 sessions copied; 2 users compared, 0 differ."
    assert_equal "$(sessions_of_mongodb)" "$sessions"
    assert_equal "$(mongo types users | grep -c ' date$')" 4
    use_store "$STORE_URI"
    assert_equal "$(documents)" "$before"
    assert_signed_in "$JAR"
    assert_signed_in "$WORK/layla"
    assert_signed_in "$WORK/twice"
    # Signing in again makes no second user, and signing out holds.
    sign_in "$WORK/again"
    assert_equal "$(mongo count users)" 2
    http -X POST -b "$WORK/twice" -c "$WORK/gone" /logout
    assert_signed_out "$WORK/twice"
    before=$(documents)
    sessions=$(sessions_of_mongodb)
    rm -f "${SQLITE#sqlite://}"
    migrate 0 "$STORE_URI" "$SQLITE"
    assert_contains "$(cat "$OUT")" "2 users and 3 sessions copied; 2 users compared, 0 differ."
    assert_equal "$(sessions_of_sqlite)" "$sessions"
    use_store "$SQLITE"
    assert_equal "$(documents)" "$before"
    assert_signed_in "$JAR"
    assert_signed_in "$WORK/layla"
    assert_signed_out "$WORK/twice"
    assert_equal "$(log_lines)" ""
}

@test "another program's documents go to SQLite and back to another database, bit for bit" {
    local target=${STORE_URI}_back
    mongo insert users <<'JSON'
{"_id": {"$oid": "54e6f1b2c3d4e5f60718293a"}, "__v": {"$numberInt": "3"}, "score": {"$numberDouble": "2.5"}, "big": {"$numberLong": "9223372036854775807"}, "exact": {"$numberLong": "9007199254740993"}, "joined": {"$date": {"$numberLong": "1424421298123"}}, "before": {"$date": {"$numberLong": "-1000"}}, "tags": ["a", {"$numberInt": "1"}, {"deep": [true, null]}], "key": {"$binary": {"base64": "AAEC/w==", "subType": "00"}}, "instagram": {"id": "25014620183746519", "accessToken": "IGAAplain", "username": "old.name"}, "facebook": {"id": "10"}}
{"_id": {"$oid": "54e6f1b2c3d4e5f60718293b"}, "instagram": {"id": "9007199254740993", "accessToken": "IGAAother"}, "empty": {}, "none": []}
JSON
    mongo dump users >"$WORK/before"
    migrate 0 "$STORE_URI" "$SQLITE"
    use_store "$SQLITE"
    sign_in "$JAR" sakura_zine
    migrate 0 "$SQLITE" "$target"
    mongodb_client "${DATABASE_URI}_back" dump users >"$WORK/after"
    mongodb_client "${DATABASE_URI}_back" drop
    assert_equal "$(head -n 1 "$WORK/after")" "$(head -n 1 "$WORK/before")"
    assert_equal "$(jq -c '._id, .empty, .none' <(tail -n 1 "$WORK/after"))" "$(jq -c '._id, .empty, .none' <(tail -n 1 "$WORK/before"))"
    assert_equal "$(jq -r .instagram.username <(tail -n 1 "$WORK/after"))" sakura_zine
}

# Straight into MongoDB, for speed.
many() { # COUNT
    seq "$1" | jq -c '{_id: "instagram:\(1000000 + .)", instagram: {id: "\(1000000 + .)", username: "user\(.)",
        accessToken: "plain-token-\(.)", counts: {media: .}},
        createdAt: {"$date": {"$numberLong": "\(1700000000000 + .)"}}, big: {"$numberLong": "9007199254740993"}}' |
        mongo insert users
}

@test "2,000 users go to SQLite in one go" {
    local before
    many 2000
    use_store "$STORE_URI"
    before=$(documents)
    assert_equal "$(wc -l <<<"$before")" 2000
    migrate 0 "$STORE_URI" "$SQLITE"
    assert_equal "$(cat "$ERR")" ""
    assert_contains "$(cat "$OUT")" "2000 users and 0 sessions copied; 2000 users compared, 0 differ."
    use_store "$SQLITE"
    assert_equal "$(documents)" "$before"
}

# Fewer: FerretDB looks through all users for each one that is compared.
@test "users go to MongoDB with progress at a terminal" {
    local before command
    many 250
    migrate 0 "$STORE_URI" "$SQLITE"
    before=$(documents)
    mongo drop
    printf -v command '%q ' "${SITE_ENTER[@]}" "$SITE_PRODUCT/bin/cgi-login" migrate --config "$SITE_CONFIG" \
        --from "$SQLITE" --to "$STORE_URI"
    script -qec "$command" /dev/null >"$OUT" </dev/null
    assert_contains "$(sed 's/\x1b\[K//g' "$OUT")" $'\rusers copied: 100\rusers copied: 200\rusers copied: 250'
    assert_contains "$(cat "$OUT")" $'\rusers compared: 250'
    assert_contains "$(cat "$OUT")" "250 users compared, 0 differ."
    use_store "$STORE_URI"
    assert_equal "$(documents)" "$before"
}

@test "a target that goes down in the middle stops it; the source stays, and another run completes it" {
    local before
    many 240
    use_store "$STORE_URI"
    migrate 0 "$STORE_URI" "$SQLITE"
    mongo drop
    use_store "$SQLITE"
    before=$(documents)
    rules '{"find users": "drop"}'
    migrate 1 "$SQLITE" "$STORE_URI"
    assert_regex "$(cat "$ERR")" 'stopped while comparing: MongoDB'
    mongo drop
    rules '{"update users": "lose"}'
    migrate 1 "$SQLITE" "$STORE_URI"
    assert_regex "$(cat "$ERR")" 'stopped: MongoDB .*run this again when that is mended'
    [[ $(mongo count users) -lt 240 ]]
    # And a real one: the server is killed while it writes.
    forget_commands
    rules '{"update users": ["pass", "hold"]}'
    kill_in_the_middle &
    migrate 1 "$SQLITE" "$STORE_URI"
    wait
    assert_regex "$(cat "$ERR")" 'stopped'
    mongodb_start_own "$MONGODB_HOME"
    migrate 0 "$SQLITE" "$STORE_URI"
    assert_contains "$(cat "$OUT")" "240 users compared, 0 differ."
    assert_equal "$(documents)" "$before"
    use_store "$STORE_URI"
    assert_equal "$(documents)" "$before"
}

# Kills the server when it has had the first batch and the second is on its way.
kill_in_the_middle() {
    _site_until second_batch
    mongodb_stop "$MONGODB_HOME" KILL
    rules '{}'
}

second_batch() { [[ $(grep -cx 'update users' "$RELAY/relay.commands") -eq 2 ]]; }

@test "run again, it writes over what is there and keeps what the target alone has" {
    sign_in "$JAR"
    migrate 0 "$SQLITE" "$STORE_URI"
    mongo insert users <<<'{"_id": "instagram:1", "instagram": {"id": "1"}}'
    mongo update users '{"instagram.id": "17841405793187218123"}' '{"$set": {"instagram.username": "spoiled"}}' >/dev/null
    sign_in "$WORK/layla" layla.studio
    migrate 0 "$SQLITE" "$STORE_URI"
    assert_contains "$(cat "$OUT")" "2 users and 2 sessions copied; 2 users compared, 0 differ."
    assert_equal "$(mongo count users)" 3
    assert_equal "$(mongo dump users '{"instagram.id": "17841405793187218123"}' | jq -r .instagram.username)" harbour.bakery
}

@test "an ended or expired session is not brought back to life" {
    sign_in "$JAR"
    sign_in "$WORK/expired"
    sql "UPDATE sessions SET expires = 1000 WHERE rowid = (SELECT max(rowid) FROM sessions)"
    migrate 0 "$SQLITE" "$STORE_URI"
    assert_contains "$(cat "$OUT")" "1 users and 1 sessions copied"
    assert_equal "$(mongo count sessions)" 1
}

@test "the same store twice is refused, also when one of them comes from a file" {
    sign_in "$JAR"
    migrate 2 "$SQLITE" "$SQLITE"
    migrate 2 "$STORE_URI" "$STORE_URI"
    printf '%s\n' "$SQLITE" >"$SITE_PRODUCT/uri"
    _site_give_away "$SITE_PRODUCT/uri"
    migrate 2 "$SQLITE" "$SITE_PRODUCT/uri"
    assert_contains "$(cat "$ERR")" "two different stores"
    rm "$SITE_PRODUCT/uri"
    assert_equal "$(user_count)" 1
}

@test "a URI may come from a file, so that its password stands in no command line, and it is never shown" {
    local password=secret-of-the-file
    sign_in "$JAR"
    # The password goes unused: FerretDB without authentication takes none.
    printf '%s\n' "$STORE_URI" >"$SITE_PRODUCT/target"
    printf 'mongodb://site:%s@127.0.0.1:1/users\r\nsecond line\n' "$password" >"$SITE_PRODUCT/down"
    printf 'mongodb://site:%s@127.0.0.1:1/' "$password" >"$SITE_PRODUCT/damaged"
    chmod 600 "$SITE_PRODUCT"/{target,down,damaged}
    _site_give_away "$SITE_PRODUCT"/{target,down,damaged}
    migrate 0 "$SQLITE" "$SITE_PRODUCT/target"
    assert_equal "$(mongo count users)" 1
    for file in down damaged nonexistent; do
        migrate 1 "$SQLITE" "$SITE_PRODUCT/$file"
        assert_not_equal "$(cat "$ERR")" ""
        refute_contains "$(cat "$OUT" "$ERR")" "$password"
    done
    assert_contains "$(cat "$ERR")" "$SITE_PRODUCT/nonexistent"
    rm "$SITE_PRODUCT"/{target,down,damaged}
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=mongodb-store
# MongoDB out of order: each way has its own log line, without the password or a token, and an answer within five
# seconds; nothing is half-written, and logging in works afterwards. The server is one that may be killed.

load helpers
load mongodb

setup_file() { mongodb_setup_file own; }
teardown_file() { mongodb_teardown_file; }
setup() {
    e2e_setup
    PASSWORD=pass-Wörd/@:%42
    ENCODED_PASSWORD=pass-W%C3%B6rd%2F%40%3A%2542
}
teardown() {
    mongodb_signal "$MONGODB_HOME" CONT 2>/dev/null || true
    [[ -e $MONGODB_HOME/server.pid ]] || mongodb_start_own "$MONGODB_HOME"
    e2e_teardown
}

BAKERY=17841405793187218123

ask() { # NAME CURL OPTION...: keeps the answer; the result is STATUS SECONDS LOCATION
    curl -sS -D "$KEPT/$1.headers" -o "$KEPT/$1.body" -w '%{http_code} %{time_total} %{redirect_url}\n' "${@:2}" \
        >"$WORK/$1.result"
}

# Two logins at once, a browser's and a program's, fail with the store; the log says why.
unavailable() { # WORDS
    note "$*"
    local browser status seconds location
    rm -f "$JAR" "$WORK/program"
    begin "$JAR"
    decide
    browser=$CALLBACK
    begin "$WORK/program"
    decide
    site_clear_logs
    ask browser -b "$JAR" "$browser" &
    ask program "${AS_JSON[@]}" -b "$WORK/program" "$CALLBACK"
    wait "$!"
    read -r status seconds location <"$WORK/browser.result"
    assert_equal "$status $location" "302 $SITE_URL/login?error=store_unavailable"
    assert_in_time "$seconds"
    read -r status seconds location <"$WORK/program.result"
    assert_equal "$status $(jq -r .code "$KEPT/program.body")" "503 store_unavailable"
    assert_in_time "$seconds"
    assert_regex "$(cat "$KEPT/program.headers")" 'Retry-After: [1-9]'
    note "$(log_lines)"
    assert_equal "$(log_lines callback | grep -cF "$1")" 2
    assert_equal "$(log_lines | wc -l)" 2
    assert_contains "$(log_lines)" "cgi-login callback: store_unavailable: MongoDB "
    assert_no_secrets "$PASSWORD" "$ENCODED_PASSWORD"
}

# The driver's own limit would be 30 seconds, ours is 4; the rest is for a busy machine.
assert_in_time() { # SECONDS
    [[ ${1%.*} -lt 10 ]] || fail "the answer took $1 seconds"
}

works() {
    rm -f "$JAR"
    sign_in "$JAR"
    assert_equal "$(mongo count users "{\"instagram.id\": \"$BAKERY\"}")" 1
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_in "$JAR"
}

everything() { mongo dump users && mongo dump sessions; }

use_store() { site_config_edit --arg uri "$1" '.store = $uri'; }

# --- the server or the way to it ---

@test "a server that is down" {
    local before
    works
    before=$(everything)
    mongodb_stop "$MONGODB_HOME" KILL
    # Without the relay, which would take the connection.
    use_store "$DATABASE_URI"
    unavailable "connection refused"
    mongodb_start_own "$MONGODB_HOME"
    assert_equal "$(everything)" "$before"
    use_store "$STORE_URI"
    works
}

@test "a server that hangs" {
    local before seconds
    works
    before=$(everything)
    mongodb_signal "$MONGODB_HOME" STOP
    unavailable "timeout"
    # Who is signed in sees the profile all the same, and not later than that.
    ask profile "${AS_JSON[@]}" -b "$JAR" "$SITE_URL/profile"
    read -r status seconds _ <"$WORK/profile.result"
    assert_in_time "$seconds" profile
    mongodb_signal "$MONGODB_HOME" CONT
    assert_equal "$(everything)" "$before"
    works
}

@test "a URI that leads to no server: a closed port, an unknown host, no TLS, no such replica set" {
    local uri words
    while IFS='|' read -r uri words; do
        use_store "${uri/PORT/${E2E_MONGODB##*:}}"
        unavailable "$words"
    done <<'TABLE'
mongodb://127.0.0.1:1/users|connection refused
mongodb://user:pass-W%C3%B6rd%2F%40%3A%2542@127.0.0.1:1/users|MongoDB 127.0.0.1:1/users:
mongodb://user:pass-W%C3%B6rd%2F%40%3A%2542@no-such-host.invalid/users|check the host's name
mongodb+srv://user:pass-W%C3%B6rd%2F%40%3A%2542@cluster.no-such-host.invalid/users|check the host's name
mongodb://127.0.0.1:PORT/users?tls=true|does the server speak TLS
mongodb://127.0.0.1:PORT/users?replicaSet=nonexistent|of this replicaSet
TABLE
    use_store "$STORE_URI"
    works
}

# --- a server that refuses ---

# The relay answers as a server does whose user may read but not write, or that has lost its majority.
@test "a server that refuses to write, or breaks off" {
    local rules words
    while IFS='|' read -r rules words; do
        note "$words"
        rules "$rules"
        unavailable "$words"
        assert_equal "$(mongo count sessions)" 0
        rules '{}'
    done <<'TABLE'
{"findAndModify users": {"ok": 0, "code": 13, "errmsg": "not authorized on users", "codeName": "Unauthorized"}}|role readWrite
{"insert sessions": {"ok": 0, "code": 13, "errmsg": "not authorized on users", "codeName": "Unauthorized"}}|role readWrite
{"insert requests": {"ok": 0, "code": 13, "errmsg": "not authorized on users", "codeName": "Unauthorized"}}|role readWrite
{"insert requests": "drop"}|socket
{"findAndModify users": {"ok": 0, "code": 10107, "errmsg": "not primary", "codeName": "NotWritablePrimary"}}|not primary
{"findAndModify users": {"ok": 1, "value": {"_id": "instagram:1"}, "lastErrorObject": {"n": 1, "updatedExisting": true}, "writeConcernError": {"code": 64, "errmsg": "waiting for replication timed out"}}}|waiting for replication timed out
{"insert sessions": {"ok": 1, "n": 1, "writeConcernError": {"code": 64, "errmsg": "waiting for replication timed out"}}}|waiting for replication timed out
{"findAndModify users": {"ok": 1, "value": null}}|without the document
{"findAndModify users": {"ok": 0, "code": 8000, "errmsg": "over quota"}}|over quota
{"findAndModify users": "drop"}|socket
{"findAndModify users": "lose"}|socket
{"insert sessions": "drop"}|socket
TABLE
    works
}

@test "a server that takes the provider's time for the claim is not taken for a provider that fails" {
    site_config_edit '.callback_seconds = 2'
    rules '{"insert requests": ["hold"]}'
    begin "$JAR"
    decide
    finish "$JAR" 3>&- &
    sleep 2
    rules '{}'
    wait
    assert_one_line callback "store_unavailable: the store took so long that callback_seconds leaves no time"
    assert_equal "$(token_requests)" 0
    [[ ! -e $SITE_PRODUCT/outage-instagram ]]
    site_config_edit '.callback_seconds = 10'
    sign_in "$WORK/next"
}

@test "a session whose insertion was not confirmed signs nobody in, and the next login makes no second user" {
    rules '{"insert sessions": "lose"}'
    begin "$JAR"
    decide
    assert_login_fails "$JAR" store_unavailable
    rules '{}'
    works
    assert_equal "$(mongo count users)" 1
}

@test "house-keeping that fails is no reason to refuse a login" {
    rules '{"createIndexes": {"ok": 0, "code": 13, "errmsg": "not authorized"}, "delete": "drop"}'
    works
}

# --- documents of another shape ---

@test "a document of the wrong shape under our key is said, not shown, and not touched" {
    local document words before
    while IFS='|' read -r document words; do
        mongo drop
        mongo insert users <<<"$document"
        before=$(mongo dump users)
        unavailable "$words"
        assert_no_secrets secret-of-another secret-number
        assert_equal "$(everything)" "$before"
        # It stands in nobody else's way.
        rm -f "$WORK/other"
        sign_in "$WORK/other" layla.studio
        # Once it is put right it is theirs.
        mongo update users '{"_id": {"$ne": "instagram:25014620183746519"}}' \
            "{\"\$set\": {\"instagram\": {\"id\": \"$BAKERY\"}}}" >/dev/null
        works
    done <<'TABLE'
{"_id": "instagram:17841405793187218123", "instagram": "secret-of-another"}|has no account under instagram, but something else
{"_id": 7, "instagram": {"id": "17841405793187218123", "counts": 5, "accessToken": "secret-of-another"}}|has another shape than ours
{"_id": 7, "instagram": {"id": "17841405793187218123", "token": "secret-of-another"}}|has another shape than ours
TABLE
}

@test "a user who keeps the _id of an account that was theirs stands in nobody's way" {
    mongo insert users <<<"{\"_id\": \"instagram:$BAKERY\", \"instagram\": {\"id\": \"1\", \"accessToken\": \"secret-of-another\"}}"
    sign_in "$JAR"
    assert_equal "$(mongo dump users | jq -r '"\(._id) \(.instagram.id)"' | sort)" \
        "instagram:$BAKERY 1"$'\n'"instagram:$BAKERY+1 $BAKERY"
    sign_in "$JAR"
    assert_equal "$(user_count)" 2
    assert_no_secrets secret-of-another
}

@test "a session that another program has spoiled is store_unavailable, not a crash" {
    local document
    sign_in "$JAR"
    site_config_edit '.session += {recheck_minutes: 0, on_store_outage: "sign_out"}'
    for document in '{"user": 7, "provider": 7}' '{"user": null}' '{"provider": "x"}' '{"expires": "soon"}'; do
        mongo update sessions '{}' "{\"\$set\": $document}" >/dev/null
        cp "$JAR" "$WORK/copy"
        assert_signed_out "$WORK/copy"
    done
}

# --- killed in the middle ---

# For xargs: a whole login in a browser of its own; the result is PERSON LOCATION.
log_in_one() { # NUMBER PERSON
    local jar=$CROWD/$1.jar
    printf '%s %s\n' "$2" "$(site_sign_in "$jar" "$2")" >"$CROWD/$1.result"
}

@test "a server that is killed and comes back in the middle of a hundred logins loses nobody and doubles nobody" {
    local people number person location told='' refused=0
    mapfile -t people < <("$(_site_python)" -B -c 'import sys; sys.path.insert(0, sys.argv[1])
import people; print("\n".join(people.PEOPLE))' "$E2E_ROOT/tests/standin")
    CROWD=$WORK/crowd
    mkdir "$CROWD"
    export CROWD
    export -f log_in_one site_sign_in standin_decide _standin_curl _site_fail
    export _SITE_STANDIN_TLS
    for number in $(seq 100); do
        printf '%s %s\n' "$number" "${people[number % ${#people[@]}]}"
    done | xargs -L 1 -P 8 bash -c 'log_in_one "$@"' bash &
    until [[ $(find "$CROWD" -name '*.result' | wc -l) -ge 25 ]]; do sleep 0.02; done
    mongodb_stop "$MONGODB_HOME" KILL
    until grep -qs store_unavailable "$CROWD"/*.result; do sleep 0.02; done
    mongodb_start_own "$MONGODB_HOME"
    wait
    site_config_edit '.session += {recheck_minutes: 0, on_store_outage: "sign_out"}'
    for number in $(seq 100); do
        note "$number"
        read -r person location <"$CROWD/$number.result"
        if [[ $location == "$SITE_URL/profile" ]]; then
            told+="$person"$'\n'
            assert_signed_in "$CROWD/$number.jar"
            assert_equal "$(json .user.username)" "$person"
        else
            assert_equal "$location" "$SITE_URL/login?error=store_unavailable"
            refused=$((refused + 1))
        fi
    done
    [[ $refused -ge 1 && $refused -le 60 ]] || fail "$refused of 100 were refused"
    # Whoever was told is there; nobody is twice.
    assert_equal "$(comm -23 <(sort -u <<<"${told%$'\n'}") <(field users .instagram.username | sort))" ""
    assert_equal "$(field users .instagram.id | sort | uniq -d)" ""
    [[ $(mongo count users) -le ${#people[@]} ]]
    assert_no_secrets
}

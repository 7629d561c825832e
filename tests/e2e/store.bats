#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# The store, whichever it is: outages and what they leave behind, many first logins at once, deleted users. SITE_STORE
# names another store to run this on. What only SQLite has is in store_sqlite.bats.

load helpers

@test "a store that cannot be reached is store_unavailable, and logging in works once it is back" {
    begin "$JAR"
    decide
    cp "$JAR" "$WORK/json"
    store_break
    assert_login_fails "$JAR" store_unavailable
    assert_one_line callback "store_unavailable: "
    assert_contains "$(log_lines)" "cgi-login check"
    # The code was not spent on a login that could not be kept.
    assert_equal "$(standin_state | jq '.requests["POST /oauth/access_token"] // 0')" 0
    http "$LOCATION"
    assert_contains "$(body)" "Logging in is not possible just now"
    http "${AS_JSON[@]}" -b "$WORK/json" -c "$WORK/json" "$CALLBACK"
    assert_status 503
    assert_regex "$(header Retry-After)" '^[1-9][0-9]*$'
    assert_equal "$(json '"\(.status) \(.code)"')" "503 store_unavailable"
    assert_equal "$(cookie "$WORK/json" "$SESSION_COOKIE")" ""
    store_mend
    assert_equal "$(user_count)" 0
    sign_in "$JAR"
    assert_equal "$(user_count)" 1
    assert_no_secrets
}

@test "in an outage a signed-in person still sees the profile, and the operator sees why nobody checked" {
    site_config_edit '.session.recheck_minutes = 0'
    sign_in "$JAR"
    store_break
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_in "$JAR"
    assert_one_line profile "could not be checked"
    http -b "$JAR" /profile
    assert_status 200
    store_mend
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_in "$JAR"
    site_admin users delete --yes instagram:17841405793187218123
    assert_signed_out "$JAR"
    assert_no_secrets
}

@test "on_store_outage sign_out ends what cannot be checked" {
    site_config_edit '.session += {recheck_minutes: 0, on_store_outage: "sign_out"}'
    sign_in "$JAR"
    cp "$JAR" "$WORK/copy"
    store_break
    site_config_edit '.session += {recheck_minutes: 0, on_store_outage: "sign_out"}'
    assert_signed_out "$JAR"
    assert_one_line profile "could not be checked"
    store_mend
    assert_signed_in "$WORK/copy"
}

@test "in an outage logout signs the browser out and says that a copy stays valid" {
    sign_in "$JAR"
    store_break
    http -X POST -b "$JAR" -c "$JAR" /logout
    assert_status 302
    assert_equal "$(cookie "$JAR" "$SESSION_COOKIE")" ""
    assert_one_line logout "copy of the cookie stays valid"
    store_mend
}

@test "in an outage every command says so and fails" {
    local command
    store_break
    for command in setup "users list" "users export" "users show instagram:1" "users delete --yes instagram:1" check; do
        note "$command"
        # shellcheck disable=SC2086
        refute site_admin $command >"$WORK/out" 2>&1
        assert_not_equal "$(cat "$WORK/out")" ""
    done
    store_mend
}

@test "a store that holds nothing yet is no failure" {
    assert_equal "$(user_count)" 0
    refute site_admin users show instagram:1
    http /login
    assert_status 200
    http -X POST /logout
    assert_status 302
    assert_equal "$(log_lines)" ""
}

@test "a deleted user who logs in again is a new one" {
    local created
    sign_in "$JAR"
    created=$(user 17841405793187218123 '.createdAt["$date"]')
    site_admin users delete --yes instagram:17841405793187218123
    assert_equal "$(user_count)" 0
    sleep 1.1
    rm -f "$JAR"
    sign_in "$JAR"
    assert_equal "$(user_count)" 1
    assert_not_equal "$(user 17841405793187218123 '.createdAt["$date"]')" "$created"
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_in "$JAR"
}

@test "deleting a user leaves the others" {
    sign_in "$JAR"
    sign_in "$WORK/other" layla.studio
    site_admin users delete --yes instagram:17841405793187218123
    assert_equal "$(site_admin users export | jq -r ._id)" instagram:25014620183746519
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_in "$WORK/other"
    assert_signed_out "$JAR"
}

# For xargs: a browser of its own. start NUMBER, then finish NUMBER.
start_one() {
    local jar=$CROWD/$1.jar authorize
    authorize=$(curl -sS -b "$jar" -c "$jar" -o /dev/null -w '%{redirect_url}' "$SITE_URL/auth/instagram") &&
        standin_decide "$authorize" harbour.bakery >"$CROWD/$1.callback"
}

finish_one() {
    local jar=$CROWD/$1.jar callback
    callback=$(cat "$CROWD/$1.callback")
    curl -sS -b "$jar" -c "$jar" -o /dev/null -w '%{http_code} %{redirect_url}\n' "${callback%%#*}" >"$CROWD/$1.result"
}

view_one() {
    curl -sS -b "$CROWD/$1.jar" -o /dev/null -w '%{http_code}\n' "$SITE_URL/profile" >"$CROWD/$1.view"
}

@test "200 first logins of the same person at once make one user and 200 sessions" {
    local count=200
    CROWD=$WORK/crowd
    mkdir "$CROWD"
    export CROWD
    export -f start_one finish_one view_one standin_decide _standin_curl _site_fail
    export _SITE_STANDIN_TLS
    seq "$count" | xargs -n 1 -P 20 bash -c 'start_one "$1"' bash
    seq "$count" | xargs -n 1 -P 20 bash -c 'finish_one "$1"' bash
    assert_equal "$(cat "$CROWD"/*.result | sort | uniq -c | sed 's/^ *//')" "$count 302 $SITE_URL/profile"
    assert_equal "$(user_count)" 1
    assert_equal "$(log_lines)" ""
    # Each of the sessions is there: the store is asked for every one.
    site_config_edit '.session.recheck_minutes = 0'
    seq "$count" | xargs -n 1 -P 20 bash -c 'view_one "$1"' bash
    assert_equal "$(cat "$CROWD"/*.view | sort | uniq -c | sed 's/^ *//')" "$count 200"
    # And they are 200 different ones: ending one leaves the others.
    http -X POST -b "$CROWD/1.jar" /logout
    assert_signed_out "$CROWD/1.jar"
    assert_signed_in "$CROWD/2.jar"
    assert_signed_in "$CROWD/200.jar"
}

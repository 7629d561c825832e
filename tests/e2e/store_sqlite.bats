#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# What only the SQLite store has: its file, the file's mode, locks, damage. Apache runs with umask 0 here, so that it is
# the programs that keep others out.

load helpers

setup_file() {
    unset SITE_STORE
    umask 000
    e2e_setup_file
    umask 022
}
setup() {
    e2e_setup
    # A folder of its own, to be spoiled.
    FOLDER=$SITE_PRODUCT/data
    site_run mkdir -p "$FOLDER"
    site_run chmod 755 "$FOLDER"
    DATABASE=$FOLDER/users.db
    rm -rf "$DATABASE"*
    site_config_edit --arg uri "sqlite://$DATABASE" '.store = $uri'
}
teardown() {
    chmod 755 "$FOLDER"
    rm -rf "$FOLDER"
    e2e_teardown
}

sql() { sqlite3 -readonly "$DATABASE" "$1"; }

unavailable() { # WORDS
    note "$*"
    begin "$JAR"
    decide
    assert_login_fails "$JAR" store_unavailable
    assert_one_line callback "$1"
    assert_contains "$(log_lines)" "$FOLDER"
    http "${AS_JSON[@]}" -b "$JAR" /profile
    assert_status 401
}

works() {
    rm -f "$JAR"
    sign_in "$JAR"
    assert_equal "$(user_count)" 1
}

@test "the file is made for its owner alone, whatever the umask is" {
    assert_equal "$(umask)" 0022
    sign_in "$JAR"
    assert_equal "$(stat -c %a "$DATABASE")" 600
    assert_equal "$(stat -c %U "$DATABASE")" "$(stat -c %U "$SITE_CONFIG")"
    rm -f "$DATABASE"
    (umask 000 && site_admin setup)
    assert_equal "$(stat -c %a "$DATABASE")" 600
}

@test "a file that was copied here with a wide mode is closed again" {
    sign_in "$JAR"
    chmod 666 "$DATABASE"
    sign_in "$JAR"
    assert_equal "$(stat -c %a "$DATABASE")" 600
}

@test "there is no WAL and no shared memory, which network file systems cannot do" {
    sign_in "$JAR"
    sign_in "$JAR" layla.studio
    assert_equal "$(sql 'PRAGMA journal_mode')" delete
    assert_equal "$(ls "$FOLDER")" users.db
}

@test "one row a user, one row a session, and every session id is new" {
    sign_in "$JAR"
    sign_in "$WORK/second"
    sign_in "$WORK/other" layla.studio
    assert_equal "$(sql 'SELECT count(*) FROM users')" 2
    assert_equal "$(sql 'SELECT count(DISTINCT id) FROM sessions')" 3
    assert_equal "$(sql "SELECT count(*) FROM sessions JOIN accounts USING (user, provider)
        WHERE accounts.id = '17841405793187218123' AND provider = 'instagram'")" 2
    assert_equal "$(sql 'SELECT min(length(id)) FROM sessions')" 43
    # 14 days, in milliseconds.
    assert_equal "$(sql 'SELECT DISTINCT expires - createdAt FROM sessions')" 1209600000
    assert_equal "$(sql "SELECT json_extract(document, '$._id') FROM users ORDER BY 1")" \
        "instagram:17841405793187218123
instagram:25014620183746519"
    assert_equal "$(sql 'PRAGMA integrity_check')" ok
}

@test "no token lies in the file in plain text" {
    local token
    sign_in "$JAR"
    while read -r token; do
        refute grep -aqF "$token" "$DATABASE"
    done < <(standin_state | jq -r '.issued.tokens[]')
    assert_regex "$(sql "SELECT json_extract(document, '$.instagram.accessToken') FROM users")" '^sealed:[A-Za-z0-9_-]{60,}$'
}

@test "seal_tokens false keeps them as another program would read them" {
    site_config_edit '.seal_tokens = false'
    sign_in "$JAR"
    assert_regex "$(sql "SELECT json_extract(document, '$.instagram.accessToken') FROM users")" '^IGAA'
}

@test "expired sessions go, a bounded number at each sign-in" {
    sign_in "$JAR"
    site_run sqlite3 "$DATABASE" "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
        INSERT INTO sessions SELECT 'old' || i, 1, 'instagram', '', NULL, 0, 1000 FROM n"
    sign_in "$WORK/other"
    local left
    left=$(sql "SELECT count(*) FROM sessions WHERE id LIKE 'old%'")
    [[ $left -lt 100 && $left -gt 0 ]] || fail "$left are left of 100"
    assert_equal "$(sql "SELECT count(*) FROM sessions WHERE id NOT LIKE 'old%'")" 2
}

@test "a folder that cannot be written to is store_unavailable" {
    chmod 555 "$FOLDER"
    unavailable "cannot be made"
    assert_equal "$(ls "$FOLDER")" ""
    refute site_admin check >"$WORK/check"
    assert_regex "$(cat "$WORK/check")" "FIX +store: the folder $FOLDER cannot be written to"
    chmod 755 "$FOLDER"
    works
}

@test "a folder that became unwritable later is store_unavailable, and nothing is half-written" {
    sign_in "$JAR"
    rm -f "$JAR"
    cp -p "$DATABASE" "$WORK/before"
    chmod 555 "$FOLDER"
    unavailable "SQLite $DATABASE: "
    cmp "$DATABASE" "$WORK/before"
    chmod 755 "$FOLDER"
    works
}

@test "a folder that is not there is store_unavailable" {
    rmdir "$FOLDER"
    unavailable "store: there is no folder $FOLDER; make the folder"
    refute site_admin check >"$WORK/check"
    assert_regex "$(cat "$WORK/check")" "FIX +store: there is no folder $FOLDER; make the folder"
    site_run mkdir "$FOLDER"
    works
}

@test "a directory in the file's place is store_unavailable" {
    site_run mkdir "$DATABASE"
    unavailable "$DATABASE"
    rmdir "$DATABASE"
    works
}

# The file's name forgotten: were the folder's mode changed, the owner's whole site would be 403 from then on.
@test "a folder in place of a file's name is told, and keeps its mode" {
    local folder
    for folder in "$SITE_HOME/" "$SITE_HOME"; do
        note "$folder"
        [[ $(stat -c %a "$SITE_HOME") == 755 ]]
        site_config_edit --arg uri "sqlite://$folder" '.store = $uri'
        refute site_admin check >"$WORK/check"
        assert_regex "$(cat "$WORK/check")" "FIX +store: $folder is a folder; write a file's name after it"
        refute site_admin users list
        refute site_admin setup
        refute site_admin migrate --from "sqlite://$DATABASE" --to "sqlite://$folder" 2>"$WORK/migrate"
        assert_contains "$(cat "$WORK/migrate")" "$folder is a folder"
        site_clear_logs
        begin "$JAR"
        decide
        assert_login_fails "$JAR" store_unavailable
        assert_one_line callback "store: $folder is a folder; write a file's name after it"
        assert_equal "$(stat -c %a "$SITE_HOME")" 755
        http /
        assert_status 200
    done
}

@test "a check and a list leave a wide mode as it is, and the check tells" {
    sign_in "$JAR"
    site_run chmod 644 "$DATABASE"
    refute site_admin check >"$WORK/check"
    assert_regex "$(cat "$WORK/check")" "FIX +store: $DATABASE can be read .*chmod 600 $DATABASE"
    site_admin users list >"$WORK/list"
    assert_equal "$(stat -c %a "$DATABASE")" 644
    site_run chmod 600 "$DATABASE"
    site_admin check >"$WORK/check"
}

@test "a file that is no database is store_unavailable, and stays as it is" {
    yes 'this is no database' | head -n 500 >"$DATABASE"
    _site_give_away "$DATABASE"
    cp "$DATABASE" "$WORK/before"
    site_run chmod 644 "$DATABASE"
    unavailable "store: $DATABASE is no SQLite database"
    assert_contains "$(log_lines)" "restore it from a backup"
    refute site_admin check >"$WORK/check"
    assert_regex "$(cat "$WORK/check")" "FIX +store: $DATABASE is no SQLite database"
    cmp "$DATABASE" "$WORK/before"
    assert_equal "$(stat -c %a "$DATABASE")" 644
    rm -f "$DATABASE"
    works
}

@test "a file of a newer version is store_unavailable, and stays as it is" {
    sign_in "$JAR"
    rm -f "$JAR"
    site_run sqlite3 "$DATABASE" 'PRAGMA user_version = 99'
    unavailable "newer"
    site_run sqlite3 "$DATABASE" 'PRAGMA user_version = 2'
    works
}

@test "a file of schema 1 is moved by whatever comes first, and nobody has to log in again" {
    local before after
    sign_in "$JAR"
    sign_in "$WORK/layla" layla.studio
    before=$(site_admin users export --with-token)
    site_config_edit '.session.recheck_minutes = 0'
    # A page that only asks the store.
    store_grow_old without_logins
    assert_equal "$(sql 'PRAGMA user_version')" 1
    assert_signed_in "$JAR"
    assert_equal "$(sql 'PRAGMA user_version')" 2
    assert_equal "$(stat -c %a "$DATABASE")" 600
    # Several at once, of which one moves it.
    store_grow_old
    (http -b "$JAR" /profile && assert_status 200) &
    (site_admin users list >"$WORK/list") &
    sign_in "$WORK/second"
    wait
    assert_contains "$(cat "$WORK/list")" layla.studio
    assert_signed_in "$WORK/layla"
    after=$(site_admin users export --with-token)
    assert_equal "$(jq -c 'del(.lastLoginAt, .instagram.accessToken, .instagram.token)' <<<"$after")" \
        "$(jq -c 'del(.lastLoginAt, .instagram.accessToken, .instagram.token)' <<<"$before")"
    # check says that the store is there, and changes nothing.
    store_grow_old
    site_admin check >"$WORK/check"
    assert_contains "$(cat "$WORK/check")" "note  the store can be written, and is of an earlier version (schema 1)"
    assert_equal "$(sql 'PRAGMA user_version')" 1
    site_admin setup
    assert_equal "$(sql 'PRAGMA user_version; PRAGMA integrity_check')" "2
ok"
    assert_equal "$(log_lines)" ""
}

@test "a file whose owner may not write it is store_unavailable" {
    sign_in "$JAR"
    rm -f "$JAR"
    site_run chmod 400 "$DATABASE"
    # The programs close a wide mode, but open none.
    unavailable "$DATABASE"
    site_run chmod 600 "$DATABASE"
    works
}

@test "an empty file is taken as a store that is not set up yet" {
    site_run touch "$DATABASE"
    works
}

# With another store a test could break only what the next program reads, not what a running one has.
@test "an outage in the middle of a login leaves nothing half-written" {
    local before
    sign_in "$JAR" layla.studio
    before=$(site_admin users export --with-token)
    standin_control '{"token_fault": {"fault": "hold", "times": 1}, "person": {"name": "Changed"}}'
    begin "$WORK/second"
    decide layla.studio
    http -b "$WORK/second" -c "$WORK/second" "$CALLBACK" &
    # By now it has found the store in order and waits for the provider.
    standin_holds 1
    store_break
    standin_release
    wait
    assert_equal "$(cookie "$WORK/second" "$SESSION_COOKIE")" ""
    assert_one_line callback "store_unavailable"
    store_mend
    assert_equal "$(site_admin users export --with-token)" "$before"
}

# Another program that writes until unlock, or for a minute; returns when it has begun.
lock() {
    printf 'BEGIN EXCLUSIVE;\n.shell sh %s\n' "$FOLDER/lock.sh" >"$FOLDER/lock.sql"
    cat >"$FOLDER/lock.sh" <<SH
touch $FOLDER/locked
for turn in \$(seq 1200); do
    test -e $FOLDER/locked || exit 0
    sleep 0.05
done
SH
    site_run sqlite3 "$DATABASE" ".read $FOLDER/lock.sql" 3>&- &
    _site_until test -e "$FOLDER/locked"
}

unlock() {
    rm "$FOLDER/locked"
    wait
}

@test "a login waits while another program writes" {
    sign_in "$JAR"
    rm -f "$JAR"
    begin "$JAR"
    decide
    lock
    curl -sS -b "$JAR" -c "$JAR" -o /dev/null -w '%{redirect_url}' "$CALLBACK" >"$WORK/location" 3>&- &
    _site_until program_runs
    # However long it takes to come to the lock, it has to get by.
    sleep 0.5
    unlock
    assert_equal "$(cat "$WORK/location")" "$SITE_URL/profile"
    rm -f "$FOLDER"/lock*
}

program_runs() { [[ -n $(_site_programs) ]]; }

@test "a login gives up after another program has written for half of callback_seconds" {
    local started
    sign_in "$WORK/other"
    begin "$JAR"
    decide
    lock
    started=$SECONDS
    assert_login_fails "$JAR" store_unavailable
    assert_one_line callback "locked"
    # By itself: that of the lock comes after a minute.
    [[ $((SECONDS - started)) -ge 4 && $((SECONDS - started)) -le 30 ]]
    unlock
    works
    rm -f "$FOLDER"/lock*
}

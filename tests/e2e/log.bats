#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# The log of our own, beside the config: what is written there and what never, where it is and where it may not be, what
# is put in its place, how large it becomes, and many processes at once. Under mod_cgid; install_prefork.bats has
# mod_cgi, fastcgi.bats mod_fcgid.

load helpers

setup() {
    e2e_setup
    LOG=$SITE_PRODUCT/error.log
}

teardown() {
    rm -rf "$SITE_PRODUCT"/error.log* "$SITE_HOME/logs"
    chmod 755 "$SITE_PRODUCT"
    e2e_teardown
}

# Makes them the account owner's; of a link, itself.
give() { # PATH...
    chown -h --reference="$SITE_CONFIG" "$@"
}

@test "a fault of each program has its line in both logs, with time, program and request" {
    local program method path word
    while read -r program method path word; do
        path=${path/LONG/$(too_long)}
        site_clear_logs
        http -X "$method" "$path"
        assert_one_line "$program" "$word: "
        assert_own_line "$program" "$method ${path%%\?*}" "$word: "
        # The same text in both.
        assert_equal "$(own_log | sed 's/^[^:]*:[^:]*:[^ ]* [^:]*: //')" "$(log_lines | sed 's/^[^:]*: //')"
    done <<'ROWS'
start GET /auth/nobody not_found
start GET /auth/instagram?LONG query_too_long
callback GET /auth/instagram/callback?state=x expired_login
login GET /login?LONG query_too_long
profile GET /profile?LONG query_too_long
logout POST /logout?LONG query_too_long
deauthorize POST /auth/instagram/deauthorize bad_request
deletion GET /auth/instagram/deletion?code=x not_found
backchannel POST /auth/instagram/backchannel_logout not_found
ROWS
}

@test "what goes well, and what visitors do every day, opens no log" {
    sign_in "$JAR"
    http -b "$JAR" /profile
    assert_status 200
    http /profile
    assert_status 302
    http -X PUT /login
    assert_status 405
    http -b "$JAR" -X POST /logout
    assert_status 302
    [[ ! -e $LOG ]]
}

@test "no query, no cookie and no secret is in it, and it is for its owner's eyes" {
    begin "$JAR"
    standin_control '{"token_fault": "used_code"}'
    decide
    assert_login_fails "$JAR" provider_error
    http -b "$JAR" "/auth/instagram/callback?code=canary-in-the-query&state=x&error=canary"
    # A link whose question mark was escaped on the way, as mail programs do it.
    http -b "session=canary-in-a-cookie" "/cgi-bin/callback$SITE_CGI_SUFFIX/instagram%3Fcode=canary-escaped"
    http "/cgi-bin/start$SITE_CGI_SUFFIX/$(printf 'a%.0s' {1..300})"
    assert_equal "$(own_log | wc -l)" 5
    refute_contains "$(own_log)" "canary-"
    assert_contains "$(own_log)" "GET /cgi-bin/callback$SITE_CGI_SUFFIX/instagram…: not_found: "
    assert_equal "$(own_log | awk 'length > 1024' | wc -l)" 0
    assert_no_secrets canary-in-the-query canary-in-a-cookie canary-escaped
    assert_equal "$(stat -c %a "$LOG")" 600
}

@test "the config names another file, and a fault of the config itself is told beside it" {
    mkdir "$SITE_HOME/logs"
    give "$SITE_HOME/logs"
    site_config_edit --arg log "$SITE_HOME/logs/ours.log" '.log = $log'
    http /auth/nobody
    assert_status 404
    assert_contains "$(cat "$SITE_HOME/logs/ours.log")" " GET /auth/nobody: not_found: "
    [[ ! -e $LOG ]]
    site_config_edit '.zzz = 1 | .yyy = 1'
    http /login
    assert_status 500
    assert_contains "$(own_log)" " GET /login: configuration_error: zzz: there is no such key"
    assert_contains "$(own_log)" " GET /login: configuration_error: yyy: there is no such key"
    assert_equal "$(wc -l <"$SITE_HOME/logs/ours.log")" 1
}

# As a package has it: the config lies where the programs cannot write.
@test "what the programs keep lies in the folder that the config names, which the check looks at" {
    local kept=$SITE_HOME/logs/kept login
    site_config_edit --arg state "$kept" '.state = $state'
    admin 1 check
    assert_contains "$(out)" "FIX   state: there is no folder $kept; make the folder"
    mkdir -p "$kept" && chmod 777 "$kept" && give "$SITE_HOME/logs" "$kept"
    admin 1 check
    assert_contains "$(out)" "FIX   state: $kept can be written by other users (mode 0777); run: chmod 755 $kept"
    chmod 700 "$kept"
    admin 0 check
    assert_contains "$(out)" "ok    what the programs keep is in $kept"
    standin_control '{"token_fault": "reset"}'
    for login in 1 2 3; do
        begin "$WORK/jar-$login"
        decide
        assert_login_fails "$WORK/jar-$login" provider_unreachable
    done
    [[ -e $kept/outage-instagram && ! -e $SITE_PRODUCT/outage-instagram ]]
    site_config_edit --arg state "$SITE_HTML/kept" '.state = $state'
    http /login
    assert_status 500
    assert_contains "$(own_log)" "state: $SITE_HTML/kept lies in the web root"
}

@test "without a config the log is where one is looked for, and never in the web root" {
    mkdir "$SITE_HTML/inside"
    cp -p "$SITE_CONFIG" "$SITE_HTML/inside/config.json"
    give "$SITE_HTML/inside"
    rm "$SITE_CONFIG"
    http /login
    assert_status 500
    assert_own_line login "GET /login" "config.json cannot be read: No such file or directory"
    sed -i '/CGI_LOGIN_CONFIG/d' "$SITE_HTML/.htaccess"
    site_clear_logs
    http /login
    assert_own_line login "GET /login" "there is no config file"
    printf 'SetEnv CGI_LOGIN_CONFIG "%s/inside/config.json"\n' "$SITE_HTML" >>"$SITE_HTML/.htaccess"
    site_clear_logs
    http /login
    assert_status 500
    assert_contains "$(log_lines login)" "lies in the web root"
    assert_equal "$(find "$SITE_HTML" -name 'error.log*')" ""
    assert_equal "$(own_log)" ""
    rm -r "$SITE_HTML/inside"
}

@test "a log in the web root or with a relative path is refused" {
    site_config_edit --arg log "$SITE_HTML/ours.log" '.log = $log'
    http /login
    assert_status 500
    assert_contains "$(log_lines login)" "log: $SITE_HTML/ours.log lies in the web root"
    [[ ! -e $SITE_HTML/ours.log ]]
    admin 1 check
    assert_regex "$(cat "$OUT")" "FIX +log: $SITE_HTML/ours.log seems to lie in a web root"
    refute_regex "$(cat "$OUT")" "is written to $SITE_HTML/ours.log"
    site_config_edit '.log = "ours.log"'
    http /login
    assert_status 500
    assert_contains "$(log_lines login)" "log: expected the absolute path"
    admin 1 check
    assert_contains "$(cat "$OUT")" "log: expected the absolute path"
}

# assert_goes_on WHAT: the request is answered at once, and the server's log has the line.
assert_goes_on() {
    note "$1"
    : >"$SITE_DIR/logs/error.log"
    http --max-time 5 /auth/nobody
    assert_status 404
    assert_one_line start "not_found: "
}

@test "whatever lies in its place, the request goes on" {
    mkfifo "$LOG"
    give "$LOG"
    assert_goes_on "a FIFO"
    rm "$LOG"
    mkdir "$LOG"
    give "$LOG"
    assert_goes_on "a folder"
    rmdir "$LOG"
    ln -s /dev/full "$LOG"
    give "$LOG"
    assert_goes_on "a link to a device"
    ln -sf "$SITE_HOME/elsewhere" "$LOG"
    give "$LOG"
    assert_goes_on "a link"
    [[ ! -e $SITE_HOME/elsewhere ]]
    rm "$LOG"
    # A file that was named by mistake.
    site_config_edit --arg log "$SITE_CONFIG" '.log = $log'
    cp "$SITE_CONFIG" "$WORK/config"
    assert_goes_on "the config itself"
    cmp "$SITE_CONFIG" "$WORK/config"
}

# bats test_tags=host
@test "a folder that cannot be written to is no reason to fail" {
    [[ $_SITE_USER != root ]] || skip "root may write everywhere"
    chmod 555 "$SITE_PRODUCT"
    assert_goes_on "a folder that cannot be written to"
    [[ ! -e $LOG ]]
    admin 1 check
    assert_contains "$(cat "$OUT")" "error log, $LOG, cannot be written: Permission denied"
}

@test "the check tells where it is and whether it can be written, and makes none" {
    admin 0 check
    assert_contains "$(cat "$OUT")" "ok    what goes wrong in the programs is written to $LOG"
    [[ ! -e $LOG ]]
    mkfifo "$LOG"
    give "$LOG"
    admin 1 check
    assert_contains "$(cat "$OUT")" "FIX   the programs' error log, $LOG, cannot be written: it is no regular file"
}

@test "at its bound it is renamed, and one old one is kept" {
    printf '2026-01-31T12:00:00Z old\n' >"$LOG"
    printf '2026-01-31T12:00:00Z older\n' >"$LOG.1"
    truncate -s "$(bound LOG_FILE_MAX)" "$LOG"
    give "$LOG" "$LOG.1"
    http /auth/nobody
    assert_own_line start "GET /auth/nobody" "not_found: "
    assert_equal "$(stat -c %s "$LOG.1")" "$(bound LOG_FILE_MAX)"
}

# The programs without a server: mod_cgid would start them no faster. Both logs are appended to by eight at a time.
@test "many at once: each line is whole, in the log of our own and on standard error" {
    local program=$SITE_CGI_BIN/login$SITE_CGI_SUFFIX
    seq 400 | xargs -P 8 -I{} env REQUEST_METHOD=GET QUERY_STRING="$(too_long)" REQUEST_URI=/login SCRIPT_NAME=/login \
        CGI_LOGIN_CONFIG="$SITE_CONFIG" "${SITE_ENTER[@]}" "$program" >/dev/null 2>>"$ERR"
    assert_equal "$(grep -c '^cgi-login login: query_too_long: [^:]*$' "$ERR")" 400
    assert_equal "$(wc -l <"$ERR")" 400
    assert_equal "$(own_log | grep -cE '^[^ ]+Z login\[[0-9]+\] GET /login: query_too_long: [^:]*$')" 400
    assert_equal "$(own_log | wc -l)" 400
}

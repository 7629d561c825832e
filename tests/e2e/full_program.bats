#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=archive
# The full programs of the static profile and logout (common/program/mongodb_loader/mongodb_loader.h), with MongoDB:
# they take over where the store is wanted and nowhere else, with the request's body, and wherever the config was found;
# and what is said when one is not there.

load helpers
load mongodb

setup_file() {
    mongodb_setup_file
    [[ -e $SITE_PRODUCT/lib/profile ]] || fail "these programs have no full programs: test what \`make dist\` made"
}
teardown_file() { mongodb_teardown_file; }
setup() {
    e2e_setup
    chmod 755 "$SITE_PRODUCT"/lib/*
}

recheck_always() { site_config_edit '.session.recheck_minutes = 0'; }
take_away() { chmod 644 "$SITE_PRODUCT/lib/$1"; } # NAME

press() { # JAR ACTION: a button of the profile page
    profile "$1"
    http -b "$1" -c "$1" -d "csrf_token=$(header X-CSRF-Token)&action=$2" /profile
}

@test "a fresh session needs no full program, nor do the button and the sign-in page" {
    sign_in "$JAR"
    take_away profile
    take_away logout
    assert_signed_in "$JAR"
    http -b "$JAR" /profile
    assert_status 200
    http -b "$JAR" -H 'Sec-Fetch-Site: cross-site' /logout
    assert_status 200
    assert_equal "$(log_lines)" ""
}

@test "a session that is due is checked by the full program" {
    sign_in "$JAR"
    cp "$JAR" "$WORK/copy"
    recheck_always
    assert_signed_in "$JAR"
    http -b "$JAR" -c "$JAR" -X POST /logout
    assert_status 302
    assert_signed_out "$WORK/copy"
    assert_equal "$(log_lines)" ""
}

@test "the full program reads the body of a POST" {
    sign_in "$JAR"
    sign_in "$WORK/phone"
    recheck_always
    press "$JAR" sign_out_everywhere
    assert_status 302
    assert_signed_out "$WORK/phone"
    sign_in "$JAR"
    press "$JAR" nonsense
    assert_status 400
    assert_signed_in "$JAR"
}

@test "the full program finds the config where the program found it without a variable" {
    sign_in "$JAR"
    recheck_always
    sed -i '/CGI_LOGIN_CONFIG/d' "$SITE_HTML/.htaccess"
    # Beside the programs' folder or one above.
    assert_signed_in "$JAR"
    assert_equal "$(log_lines)" ""
}

@test "a full program that cannot be run is an outage, the log says which, and the check what to do" {
    sign_in "$JAR"
    recheck_always
    take_away profile
    take_away logout
    assert_signed_in "$JAR"
    assert_one_line profile "$SITE_PRODUCT/lib/profile, which MongoDB needs, cannot be started: Permission denied"
    site_config_edit '.session.on_store_outage = "sign_out"'
    cp "$JAR" "$WORK/copy"
    assert_signed_out "$WORK/copy"
    http -b "$JAR" -c "$JAR" -X POST /logout
    assert_status 302
    assert_one_line logout "signed out in the browser only"
    run site_admin check
    assert_equal "$status" 1
    assert_contains "$output" "$SITE_PRODUCT/lib/profile cannot be run: upload it, and give it the mode 755"
    chmod 755 "$SITE_PRODUCT/lib/profile"
    run site_admin check
    assert_contains "$output" "$SITE_PRODUCT/lib/logout cannot be run"
    chmod 755 "$SITE_PRODUCT/lib/logout"
    run site_admin check
    refute_contains "$output" "cannot be run"
}

@test "a program without MongoDB in the place of a full one is an outage that is told, and does not run for ever" {
    cp -p "$SITE_PRODUCT/lib/profile" "$WORK/full"
    sign_in "$JAR"
    recheck_always
    cp "$SITE_CGI_BIN/profile$SITE_CGI_SUFFIX" "$SITE_PRODUCT/lib/profile"
    assert_signed_in "$JAR" --max-time 5
    assert_one_line profile "$SITE_PRODUCT/lib/profile has no MongoDB in it"
    cp "$WORK/full" "$SITE_PRODUCT/lib/profile"
    assert_signed_in "$JAR"
}

whoami() { # STATUS: for who has the session of JAR
    local code=0
    site_exec env -i HTTP_COOKIE="$SESSION_COOKIE=$(cookie "$JAR" "$SESSION_COOKIE")" \
        CGI_LOGIN_CONFIG="$SITE_CONFIG" -- "$SITE_PRODUCT/bin/cgi-login-whoami" <&- >"$OUT" 2>"$ERR" || code=$?
    assert_equal "$code" "$1"
}

@test "the gate and whoami leave a session that is due to their full programs, too" {
    local page="/cgi-bin/gate$SITE_CGI_SUFFIX/members/page.txt"
    site_run mkdir -p "$SITE_HTML/members"
    site_run tee "$SITE_HTML/members/page.txt" >/dev/null <<<"the members' page"
    site_config_edit '.gate = [{path: "/members", allow: {signed_in: true}}]'
    sign_in "$JAR"
    cp "$JAR" "$WORK/copy"
    recheck_always
    http -b "$JAR" "$page"
    assert_status 200
    assert_equal "$(body)" "the members' page"
    whoami 0
    assert_equal "$(jq -r '.signed_in, .due' "$OUT")" $'true\nfalse'
    take_away gate
    take_away cgi-login-whoami
    http -b "$JAR" "$page"
    assert_status 200
    assert_one_line gate "$SITE_PRODUCT/lib/gate, which MongoDB needs, cannot be started: Permission denied"
    whoami 0
    assert_equal "$(jq -r '.signed_in, .due' "$OUT")" $'true\ntrue'
    chmod 755 "$SITE_PRODUCT"/lib/*
    http -b "$JAR" -c "$JAR" -X POST /logout
    cp "$WORK/copy" "$JAR"
    http -b "$JAR" "$page"
    assert_status 401
    whoami 1
}

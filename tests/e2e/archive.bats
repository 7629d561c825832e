#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=archive
# The account made of the tar file (SITE_ARCHIVE): that its root folder is empty but for the account, that the programs
# run in it, and within the limits, and that it is as suEXEC wants it. All other files show that it works there.

load helpers

setup_file() {
    [[ -n ${SITE_ARCHIVE-} ]] || fail "SITE_ARCHIVE names no tar file" || return 1
    e2e_setup_file
}

# As many logins as are wanted wait for the provider, until standin_release.
waiting_programs() { # COUNT
    local number
    for ((number = 1; number <= $1; number++)); do
        begin "$WORK/jar.$number"
        decide
        printf '%s\n' "$CALLBACK" >"$WORK/callback.$number"
    done
    standin_control '{"token_fault": "hold"}'
    for ((number = 1; number <= $1; number++)); do
        curl -sS -b "$WORK/jar.$number" -o /dev/null -w '%{http_code} %{redirect_url}\n' \
            "$(cat "$WORK/callback.$number")" >"$WORK/result.$number" 3>&- &
    done
    standin_holds "$1"
    assert_equal "$(_site_programs | wc -l)" "$1"
}

@test "the root folder holds the account and nothing else" {
    sign_in "$JAR"
    assert_equal "$(find "$_SITE_JAIL" ! -path "$_SITE_JAIL$SITE_DIR/*" | sort)" "$_SITE_JAIL
$_SITE_JAIL/tmp
$_SITE_JAIL$SITE_DIR"
    assert_equal "$(ls -A "$SITE_HOME")" "cgi-login
public_html"
}

@test "a program runs in that root folder, as the owner, with 32 MB of addresses and 20 processes" {
    local process
    waiting_programs 1
    process=/proc/$(_site_programs | head -n 1)
    assert_equal "$(readlink "$process/root")" "$_SITE_JAIL"
    assert_regex "$(cat "$process/status")" "Uid:	$_SITE_USER	$_SITE_USER	$_SITE_USER	$_SITE_USER
Gid:	$_SITE_GROUP	$_SITE_GROUP	$_SITE_GROUP	$_SITE_GROUP
"
    assert_regex "$(cat "$process/limits")" "Max address space +33554432 +33554432 +bytes"
    # The user id's own servers count too: their threads are there before the first program.
    local others
    others=$(cat $(printf '/proc/%s/status\n' $(_site_servers)) | awk -v user="$_SITE_USER" '
        $1 == "Uid:" { ours = $2 == user } $1 == "Threads:" && ours { sum += $2 } END { print sum }')
    assert_regex "$(cat "$process/limits")" "Max processes +$((others + 20)) +$((others + 20)) +processes"
    standin_release
    wait
}

@test "twenty logins at once are all served" {
    local number
    waiting_programs 20
    standin_release
    wait
    for number in {1..20}; do
        note "login $number"
        assert_equal "$(cat "$WORK/result.$number")" "302 $SITE_URL/profile"
    done
    assert_equal "$(log_lines)" ""
}

@test "everything is as suEXEC wants it, also what the programs make" {
    sign_in "$JAR"
    site_admin refresh >"$WORK/out"
    archive_check_modes
    assert_equal "$(stat -c '%a %u' "$(store_path)")" "600 $_SITE_USER"
    assert_equal "$(find "$SITE_HOME/." -type l)" ""
}

@test "the command-line program is in the same place: it sees nothing of this machine" {
    local code=0
    site_exec -- "$SITE_PRODUCT/bin/cgi-login" check --config /etc/passwd >"$WORK/out" 2>&1 || code=$?
    assert_equal "$code" 1
    assert_contains "$(cat "$WORK/out")" "No such file"
}

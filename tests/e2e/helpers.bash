# shellcheck shell=bash disable=SC2034 source-path=SCRIPTDIR
# SPDX-License-Identifier: MIT
# What the end-to-end tests share: a site for each file, a clean state for each test, and in helpers/ the words they are
# written in. A file that loads this needs no setup of its own; one that adds to it says
#   setup_file() { ...; e2e_setup_file; }     setup() { e2e_setup; ...; }     and so on.
# Set before, exported: E2E_CLOCK=1 (see below), E2E_NO_SERVER=1 (no Apache), and what site_create heeds.
# Bash's `!` switches its own error checking off, so nothing here is negated that way: use the refute_ functions.

# shellcheck source=../support/site.sh
source "$(dirname "${BASH_SOURCE[0]}")/../support/site.sh"

E2E_ROOT=$_SITE_ROOT
SESSION_COOKIE=__Host-cgi_login_session
PENDING_COOKIE=__Host-cgi_login_pending_
# Those with a route of their own, and all.
PROGRAMS="start callback login profile logout deletion deauthorize backchannel console"
ALL_PROGRAMS="$PROGRAMS gate"
CALLBACK_PATH=/auth/instagram/callback
AS_JSON=(-H 'Accept: application/json')
CSP="default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
CSP+="; frame-ancestors 'none'"

bats_load_library bats-support
bats_load_library bats-assert
# shellcheck source=helpers/assertions.bash
source "$E2E_ROOT/tests/e2e/helpers/assertions.bash"
# shellcheck source=helpers/requests.bash
source "$E2E_ROOT/tests/e2e/helpers/requests.bash"
# shellcheck source=helpers/sign_in.bash
source "$E2E_ROOT/tests/e2e/helpers/sign_in.bash"
# shellcheck source=helpers/store.bash
source "$E2E_ROOT/tests/e2e/helpers/store.bash"
# shellcheck source=mongodb.bash
[[ -z ${E2E_MONGODB-} ]] || source "$E2E_ROOT/tests/e2e/mongodb.bash"

# bound NAME: a limit of the product, from where it is set, so that a test stands on its very edge.
bound() {
    sed -n "s/^#define $1 \([0-9]*\)L\{0,1\}\( .*\)\{0,1\}\$/\1/p" "$E2E_ROOT/common/base/bounds.h" | grep .
}

# --- around the tests ---

# shellcheck disable=SC2119 # a file may name the folder
setup_file() { e2e_setup_file; }
teardown_file() { e2e_teardown_file; }
setup() { e2e_setup; }
teardown() { e2e_teardown; }

# A file may say here what the site needs before it starts.
e2e_prepare() { :; }

# E2E_CLOCK=1: a request with `X-Test-Clock: SECONDS` is served by a program whose clock is so far ahead, and the
# command-line program lives there with TEST_CLOCK=SECONDS. The variable comes by SetEnvIf, which no site in production
# has, and the clock by tests/support/clock.c in each program's place.
e2e_clock_rules() {
    local program
    cc -static -O1 -o "$SITE_DIR/clock" "$E2E_ROOT/tests/support/clock.c" || return 1
    for program in "$SITE_CGI_BIN"/* "$SITE_PRODUCT/bin/cgi-login"; do
        mv "$program" "$program.real"
        install -m 755 "$SITE_DIR/clock" "$program"
        _site_give_away "$program"
    done
    SITE_HTTPD_EXTRA="SetEnvIf X-Test-Clock ^(-?[0-9]+)\$ TEST_CLOCK=\$1
${SITE_HTTPD_EXTRA-}"
    export SITE_HTTPD_EXTRA
}

# shellcheck disable=SC2120
# When this fails, bats calls teardown_file in the same shell, which so finds whatever half of a site there is.
e2e_setup_file() { # [DIR]
    unset SITE_DIR
    # shellcheck disable=SC2119
    site_create "$@"
    store_begin
    [[ -z ${E2E_CLOCK-} ]] || e2e_clock_rules
    e2e_prepare
    standin_start
    [[ -n ${E2E_NO_SERVER-} ]] || site_start
    cp -p "$SITE_CONFIG" "$SITE_DIR/config.pristine"
    cp -p "$SITE_HTML/.htaccess" "$SITE_DIR/htaccess.pristine"
}

e2e_teardown_file() {
    [[ -n ${SITE_DIR-} ]] || return 0
    [[ -z ${SITE_KEEP-} ]] || printf '# %s: kept in %s\n' "${BATS_TEST_FILENAME##*/}" "$SITE_DIR" >&3
    store_end
    site_cleanup
}

# Sets WORK, a folder of the test's own, and the names of what most tests keep in it: a cookie jar, a command's output.
e2e_setup() {
    WORK=$BATS_TEST_TMPDIR
    JAR=$WORK/jar OUT=$WORK/out ERR=$WORK/err
    KEPT=$WORK/kept REQUESTS=0 STATUS='' HEADERS=/dev/null BODY=/dev/null
    mkdir -p "$KEPT"
    : >"$OUT"
    : >"$ERR"
    # A test may have left a folder nobody can write, or a pipe on which a copy would wait for ever.
    chmod 755 "$SITE_PRODUCT"
    cp -p --remove-destination "$SITE_DIR/config.pristine" "$SITE_CONFIG"
    cp -p "$SITE_DIR/htaccess.pristine" "$SITE_HTML/.htaccess"
    standin_start
    standin_reset
    outage_forget
    store_wipe
    site_clear_logs
}

# A program that crashes, or that a sanitizer stops, may still have responded: the log is what tells.
e2e_teardown() {
    local bad='Sanitizer|runtime error:|Premature end of script|malformed header|Segmentation|core dump|exit signal|Traceback'
    cat "$ERR" >>"$SITE_DIR/logs/error.log"
    if grep -E "$bad" "$SITE_DIR/logs/error.log" "$SITE_DIR/standin/output.log"; then
        printf 'a program or the stand-in crashed; the error log:\n'
        site_error_log
        return 1
    fi
    # Shown by bats when the test failed.
    printf 'the last response: %s\n' "$STATUS"
    cat "$HEADERS"
    head -c 600 "$BODY"
    printf '\nthe error log:\n'
    site_error_log | tail -n 30
}

# --- the command-line program ---

# admin STATUS ARGUMENT...: runs it, and wants that exit status. Its output is in the files OUT and ERR.
admin() {
    local code=0
    command_run -- "${@:2}" >"$OUT" 2>"$ERR" </dev/null || code=$?
    note "cgi-login ${*:2}: $(cat "$OUT" "$ERR")"
    assert_equal "$code" "$1"
}

# command_run [WRAPPER...] -- ARGUMENT...: runs cgi-login behind the wrapper; on a site with clocks LATER seconds ahead.
command_run() {
    local -a wrapper=()
    while [[ $1 != -- ]]; do
        wrapper+=("$1")
        shift
    done
    site_exec env CGI_LOGIN_CONFIG="$SITE_CONFIG" TEST_CLOCK="${LATER:-0}" "${wrapper[@]}" -- \
        "$SITE_PRODUCT/bin/cgi-login" "${@:2}"
}

out() { cat "$OUT"; }
err() { cat "$ERR"; }

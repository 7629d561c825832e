# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: MIT
# What the end-to-end tests share: a site for each file, requests that are kept, assertions that say what they saw, and
# one search for every secret the site knows.
#
# Each file has
#   setup_file() { e2e_setup_file; }      teardown_file() { e2e_teardown_file; }
#   setup()      { e2e_setup; }           teardown()      { e2e_teardown; }
# Bash's `!` switches its own error checking off, so nothing here is negated that way: use the refute_ functions.

# shellcheck source-path=SCRIPTDIR source=../support/site.sh
source "$(dirname "${BASH_SOURCE[0]}")/../support/site.sh"

E2E_ROOT=$_SITE_ROOT
SESSION_COOKIE=__Host-cgi_login_session
PENDING_COOKIE=__Host-cgi_login_pending_
PROGRAMS="start callback login profile logout deletion deauthorize"
CALLBACK_PATH=/auth/instagram/callback
AS_JSON=(-H 'Accept: application/json')
CSP="default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

# bound NAME: a limit of the product, from where it is set, so that a test stands on its very edge.
bound() {
    sed -n "s/^#define $1 \([0-9]*\)L\{0,1\}\( .*\)\{0,1\}\$/\1/p" "$E2E_ROOT/common/base/bounds.h" | grep .
}

# --- around the tests ---

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

e2e_setup_file() { # [DIR]
    unset SITE_DIR
    # A half-made site must not stay behind: teardown_file runs only after what setup_file has exported.
    trap 'e2e_teardown_file' ERR
    # shellcheck disable=SC2119
    site_create "$@"
    store_begin
    [[ -z ${E2E_CLOCK-} ]] || e2e_clock_rules
    standin_start
    site_start
    cp -p "$SITE_CONFIG" "$SITE_DIR/config.pristine"
    cp -p "$SITE_HTML/.htaccess" "$SITE_DIR/htaccess.pristine"
    trap - ERR
}

e2e_teardown_file() {
    store_end
    site_cleanup
}

e2e_setup() {
    WORK=$BATS_TEST_TMPDIR
    KEPT=$WORK/kept REQUESTS=0 STATUS='' HEADERS=/dev/null BODY=/dev/null
    mkdir -p "$KEPT"
    # A test may have left a pipe there, on which a copy would wait for ever.
    cp -p --remove-destination "$SITE_DIR/config.pristine" "$SITE_CONFIG"
    cp -p "$SITE_DIR/htaccess.pristine" "$SITE_HTML/.htaccess"
    standin_start
    standin_reset
    store_wipe
    site_clear_logs
}

# A program that crashes, or that a sanitizer stops, may still have answered: the log is what tells.
e2e_teardown() {
    local bad='Sanitizer|runtime error:|Premature end of script|malformed header|Segmentation|core dump|exit signal|Traceback'
    if grep -E "$bad" "$SITE_DIR/logs/error.log" "$SITE_DIR/standin/output.log"; then
        printf 'a program or the stand-in crashed; the error log:\n'
        site_error_log
        return 1
    fi
    # Shown by bats when the test failed.
    printf 'the last answer: %s\n' "$STATUS"
    cat "$HEADERS"
    head -c 600 "$BODY"
    printf '\nthe error log:\n'
    site_error_log
}

# --- assertions ---

fail() {
    printf '%s\n' "$*" >&2
    return 1
}

assert_equal() { # ACTUAL EXPECTED [WHERE]
    [[ $1 == "$2" ]] || fail "${3:+$3: }expected: $2
     got: $1"
}

refute_equal() { # ACTUAL UNWANTED [WHERE]
    [[ $1 != "$2" ]] || fail "${3:+$3: }not expected: $2"
}

assert_match() { # TEXT REGULAR_EXPRESSION [WHERE]
    [[ $1 =~ $2 ]] || fail "${3:+$3: }expected a match of: $2
     got: $1"
}

assert_contains() { # TEXT PART [WHERE]
    [[ $1 == *"$2"* ]] || fail "${3:+$3: }expected to hold: $2
     got: $1"
}

refute_contains() { # TEXT PART [WHERE]
    [[ $1 != *"$2"* ]] || fail "${3:+$3: }expected not to hold: $2
     got: $1"
}

assert_fails() { # COMMAND...
    if "$@"; then
        fail "expected to fail: $*"
    fi
}

assert_status() { # STATUS [WHERE]
    assert_equal "$STATUS" "$1" "${2:-status}"
}

# --- requests ---

# http [CURL OPTION...] PATH_OR_URL: sets STATUS and the files HEADERS and BODY. Every answer is kept for
# assert_no_secrets.
http() {
    local url=${!#}
    [[ $url != /* ]] || url=$SITE_URL$url
    REQUESTS=$((REQUESTS + 1))
    HEADERS=$KEPT/$REQUESTS.headers BODY=$KEPT/$REQUESTS.body
    : >"$HEADERS"
    : >"$BODY"
    STATUS=$(curl -sS --path-as-is --globoff -D "$HEADERS" -o "$BODY" -w '%{http_code}' "${@:1:$#-1}" "$url")
    drop_removed_cookies "$@"
}

# curl 7.88 reads the jar once more before it writes it, and so revives a cookie that the answer has removed.
drop_removed_cookies() { # CURL OPTION...
    local name
    while [[ $# -gt 0 && $1 != -c ]]; do shift; done
    [[ $# -gt 0 ]] || return 0
    while read -r name; do
        awk -v name="$name" '$6 != name' "$2" >"$2.new"
        mv "$2.new" "$2"
    done < <(header Set-Cookie | sed -n 's/=.*[; ]Max-Age=0\b.*//p')
}

header() { # NAME: the values, a line each
    tr -d '\r' <"$HEADERS" | sed -n "s/^$1: //Ip"
}

body() { cat "$BODY"; }

json() { # JQ_FILTER: of the last body
    jq -r "$1" "$BODY"
}

cookie() { # JAR NAME_PREFIX: the value
    awk -v name="$2" 'index($6, name) == 1 { print $7 }' "$1"
}

set_cookie() { # JAR NAME VALUE: replaces the value, or adds the cookie
    { grep -v "	$2	" "$1" || true; printf '#HttpOnly_localhost\tFALSE\t/\tTRUE\t%s\t%s\t%s\n' "$(($(date +%s) + 9000))" "$2" "$3"; } >"$1.new"
    mv "$1.new" "$1"
}

# --- signing in, step by step ---

begin() { # JAR [PATH]: starts a login; sets AUTHORIZE
    http -b "$1" -c "$1" "${2:-/auth/instagram}"
    assert_status 302 "start"
    AUTHORIZE=$(header Location)
}

decide() { # [PERSON] [approve|refuse]: answers the consent page; sets CALLBACK
    CALLBACK=$(standin_decide "$AUTHORIZE" "$@")
    CALLBACK=${CALLBACK%%#*}
}

finish() { # JAR [CURL OPTION...]: follows CALLBACK; sets LOCATION
    http -b "$1" -c "$1" "${@:2}" "$CALLBACK"
    LOCATION=$(header Location)
}

sign_in() { # JAR [PERSON]
    begin "$1"
    decide "${2:-harbour.bakery}"
    finish "$1"
    assert_equal "$LOCATION" "$SITE_URL/profile" "sign-in"
}

# Goes on after `decide`: the callback fails with CODE for a browser.
assert_failure() { # JAR CODE [WHERE]
    finish "$1"
    assert_status 302 "${3-}"
    assert_equal "$LOCATION" "$SITE_URL/login?error=$2" "${3-}"
    assert_equal "$(cookie "$1" "$SESSION_COOKIE")" "" "${3-} session cookie"
}

profile() { # JAR [CURL OPTION...]: the JSON profile
    http "${AS_JSON[@]}" -b "$1" -c "$1" "${@:2}" /profile
}

assert_signed_in() { # JAR [CURL OPTION...]
    profile "$@"
    assert_status 200 "signed in"
}

assert_signed_out() { # JAR [CURL OPTION...]
    profile "$@"
    assert_status 401 "signed out"
}

query_of() { # URL NAME: the decoded value of each such parameter, a line each
    "$(_site_python)" -c 'import sys, urllib.parse as u
for name, value in u.parse_qsl(u.urlsplit(sys.argv[1]).query, keep_blank_values=True):
    if name == sys.argv[2]: print(value)' "$1" "$2"
}

# --- the log ---

log_lines() { # [PROGRAM]: what the programs wrote
    grep -o "cgi-login ${1-[a-z]*}: .*" "$SITE_DIR/logs/error.log" || true
}

assert_one_line() { # PROGRAM PART [WHERE]: the program wrote exactly one line, and PART is in it
    local lines
    lines=$(log_lines "$1")
    assert_contains "$lines" "$2" "${3-}"
    assert_equal "$(wc -l <<<"$lines")" 1 "${3-} log lines"
}

# --- the store, whichever it is ---

store_path() { # of SQLite
    local uri
    uri=$(jq -r .store "$SITE_CONFIG")
    printf '%s' "${uri#sqlite://}"
}

store_begin() { :; }
store_end() { :; }

store_wipe() { rm -rf "$(store_path)"*; }

# Makes the store unreachable, and reachable again with all that was in it.
store_break() {
    [[ ! -e $(store_path) ]] || mv "$(store_path)" "$SITE_DIR/store.kept"
    site_run mkdir "$(store_path)"
}

store_mend() {
    rmdir "$(store_path)"
    [[ ! -e $SITE_DIR/store.kept ]] || mv "$SITE_DIR/store.kept" "$(store_path)"
}

# shellcheck source-path=SCRIPTDIR source=mongodb.bash
[[ -z ${E2E_MONGODB-} ]] || source "$(dirname "${BASH_SOURCE[0]}")/mongodb.bash"

# Counted by what is exported, so that it holds for any store.
user_count() { site_admin users export | wc -l; }

user() { # ID JQ_FILTER [OPTION...]: of the stored document
    site_admin users show "${@:3}" "instagram:$1" | jq -r "$2"
}

# --- secrets ---

# All that must never be seen: the app's secret, the keys, and every code, token and PKCE verifier so far.
known_secrets() {
    jq -r '.keys[], .providers[].client_secret' "$SITE_DIR/config.pristine"
    # A test may have broken this one, in any way.
    if [[ -f $SITE_CONFIG && -s $SITE_CONFIG ]]; then
        jq -r '(.keys[]?), (.providers[]?.client_secret?) | strings' "$SITE_CONFIG" 2>/dev/null || true
    fi
    standin_state | jq -r '.issued.codes[], .issued.tokens[]'
    standin_log | jq -r '.form | .code, .code_verifier, .client_secret | select(. != null)'
}

# The text of every sealed cookie as it would read if it were only encoded.
decoded_cookies() {
    cat "$KEPT"/*.headers | tr -d '\r' | sed -n 's/^Set-Cookie: [^=]*=\([^;]*\).*/\1/Ip' | tr -- '-_' '+/' |
        while read -r value; do
            base64 -d <<<"$value" 2>/dev/null || true
        done
}

# Nothing of it in the log of the programs, in any answer's body, headers or cookies.
assert_no_secrets() { # [SECRET...]: beside the known ones
    { known_secrets; printf '%s\n' "$@"; } | awk 'length >= 8' | sort -u >"$WORK/secrets"
    [[ -s $WORK/secrets ]] || fail "there are no secrets to look for" || return 1
    log_lines >"$KEPT/log"
    # Without the programs' own prefix too: a crash or a library may write its own lines.
    cat "$SITE_DIR/logs/error.log" >"$KEPT/error.log"
    decoded_cookies >"$KEPT/cookies"
    if grep -aFn -f "$WORK/secrets" "$KEPT"/*; then
        fail "a secret was shown"
    fi
}

# --- running a program without a server ---

# cgi PROGRAM NAME=VALUE...: runs it with these variables and no others; sets STATUS, HEADERS, BODY and the file ERRORS.
cgi() {
    local program=$SITE_CGI_BIN/$1$SITE_CGI_SUFFIX output code=0
    shift
    REQUESTS=$((REQUESTS + 1))
    output=$KEPT/$REQUESTS.output HEADERS=$KEPT/$REQUESTS.headers BODY=$KEPT/$REQUESTS.body
    ERRORS=$KEPT/$REQUESTS.errors
    site_exec env -i "$@" -- "$program" </dev/null >"$output" 2>"$ERRORS" || code=$?
    cat "$ERRORS" >>"$SITE_DIR/logs/error.log"
    assert_equal "$code" 0 "exit status of ${program##*/}"
    cgi_split "$output" || fail "${program##*/} answered no valid header block: $(head -c 300 "$output")"
}

# RFC 3875, section 6: header lines, each whole and printable, then an empty one, then the body.
cgi_split() { # OUTPUT
    "$(_site_python)" - "$1" "$HEADERS" "$BODY" <<'PYTHON' || return 1
import re, sys
data = open(sys.argv[1], "rb").read()
head, separator, body = data.partition(b"\r\n\r\n")
lines = head.split(b"\r\n")
if not separator or not re.fullmatch(rb"Status: [1-5][0-9][0-9] [ -~]+", lines[0]):
    sys.exit(1)
if not all(re.fullmatch(rb"[A-Za-z-]+: [ -~]*", line) for line in lines):
    sys.exit(1)
open(sys.argv[2], "wb").write(head + separator)
open(sys.argv[3], "wb").write(body)
PYTHON
    STATUS=$(sed -n '1s/^Status: \([0-9]*\) .*/\1/p' "$HEADERS")
}

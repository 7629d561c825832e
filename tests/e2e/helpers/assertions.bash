# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: MIT
# What this product's tests assert beside what bats-assert has: of responses, sign-ins, log lines, and that no secret is
# in any of them.

# note TEXT...: what a loop or a function is at, for who reads why a test failed. bats shows it then, and only then.
note() { printf 'at: %s\n' "$*" >&2; }

# bats-assert looks for a part only in the output of `run`.
assert_contains() { # TEXT PART
    [[ $1 == *"$2"* ]] || batslib_print_kv_single_or_multi 4 part "$2" text "$1" |
        batslib_decorate "the text does not contain it" | fail
}

refute_contains() { # TEXT PART
    [[ $1 != *"$2"* ]] || batslib_print_kv_single_or_multi 4 part "$2" text "$1" |
        batslib_decorate "the text should not contain it" | fail
}

assert_status() { # STATUS: of the last response
    assert_equal "$STATUS" "$1"
}

# Goes on after `decide`: the callback fails with CODE for a browser.
assert_login_fails() { # JAR CODE
    finish "$1"
    assert_status 302
    assert_equal "$LOCATION" "$SITE_URL/login?error=$2"
    assert_equal "$(cookie "$1" "$SESSION_COOKIE")" ""
}

assert_signed_in() { # JAR [CURL OPTION...]
    profile "$@"
    assert_status 200
}

assert_signed_out() { # JAR [CURL OPTION...]
    profile "$@"
    assert_status 401
}

# --- the log ---

log_lines() { # [PROGRAM]: what the programs wrote
    grep -o "cgi-login ${1-[a-z]*}: .*" "$SITE_DIR/logs/error.log" || true
}

# What they wrote to the product's own log, beside the config.
own_log() {
    cat "$SITE_PRODUCT/error.log" 2>/dev/null || true
}

# assert_own_line PROGRAM REQUEST PART: that log has exactly one line, whole, of this program and request.
assert_own_line() {
    assert_equal "$(own_log | wc -l)" 1
    assert_regex "$(own_log)" "^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z $1\\[[0-9]+\\] $2: "
    assert_contains "$(own_log)" "$3"
}

assert_one_line() { # PROGRAM PART: the program wrote exactly one line, and PART is in it
    local lines
    lines=$(log_lines "$1")
    assert_contains "$lines" "$2"
    assert_equal "$(wc -l <<<"$lines")" 1
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

# Nothing of it in the log of the programs, in any response's body, headers or cookies.
assert_no_secrets() { # [SECRET...]: beside the known ones
    {
        known_secrets
        printf '%s\n' "$@"
    } | awk 'length >= 8' | sort -u >"$WORK/secrets"
    [[ -s $WORK/secrets ]] || fail "there are no secrets to look for" || return 1
    log_lines >"$KEPT/log"
    # Without the programs' own prefix too: a crash or a library may write its own lines.
    cat "$SITE_DIR/logs/error.log" >"$KEPT/error.log"
    own_log >"$KEPT/own.log"
    decoded_cookies >"$KEPT/cookies"
    if grep -aFn -f "$WORK/secrets" "$KEPT"/*; then
        fail "a secret was shown"
    fi
}

# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034 # the names are for the tests
# What the tests of tokens, data requests and account actions share: the command-line program at another time, stored
# tokens, Meta's signed requests, the token in our forms. To be loaded after helpers; wants a site with E2E_CLOCK=1.

DAY=86400
BAKERY=17841405793187218123 LAYLA=25014620183746519
# Of the stand-in, which has it of Instagram: 60 days, nearly.
LONG_TOKEN_SECONDS=5183944

tokens_setup() {
    e2e_setup
    JAR=$WORK/jar OUT=$WORK/out ERR=$WORK/err LATER=0
    # When Meta's requests are issued: no two tests share a second.
    NOW=$(($(date +%s) - 50 * BATS_TEST_NUMBER))
    : >"$OUT"
    : >"$ERR"
}

# A crash of the command-line program is one as well.
tokens_teardown() {
    cat "$ERR" >>"$SITE_DIR/logs/error.log" 2>/dev/null || true
    e2e_teardown
}

# --- the command-line program ---

# From now on the command-line program and the stand-in live so many seconds ahead; the site's programs do not.
later() { # SECONDS
    LATER=$1
    standin_control "{\"clock_offset_seconds\": $1}"
}

# command [WRAPPER...] -- ARGUMENT...: runs cgi-login, at that time.
command_run() {
    local -a wrapper=()
    while [[ $1 != -- ]]; do
        wrapper+=("$1")
        shift
    done
    site_exec env CGI_LOGIN_CONFIG="$SITE_CONFIG" TEST_CLOCK="$LATER" "${wrapper[@]}" -- "$SITE_PRODUCT/bin/cgi-login" \
        "${@:2}"
}

# admin STATUS ARGUMENT...: runs it, and wants that exit status. Its output is in the files OUT and ERR.
admin() {
    local code=0
    command_run -- "${@:2}" >"$OUT" 2>"$ERR" </dev/null || code=$?
    assert_equal "$code" "$1" "exit status of cgi-login ${*:2}: $(cat "$OUT" "$ERR")"
}

out() { cat "$OUT"; }
err() { cat "$ERR"; }

# tally [FILE] RENEWED RESEALED YOUNG OVERTAKEN INVALID FAILED: what `cgi-login refresh` has summed up, the whole of it.
tally() {
    local file=$OUT
    if [[ $# -eq 7 ]]; then
        file=$1
        shift
    fi
    assert_equal "$(cat "$file")" "refresh: $1 renewed, $2 sealed anew, $3 not old enough, $4 renewed by others, $5 have to log in again, $6 failed"
}

# --- tokens ---

on_sqlite() { [[ $(jq -r .store "$SITE_CONFIG") == sqlite:* ]]; }

stored_token() { user "$1" .instagram.accessToken --with-token; } # ID

token_works() { # TOKEN
    assert_equal "$(_standin_curl -o /dev/null -w '%{http_code}' "$STANDIN_URL/v26.0/me?fields=id&access_token=$1")" 200 "a token at the stand-in"
}

seconds_of() { # ID FIELD: a time of the stored token, in seconds since 1970
    user "$1" ".instagram.token.$2[\"\$date\"] | sub(\"\\\\.[0-9]+Z\$\"; \"Z\") | fromdate"
}

lifetime() { # ID: in seconds
    echo $(($(seconds_of "$1" expiresAt) - $(seconds_of "$1" obtainedAt)))
}

renewals() { # how often the stand-in was asked for one
    standin_log | jq -s '[.[] | select(.path == "/refresh_access_token" or .form.grant_type == "refresh_token")] | length'
}

sign_in_crowd() { # COUNT: as many people, each with a token; at least one
    local number
    for ((number = 1; number <= $1; number++)); do
        standin_control "{\"person\": {\"id\": \"$((500000 + number))\", \"user_id\": \"$((700000 + number))\", \"username\": \"crowd$number\"}}"
        rm -f "$JAR"
        sign_in "$JAR"
    done
    standin_control '{"person": {}}'
}

fault_taken() { [[ $(standin_state | jq -c ".settings.$1") == '"none"' ]]; } # SETTING: one of "times" 1 has happened

# The provider becomes one that renews with refresh tokens (RFC 6749, section 6), which works once each.
use_refresh_tokens() { # [keep|rotate]
    site_config_edit 'del(.providers.instagram.long_lived) | .providers.instagram.refresh = {grant_type: "refresh_token"} | .providers.instagram.preset = "standard"'
    jq 'del(.long_lived, .refresh)' "$SITE_PRODUCT/providers/instagram.json" >"$SITE_PRODUCT/providers/standard.json"
    chmod 644 "$SITE_PRODUCT/providers/standard.json"
    standin_control "{\"refresh_tokens\": \"${1:-rotate}\"}"
}

# --- Meta ---

# A signed request; tests/standin/README.md has its members. Without issued_at it is like no other: a store remembers
# those it has seen, and some stores keep that from one test to the next.
signed() { # JSON
    local wish=$1 number rest=${1#\{} comma=,
    number=$(($(cat "$WORK/wishes" 2>/dev/null || echo 0) + 1))
    printf '%s\n' "$number" >"$WORK/wishes"
    # Not with jq, which keeps numbers as doubles.
    if [[ $wish != *'"issued_at"'* && $wish != *'"payload"'* ]]; then
        [[ $rest != "}"* ]] || comma=
        wish="{\"issued_at\": $((NOW - 5 - number))$comma$rest"
    fi
    _standin_curl --fail-with-body -d "$wish" "$STANDIN_URL/_control/signed_request" | jq -er .signed_request
}

post_signed() { # PROGRAM SIGNED_REQUEST [CURL OPTION...]
    http "${@:3}" --data-urlencode "signed_request=$2" "/auth/instagram/$1"
}

meta() { # PROGRAM JSON: what Meta does
    post_signed "$1" "$(signed "$2")"
}

# --- our forms ---

form_token() { # JAR: the anti-forgery token, as a program gets it
    http "${AS_JSON[@]}" -b "$1" /profile
    header X-CSRF-Token
}

press() { # JAR ACTION [CURL OPTION...]: a button of the profile page
    http -b "$1" -c "$1" "${@:3}" --data-urlencode "csrf_token=$(form_token "$1")" -d "action=$2" /profile
}

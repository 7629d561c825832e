# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034 # the names are for the tests
# What the tests of tokens, data requests and account actions share: the command-line program at another time, stored
# tokens, Meta's signed requests, the token in our forms. To be loaded after helpers; makes a site with clocks.

export E2E_CLOCK=1

DAY=86400
BAKERY=17841405793187218123 LAYLA=25014620183746519
# Of the stand-in, which has it of Instagram: 60 days, nearly.
LONG_TOKEN_SECONDS=5183944
# A long-lived token is due (--within 14) from day 46 on.
EARLY=$((45 * DAY)) DUE=$((47 * DAY)) LOST=$((61 * DAY))
LATER=0
# When Meta's requests are issued: no two tests share a second.
NOW=$(($(date +%s) - 50 * ${BATS_TEST_NUMBER:-0}))

# --- the command-line program ---

# From now on the command-line program and the stand-in live so many seconds ahead; the site's programs do not.
later() { # SECONDS
    LATER=$1
    standin_control "{\"clock_offset_seconds\": $1}"
}

# tally [FILE] REFRESHED RESEALED YOUNG OVERTAKEN INVALID FAILED: what `cgi-login refresh` has summed up, the whole of it.
tally() {
    local file=$OUT
    if [[ $# -eq 7 ]]; then
        file=$1
        shift
    fi
    assert_equal "$(cat "$file")" "refresh: $1 refreshed, $2 sealed anew, $3 not old enough, $4 refreshed by others, $5 have to log in again, $6 failed"
}

# --- tokens ---

on_sqlite() { [[ $(jq -r .store "$SITE_CONFIG") == sqlite:* ]]; }

stored_token() { user "$1" .instagram.accessToken --with-token; } # ID

token_works() { # TOKEN
    assert_equal "$(_standin_curl -o /dev/null -w '%{http_code}' "$STANDIN_URL/v26.0/me?fields=id&access_token=$1")" 200
}

assert_all_tokens_work() { # nobody has lost anything
    local -a calls=()
    local token
    while read -r token; do
        calls+=(-o /dev/null "$STANDIN_URL/v26.0/me?fields=id&access_token=$token")
    done < <(site_admin users export --with-token | jq -r .instagram.accessToken)
    [[ ${#calls[@]} -gt 0 ]] || fail "there are no tokens"
    assert_equal "$(_standin_curl -w '%{http_code}\n' "${calls[@]}" | sort -u)" 200
}

seconds_of() { # ID FIELD: a time of the stored token, in seconds since 1970
    user "$1" ".instagram.token.$2[\"\$date\"] | sub(\"\\\\.[0-9]+Z\$\"; \"Z\") | fromdate"
}

lifetime() { # ID: in seconds
    echo $(($(seconds_of "$1" expiresAt) - $(seconds_of "$1" obtainedAt)))
}

refreshes() { # how often the stand-in was asked for one
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

# The provider becomes one that refreshes with refresh tokens (RFC 6749, section 6), which works once each.
use_refresh_tokens() { # [keep|rotate]
    site_config_edit 'del(.providers.instagram.long_lived) | .providers.instagram.refresh = {grant_type: "refresh_token"} | .providers.instagram.preset = "standard"'
    jq 'del(.long_lived, .refresh)' "$SITE_PRODUCT/providers/instagram.json" >"$SITE_PRODUCT/providers/standard.json"
    chmod 644 "$SITE_PRODUCT/providers/standard.json"
    standin_control "{\"refresh_tokens\": \"${1:-rotate}\"}"
}

# Refresh also removes sessions that have ended by then.
long_sessions() { site_config_edit '.session.lifetime_days = 100'; }

# Starts a refresh that waits for the provider until end_refresh; goes on once the provider was asked.
begin_refresh() { # [COMMAND...]
    standin_control '{"refresh_fault": {"fault": "hold", "times": 1}}'
    command_run -- "${@:-refresh}" >"$OUT" 2>"$ERR" 3>&- &
    REFRESH_RUN=$!
    standin_holds 1
}

# With the exit status of that refresh.
end_refresh() {
    standin_release
    wait "$REFRESH_RUN"
}

# token STATUS USER [OPTION...]: what `cgi-login token` prints, which is a token and nothing else, or nothing.
token() {
    admin "$1" token "${@:2}"
    if [[ $1 -eq 0 ]]; then
        assert_equal "$(wc -l <"$OUT")" 1
        assert_regex "$(out)" '^IGAA[A-Za-z0-9]+$'
    else
        assert_equal "$(out)" ""
        assert_not_equal "$(err)" ""
    fi
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

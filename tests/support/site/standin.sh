# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The stand-in for Instagram: its life, its control, its log. For site.sh.

_standin_curl() { # CURL ARGUMENT...
    if [[ -n $_SITE_STANDIN_TLS ]]; then
        curl -sS --cacert "$SITE_DIR/tls/certificate.pem" "$@"
    else
        curl -sS "$@"
    fi
}

_standin_up() { # PID: up, or dead
    _site_gone "$1" || [[ $(_site_read "$SITE_DIR/standin/port") == "$_STANDIN_PORT" ]]
}

_standin_launch() { # [EXTRA ARGUMENT...]
    local callback=callback$SITE_CGI_SUFFIX
    local -a tls=()
    [[ -z $_SITE_STANDIN_TLS ]] || tls=(--certificate "$SITE_DIR/tls/certificate.pem" --key "$SITE_DIR/tls/key.pem")
    rm -f "$SITE_DIR/standin/port"
    _site_spawn "$SITE_DIR/standin/output.log" "$(_site_python)" -B "$_SITE_ROOT/tests/standin/instagram.py" \
        --port "$_STANDIN_PORT" --port-file "$SITE_DIR/standin/port" --pid-file "$SITE_DIR/standin/pid" \
        --client-id "$SITE_CLIENT_ID" --client-secret "$SITE_CLIENT_SECRET" --log "$SITE_DIR/standin/requests.log" \
        --redirect-uri "$SITE_URL/auth/instagram/callback" --redirect-uri "$SITE_URL/cgi-bin/$callback/instagram" \
        "${tls[@]}" "$@"
    _site_settle _standin_up
}

# Keeps its port between starts. When another program has taken it meanwhile, moves and tells the configuration.
standin_start() { # [EXTRA ARGUMENT...]
    local attempt old
    if _site_alive "$(_site_pid "$SITE_DIR/standin/pid")"; then
        return 0
    fi
    printf '%s\0' "$@" >"$SITE_DIR/standin/arguments"
    [[ $# -gt 0 ]] || : >"$SITE_DIR/standin/arguments"
    for attempt in 1 2 3 4 5; do
        if _standin_launch "$@"; then
            return 0
        fi
        if [[ $attempt == 5 ]] || ! tail -n 1 "$SITE_DIR/standin/output.log" | grep -q 'Address already in use'; then
            break
        fi
        old=$_STANDIN_PORT
        _STANDIN_PORT=$(_site_free_port)
        sed -i "s#\(localhost:\)$old\b#\1$_STANDIN_PORT#g" "$SITE_CONFIG"
        _site_give_away "$SITE_CONFIG"
        _site_name_things
        _site_remember
    done
    tail -n 5 "$SITE_DIR/standin/output.log" >&2
    _site_fail "the stand-in did not start"
}

standin_stop() {
    [[ -n ${SITE_DIR-} && -d $SITE_DIR/standin ]] || return 0
    _site_end "$(_site_pid "$SITE_DIR/standin/pid")"
    rm -f "$SITE_DIR/standin/pid" "$SITE_DIR/standin/port"
}

# standin_control '{"token_fault": "slow"}'; a setting it does not know is a failure.
standin_control() { # JSON
    local answer
    answer=$(_standin_curl --fail-with-body --data-binary "$1" "$STANDIN_URL/_control") ||
        _site_fail "the stand-in refused: $answer"
}

# Lets go of the answers that the fault "hold" keeps back; standin_held says how many those are, and standin_holds waits
# until there are that many.
standin_release() { _standin_curl -f -o /dev/null -X POST "$STANDIN_URL/_control/release"; }

standin_held() { standin_state | jq .held; }

standin_holds() { # COUNT
    _site_until _standin_holds "$1" || _site_fail "the stand-in does not hold $1 answers, but $(standin_held)"
}

_standin_holds() { [[ $(standin_held) -ge $1 ]]; }

standin_reset() { _standin_curl -f -o /dev/null -X POST "$STANDIN_URL/_control/reset"; }

# What it holds: settings, counts of requests, codes and tokens issued; JSON.
standin_state() { _standin_curl -f "$STANDIN_URL/_control"; }

# One JSON line a request.
standin_log() { cat "$SITE_DIR/standin/requests.log"; }

# Answers the consent page behind AUTHORIZE_URL; prints where the browser is sent.
standin_decide() { # AUTHORIZE_URL [PERSON] [approve|refuse]
    local location
    location=$(_standin_curl -D - -o /dev/null -d "${1#*\?}" --data-urlencode "person=${2:-harbour.bakery}" \
        -d "decision=${3:-approve}" "$STANDIN_URL/oauth/consent" | sed -n 's/^[Ll]ocation: \(.*[^[:space:]]\).*/\1/p')
    [[ -n $location ]] || _site_fail "the consent page refused $1" || return 1
    printf '%s\n' "$location"
}

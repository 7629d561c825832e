#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Serves a complete demo site on http://localhost:${PORT:-8080}/ until Ctrl-C: what `make run` does after building.
set -euo pipefail

unset SITE_DIR
# shellcheck source-path=SCRIPTDIR source=support/site.sh
source "$(dirname "${BASH_SOURCE[0]}")/support/site.sh"

PORT=${PORT:-8080}

clean_up() {
    local status=$?
    trap '' INT TERM HUP
    site_cleanup
    exit "$status"
}

check_port() {
    if [[ ! $PORT =~ ^[1-9][0-9]{0,4}$ ]] || [[ $PORT -gt 65535 ]]; then
        printf 'PORT=%s is not a port: give a number from 1 to 65535.\n' "$PORT" >&2
        exit 1
    fi
    if _site_listening "$PORT"; then
        printf 'Port %s is taken by another program. Choose another one: make run PORT=%s\n' "$PORT" \
            "$(_site_free_port)" >&2
        exit 1
    fi
}

tell() {
    cat <<TEXT

cgi-login's demo site runs on

    $SITE_URL/

Open it and choose "Sign in". A stand-in for Instagram ($STANDIN_URL) asks who you are:
pick one of its people and approve. Then look at $SITE_URL/profile

The same page for a program:

    curl -i -H 'Accept: application/json' $SITE_URL/profile

Error log: $SITE_DIR/logs/error.log
Users:     $SITE_PRODUCT/users.db
Stop with Ctrl-C; everything above is then removed.
TEXT
}

# Returns when one of the two servers has ended by itself.
watch() {
    local apache standin
    apache=$(_site_pid "$SITE_DIR/run/httpd.pid")
    standin=$(_site_pid "$SITE_DIR/standin/pid")
    while true; do
        if ! _site_alive "$apache"; then
            printf '\nApache ended by itself. The end of its log:\n' >&2
            tail -n 15 "$SITE_DIR/logs/error.log" >&2
            return 1
        elif ! _site_alive "$standin"; then
            printf '\nThe stand-in for Instagram ended by itself. The end of its log:\n' >&2
            tail -n 15 "$SITE_DIR/standin/output.log" >&2
            return 1
        fi
        # A signal ends `wait` at once, but not a command in the foreground.
        sleep 0.5 &
        wait $!
    done
}

check_port
trap clean_up EXIT
trap 'exit 0' INT TERM HUP
# shellcheck disable=SC2119 # it makes its own folder
SITE_PORT=$PORT site_create
standin_start
site_start
tell
watch

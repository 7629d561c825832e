#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# inside.sh run|test|dist: what is proved in a bare root folder, which run.sh has made. Ends with 0 if all went well.
#   run     `make run` comes up from nothing, the sign-in that it prints works, and SIGTERM ends all of it
#   test    `make test`'s packages can be had, and with them everything builds and the unit tests pass
#   dist    `make dist` makes the tar file, and its programs work in an empty root folder
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

fail() {
    printf 'bare: %s\n' "$*" >&2
    exit 1
}

until_true() { # SECONDS COMMAND...
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [[ $SECONDS -lt $deadline ]] || return 1
        sleep 0.5
    done
}

# The first number that no socket of this machine has: /proc/net/tcp lists them in hexadecimal.
free_port() {
    local port
    for ((port = 18080; port < 19080; port++)); do
        if ! grep -qi ":$(printf '%04X' "$port") " /proc/net/tcp /proc/net/tcp6 2>/dev/null; then
            printf '%s' "$port"
            return
        fi
    done
    return 1
}

came_up_or_ended() { grep -q '^Stop with Ctrl-C' "$log" || ! kill -0 "$pid" 2>/dev/null; }
has_ended() { ! kill -0 "$pid" 2>/dev/null; }

# Those lines of curl that `make run` prints, as somebody who pastes them.
sign_in_as_printed() {
    # shellcheck source=/dev/null
    (cd "$folder" && set -eu && source <(sed -n '/With curl/,/profile$/s/^    //p' "$log"))
}

# This script, the one that asks, and nobody else, in a process namespace that starts with this one.
nobody_is_left() {
    local process
    for process in /proc/[0-9]*; do
        case ${process#/proc/} in
        "$$" | "$BASHPID") continue ;;
        esac
        [[ ! -s $process/cmdline ]] || [[ -z $(tr -d '\0' <"$process/cmdline" 2>/dev/null) ]] || return 1
    done
}

prove_run() {
    folder=$(mktemp -d) log=$folder/run.log
    make run PORT="$(free_port)" >"$log" 2>&1 &
    pid=$!
    until_true 900 came_up_or_ended || true
    cat "$log"
    grep -q '^Stop with Ctrl-C' "$log" || fail 'make run does not come up'
    ! has_ended || fail 'make run has ended by itself'
    sign_in_as_printed | tee "$folder/answers"
    grep -q '/profile$' "$folder/answers" || fail 'the sign-in does not lead to /profile'
    grep -q '"username":"harbour.bakery"' "$folder/answers" || fail 'the profile does not say who is signed in'
    kill -TERM "$pid"
    until_true 20 has_ended || fail 'SIGTERM does not end make run'
    until_true 5 nobody_is_left || fail "left over: $(head -c 200 /proc/[0-9]*/cmdline | tr '\0' ' ')"
    rm -rf "$folder"
    [[ -z $(find /tmp -mindepth 1 -maxdepth 1 -name 'cgi-login*') ]] || fail "left in /tmp: $(ls -A /tmp)"
}

prove_test() {
    tools/packages.sh test
    tools/packages.sh --check test
    tests/run.sh build_gcc build_clang build_sanitize unit unit_sanitize fuzz_seeds tools
}

# Only then what the check needs: it could help the build.
prove_dist() {
    make dist
    tools/packages.sh e2e
    dist/test.sh
}

"prove_$1"
printf 'bare: %s: all is well\n' "$1"

# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The store of the end-to-end tests on MongoDB: a database for each file, behind a relay that can be taken away and that
# counts. helpers.bash sources this where E2E_MONGODB names a server; a file that is about MongoDB loads it itself.

# shellcheck source-path=SCRIPTDIR source=../support/mongodb.sh
source "$(dirname "${BASH_SOURCE[0]}")/../support/mongodb.sh"

# For a file that runs on MongoDB in any case: a server of its own, if it has not been given one. With OWN it is one that
# may be killed.
mongodb_setup_file() { # [OWN]
    if [[ -n ${1-} || -z ${E2E_MONGODB-} ]]; then
        MONGODB_HOME=$(mktemp -d "${TMPDIR:-/tmp}/cgi-login-mongodb.XXXXXX")
        export MONGODB_HOME
        if [[ -n ${1-} ]]; then
            mongodb_start_own "$MONGODB_HOME"
        else
            mongodb_start "$MONGODB_HOME"
        fi
        E2E_MONGODB=$MONGODB_URI
        export E2E_MONGODB
    fi
    e2e_setup_file
    [[ -z $_SITE_JAIL ]] || archive_resolve_names
}

mongodb_teardown_file() {
    e2e_teardown_file || true
    [[ -n ${MONGODB_HOME-} ]] || return 0
    mongodb_stop "$MONGODB_HOME"
    rm -rf "$MONGODB_HOME"
}

# --- what helpers.bash has for SQLite ---

store_begin() {
    local name=${BATS_TEST_FILENAME##*/}
    name=e2e_${name%.bats}_$$
    RELAY=$SITE_DIR/relay
    DATABASE_URI=$(mongodb_database "$E2E_MONGODB" "$name")
    mongodb_relay_start "$RELAY" "$E2E_MONGODB"
    STORE_URI=$(mongodb_database "$MONGODB_URI" "$name")
    export RELAY DATABASE_URI STORE_URI
    site_config_edit --arg uri "$STORE_URI" '.store = $uri'
}

store_end() {
    [[ -n ${RELAY-} ]] || return 0
    mongodb_relay_stop "$RELAY"
    mongo drop || true
}

# Mends what a failed test has left, too.
store_wipe() {
    rm -f "$RELAY/rules.json"
    _site_alive "$(_site_read "$RELAY/relay.pid")" || store_mend
    mongo drop
    forget_commands
}

store_break() { mongodb_relay_stop "$RELAY"; }

store_mend() { mongodb_relay_start "$RELAY" "$E2E_MONGODB"; }

# --- looking into it ---

mongo() { mongodb_client "$DATABASE_URI" "$@"; }

# What went to the server since `forget_commands`, a line a command.
commands() { cat "$RELAY/relay.commands"; }
forget_commands() { : >"$RELAY/relay.commands"; }

# rules '{"insert users": "drop"}': what the relay does with a command; '{}' is nothing.
rules() { printf '%s' "$1" >"$RELAY/rules.json"; }

field() { # COLLECTION JQ_FILTER: of the one document, or of all, in canonical Extended JSON
    mongo dump "$1" | jq -r "$2"
}

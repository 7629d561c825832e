# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A server that speaks MongoDB's wire protocol, for tests: MONGODB_TEST_URI, else mongod, else FerretDB, which is built
# once from its Go module and kept in the cache folder. To be sourced; README.md in this folder lists what others call.

_MONGODB_FERRETDB=v1.24.2
_MONGODB_GO=go1.24.9 # what FerretDB's build needs at least
_MONGODB_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=site.sh
declare -F _site_fail >/dev/null || source "$_MONGODB_ROOT/tests/support/site.sh"

_mongodb_cache() { printf '%s' "${XDG_CACHE_HOME:-$HOME/.cache}/cgi-login"; }

# --- FerretDB ---

# Prints a go that can build it: the one on PATH, or the toolchain that the module proxy has.
_mongodb_go() {
    local version
    version=$(go env GOVERSION 2>/dev/null) || _site_fail "there is no go: run tools/packages.sh test" || return 1
    if [[ $(printf '%s\n' "$_MONGODB_GO" "${version%% *}" | sort -V | head -n 1) == "$_MONGODB_GO" ]]; then
        command -v go
        return
    fi
    local module folder
    module=golang.org/toolchain@v0.0.1-$_MONGODB_GO.linux-$(go env GOARCH)
    folder=$(cd / && GOFLAGS=-mod=mod GO111MODULE=on go mod download -json "$module" | jq -r .Dir) || return 1
    chmod +x "$folder"/bin/* "$folder"/pkg/tool/*/* 2>/dev/null || true # a module's files come without it
    printf '%s' "$folder/bin/go"
}

# Builds in a temp folder, so that a build that breaks off leaves nothing that looks whole.
_mongodb_build_ferretdb() { # PROGRAM
    local go work source
    go=$(_mongodb_go) || return 1
    work=$(mktemp -d) || return 1
    printf 'mongodb: building FerretDB %s, once (a minute or two)\n' "$_MONGODB_FERRETDB" >&2
    (
        export GOTOOLCHAIN=local GOFLAGS=-buildvcs=false
        cd "$work" && "$go" mod init example.test/server &&
            "$go" get -tool "github.com/FerretDB/FerretDB/cmd/ferretdb@$_MONGODB_FERRETDB" &&
            source=$("$go" list -m -f '{{.Dir}}' github.com/FerretDB/FerretDB) &&
            cp -r "$source" source && chmod -R u+w source &&
            # It panics without: its own release build writes this file.
            printf '%s' "$_MONGODB_FERRETDB" >source/build/version/version.txt &&
            cd source && "$go" build -o "$work/ferretdb" ./cmd/ferretdb
    ) >"$work/log" 2>&1 || {
        tail -n 20 "$work/log" >&2
        rm -rf "$work"
        _site_fail "FerretDB could not be built"
        return 1
    }
    mkdir -p "${1%/*}" && mv "$work/ferretdb" "$1"
    chmod -R u+w "$work" && rm -rf "$work"
}

_mongodb_ferretdb() { # prints the program, built first where it is missing
    local program
    program=$(_mongodb_cache)/ferretdb-$_MONGODB_FERRETDB
    (
        mkdir -p "${program%/*}" && exec 8>"$program.lock" && flock 8 # two test files at once build one
        [[ -x $program ]] || _mongodb_build_ferretdb "$program"
    ) || return 1
    printf '%s' "$program"
}

# Makes sure that there is a server to start, and says which: for the start of a test run.
mongodb_prepare() {
    if [[ -n ${MONGODB_TEST_URI-} ]]; then
        printf 'mongodb: tests use the server of MONGODB_TEST_URI\n'
    elif command -v mongod >/dev/null; then
        printf 'mongodb: tests use %s\n' "$(command -v mongod)"
    else
        printf 'mongodb: tests use %s\n' "$(_mongodb_ferretdb)"
    fi
}

# --- a server ---

_mongodb_up() { # PID: listening, or dead
    _site_gone "$1" || _site_listening "$_MONGODB_PORT"
}

# A server or relay keeps its port when it is started again: sets _MONGODB_PORT.
_mongodb_choose_port() { # FILE
    [[ -s $1 ]] || _site_free_port >"$1"
    _MONGODB_PORT=$(_site_read "$1")
}

_mongodb_settle() { # DIR NAME: waits for it, and keeps its process id in DIR/NAME.pid
    printf '%s\n' "$_SITE_PID" >"$1/$2.pid"
    _site_settle _mongodb_up && return 0
    tail -n 5 "$1/$2.log" >&2
    _site_fail "the MongoDB $2 did not start"
}

_mongodb_spawn_ferretdb() { # DIR [OPTION...]
    local dir=$1 program
    program=$(_mongodb_ferretdb) || return 1
    shift
    # With a TLS listener the plain one is off.
    local -a listen=(--listen-addr="127.0.0.1:$_MONGODB_PORT")
    [[ " $* " != *" --listen-tls="* ]] || listen=(--listen-addr=)
    _site_spawn "$dir/server.log" "$program" --handler=sqlite --sqlite-url="file:$dir/data/" --debug-addr=- \
        --telemetry=disable --state-dir="$dir/data" --log-level=error "${listen[@]}" "${@//@PORT@/$_MONGODB_PORT}"
}

# Starts a server of our own, which may be killed, with its data in DIR; sets MONGODB_URI, without a database's name.
# Options are for FerretDB, such as --listen-tls=127.0.0.1:@PORT@.
mongodb_start_own() { # DIR [OPTION...]
    local dir=$1
    mkdir -p "$dir/data"
    _mongodb_choose_port "$dir/server.port"
    if [[ $# -eq 1 ]] && command -v mongod >/dev/null; then
        _site_spawn "$dir/server.log" mongod --quiet --bind_ip 127.0.0.1 --port "$_MONGODB_PORT" --dbpath "$dir/data"
    else
        _mongodb_spawn_ferretdb "$@" || return 1
    fi
    _mongodb_settle "$dir" server || return 1
    MONGODB_URI=mongodb://127.0.0.1:$_MONGODB_PORT
    export MONGODB_URI
}

# The same, or what MONGODB_TEST_URI names.
mongodb_start() { # DIR
    if [[ -n ${MONGODB_TEST_URI-} ]]; then
        MONGODB_URI=$MONGODB_TEST_URI
        export MONGODB_URI
    else
        mongodb_start_own "$1"
    fi
}

mongodb_signal() { # DIR SIGNAL: such as STOP, to make it hang
    kill -s "$2" "$(_site_read "$1/server.pid")"
}

mongodb_stop() { # DIR [KILL]: KILL pulls the plug
    [[ -e $1/server.pid ]] || return 0
    [[ ${2-} != KILL ]] || mongodb_signal "$1" KILL || true
    _site_end "$(_site_read "$1/server.pid")"
    rm -f "$1/server.pid"
}

# --- a relay before it ---

# Starts the relay to the server of URI, one host without TLS; sets MONGODB_URI to the way through it. What goes through
# is in DIR/relay.commands, a line a command; DIR/rules.json is what it answers itself: see mongodb_relay.py.
mongodb_relay_start() { # DIR URI
    local host
    host=$(sed -E 's#^mongodb://([^/@]*@)?([^/?]*).*#\2#' <<<"$2")
    mkdir -p "$1"
    _mongodb_choose_port "$1/relay.port"
    _site_spawn "$1/relay.log" "$(_site_python)" -B "$_MONGODB_ROOT/tests/support/mongodb_relay.py" --to "$host" \
        --port "$_MONGODB_PORT" --log "$1/relay.commands" --rules "$1/rules.json"
    _mongodb_settle "$1" relay || return 1
    MONGODB_URI=${2/"$host"/127.0.0.1:$_MONGODB_PORT}
    export MONGODB_URI
}

mongodb_relay_stop() { # DIR
    [[ -e $1/relay.pid ]] || return 0
    _site_end "$(_site_read "$1/relay.pid")"
    rm -f "$1/relay.pid"
}

# --- looking at it ---

mongodb_database() { # URI NAME: the same server's URI with a database
    local options=
    [[ $1 != *\?* ]] || options="?${1#*\?}"
    local server=${1%%\?*}
    printf '%s/%s%s' "${server%/}" "$2" "$options"
}

# mongodb_client URI COMMAND [ARGUMENT...]: what the commands are is in mongodb_client.py.
mongodb_client() { "$(_site_python)" -B "$_MONGODB_ROOT/tests/support/mongodb_client.py" "$@"; }

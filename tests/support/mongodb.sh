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
    version=$(go env GOVERSION 2>/dev/null) || _site_fail "there is no go: run tests/support/packages.sh test" || return 1
    if [[ $(printf '%s\n' "$_MONGODB_GO" "${version%% *}" | sort -V | head -n 1) == "$_MONGODB_GO" ]]; then
        command -v go
        return
    fi
    local module=golang.org/toolchain@v0.0.1-$_MONGODB_GO.linux-$(go env GOARCH) folder
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

# Starts the server with its data in DIR; options are for FerretDB, such as --listen-tls-cert-file. Sets MONGODB_URI
# (without a database's name) and MONGODB_PID. Keeps its port when it is started again.
mongodb_start() { # DIR [OPTION...]
    local dir=$1
    shift
    if [[ -n ${MONGODB_TEST_URI-} && $# -eq 0 ]]; then
        MONGODB_URI=${MONGODB_TEST_URI%/} MONGODB_PID=
        return
    fi
    mkdir -p "$dir/data"
    _MONGODB_PORT=${_MONGODB_PORT:-$(_site_free_port)}
    if [[ $# -eq 0 ]] && command -v mongod >/dev/null; then
        _site_spawn "$dir/server.log" mongod --quiet --bind_ip 127.0.0.1 --port "$_MONGODB_PORT" --dbpath "$dir/data"
    else
        local program
        program=$(_mongodb_ferretdb) || return 1
        # With a TLS listener the plain one is off.
        local -a listen=(--listen-addr="127.0.0.1:$_MONGODB_PORT")
        [[ " $* " != *" --listen-tls="* ]] || listen=(--listen-addr=)
        _site_spawn "$dir/server.log" "$program" --handler=sqlite --sqlite-url="file:$dir/data/" --debug-addr=- \
            --telemetry=disable --state-dir="$dir/data" --log-level=error "${listen[@]}" "${@//@PORT@/$_MONGODB_PORT}"
    fi
    MONGODB_PID=$_SITE_PID
    if ! _site_settle _mongodb_up; then
        tail -n 5 "$dir/server.log" >&2
        _site_fail "the MongoDB server did not start"
        return 1
    fi
    MONGODB_URI=mongodb://127.0.0.1:$_MONGODB_PORT
    export MONGODB_URI MONGODB_PID _MONGODB_PORT
}

mongodb_stop() { # [SIGNAL]: KILL pulls the plug
    [[ -n ${MONGODB_PID-} ]] || return 0
    if [[ ${1-} == KILL ]]; then
        kill -KILL "$MONGODB_PID" 2>/dev/null || true
    fi
    _site_end "$MONGODB_PID"
    MONGODB_PID=
}

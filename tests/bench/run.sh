#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run.sh [--json FILE]: compares each program with a trivial CGI program; see README.md. What `make bench` does after
# building. Sets up a site of its own, and leaves nothing behind.
set -euo pipefail

folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${BUILD:-build}
unset SITE_DIR SITE_LAYOUT SITE_MPM SITE_STORE SITE_MAKE_ARGS SITE_PASS_ENV
export SITE_BUILD=$build SITE_STANDIN_TLS=1
# One connection for all requests that come one by one.
export SITE_HTTPD_EXTRA='MaxKeepAliveRequests 0'
# shellcheck source-path=SCRIPTDIR source=../support/site.sh
source "$folder/../support/site.sh"

clean_up() {
    local status=$?
    trap '' INT TERM HUP
    _site_end "${measuring-}" || true
    site_cleanup
    exit "$status"
}

# With the Makefile's own compiler and flags.
build_trivial() { # OUTPUT
    local -a link=()
    # shellcheck disable=SC2016 # make expands it
    read -r -a link < <(make -s --no-print-directory -C "$folder/../.." \
        --eval 'print-link: ; @printf "%s\n" "$(LINK)"' print-link)
    "${link[@]}" -o "$1" "$folder/trivial.c"
}

build_tools() { # FOLDER
    local -a compile=("${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2)
    build_trivial "$1/trivial"
    "${compile[@]}" -o "$1/spawn" "$folder/spawn.c"
    "${compile[@]}" -fPIC -shared -o "$1/observe.so" "$folder/observe.c" -ldl
}

# A folder where the account's owner, who runs the programs, can write.
make_workshop() {
    workshop=$SITE_DIR/bench
    mkdir "$workshop"
    build_tools "$workshop"
    install -m 755 "$workshop/trivial" "$SITE_CGI_BIN/trivial"
    printf 'RewriteRule ^trivial$ /cgi-bin/trivial [END]\n' >>"$SITE_HTML/.htaccess"
    _site_give_away "$workshop" "$SITE_CGI_BIN" "$SITE_HTML"
}

trap clean_up EXIT
trap 'exit 130' INT TERM HUP
# shellcheck disable=SC2119 # it makes its own folder
site_create >/dev/null
standin_start
site_start
make_workshop
# A signal ends `wait` at once, but not a command in the foreground.
BENCH_USER=$_SITE_USER BENCH_WORKSHOP=$workshop "$(_site_python)" -B "$folder/bench.py" "$@" &
measuring=$!
wait "$measuring"

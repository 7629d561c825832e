#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the end-to-end tests, JOBS files at a time (default: one for each processor). With FILE..., only those.
#   tests/e2e/run.sh [FILE...]
# bats has its own --jobs, but needs GNU parallel for it. Builds first, so that files do not build side by side.
# SITE_BUILD and SITE_MAKE_ARGS say what is tested: SITE_BUILD=build/sanitize SITE_MAKE_ARGS=SANITIZE=1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

JOBS=${JOBS:-$(nproc)}
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

# The output of a file is printed whole, when it is done.
run_file() { # FILE
    local name=${1##*/} status=0
    bats --tap "$1" >"$output/$name" 2>&1 || status=1
    flock "$output" cat "$output/$name"
    return "$status"
}
export -f run_file
export output

read -r -a make_arguments <<<"${SITE_MAKE_ARGS-}"
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C ../.. BUILD="${SITE_BUILD:-build}" "${make_arguments[@]}"

files=("$@")
# The longest first, so that none is left alone at the end.
[[ ${#files[@]} -gt 0 ]] || files=(provider_faults.bats store_sqlite.bats http.bats flow.bats sessions.bats store.bats
    config.bats fastcgi.bats admin.bats install.bats install_suffix.bats install_prefork.bats provider_tls.bats)
# A file that is forgotten in the list above would never run.
[[ $# -gt 0 || ${#files[@]} -eq $(find . -name '*.bats' | wc -l) ]] || {
    printf 'e2e: run.sh does not list every file\n' >&2
    exit 1
}
if printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$JOBS" bash -c 'run_file "$1"' bash; then
    printf 'e2e: all %s files passed\n' "${#files[@]}"
else
    printf 'e2e: FAILED:\n'
    grep -H '^not ok' "$output"/* | sed 's#.*/##'
    exit 1
fi

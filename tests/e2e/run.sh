#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the end-to-end tests, JOBS files at a time (default: one for each processor and one more, since some wait for
# time-outs).
#   tests/e2e/run.sh [--store mongodb | --not-on-mongodb] [--but PATTERN] [FILE...]
# Each file names in its file_tags where it runs: `any-store` on SQLite and on MongoDB; `sqlite-store` on SQLite;
# `mongodb-store`, which brings servers of its own, beside those; `archive` only on what `make dist` made. A file that
# names none fails the run, so that none is forgotten.
# bats has its own --jobs, but needs GNU parallel for it. Builds first, so that files do not build side by side.
# With --store mongodb there is a MongoDB server for those files that hold for any store (tests/support/mongodb.sh);
# with --not-on-mongodb only the other files run. --but leaves out the files whose names match (extended regular
# expression).
# SITE_BUILD and SITE_MAKE_ARGS say what is tested: SITE_BUILD=build/sanitize SITE_MAKE_ARGS=SANITIZE=1.
# SITE_ARCHIVE=FILE tests what `make dist` made, in a root folder of its own (tests/support/site/archive.sh).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

JOBS=${JOBS:-$(($(nproc) + 1))}
output=$(mktemp -d)
without=()
trap 'rm -rf "$output"' EXIT

# Prints the files with this tag: the one that runs programs by the ten thousand, then the largest first, so that none
# of them is left alone at the end.
tagged() { # EXTENDED REGULAR EXPRESSION
    local longest=./memory.bats files
    files=$(grep -lE "^# bats file_tags=($1)\$" ./*.bats | xargs -r ls -S)
    grep -xF -- "$longest" <<<"$files" || true
    grep -vxF -- "$longest" <<<"$files"
}

untagged=$(grep -LE '^# bats file_tags=(any-store|sqlite-store|mongodb-store|archive)$' ./*.bats || true)
[[ -z $untagged ]] || {
    printf 'e2e: these files do not say where they run: %s\n' "$untagged" >&2
    exit 1
}

places='any-store|sqlite-store|mongodb-store'
if [[ -n ${SITE_ARCHIVE-} ]]; then
    [[ -r $SITE_ARCHIVE ]] || {
        printf 'e2e: SITE_ARCHIVE=%s is not there: make dist\n' "$SITE_ARCHIVE" >&2
        exit 1
    }
    SITE_ARCHIVE=$(realpath "$SITE_ARCHIVE")
    export SITE_ARCHIVE
    places+='|archive'
    # What `make install` does and says: the tar file has its result.
    without+=(make_install)
    # What looks at this machine's own files, which nobody in the jail sees, or is loaded into a dynamic program.
    without+=(host)
    printf 'e2e: %s; left out: tests of %s\n' "${SITE_ARCHIVE##*/}" "${without[*]}"
fi
if [[ ${1-} == --store && ${2-} == mongodb ]]; then
    shift 2
    places=any-store
    # shellcheck source-path=SCRIPTDIR source=../support/mongodb.sh
    source ../support/mongodb.sh
    trap 'mongodb_stop "$output/mongodb"; rm -rf "$output"' EXIT
    mongodb_start "$output/mongodb"
    export E2E_MONGODB=$MONGODB_URI
    # What looks into the SQLite file itself; and what only a server with atomic updates can hold.
    without+=(sqlite)
    [[ -n ${MONGODB_TEST_URI-} ]] || command -v mongod >/dev/null || without+=(atomic)
fi
if [[ ${1-} == --not-on-mongodb ]]; then
    shift
    places=${places#any-store|}
fi
mapfile -t files < <(tagged "$places")
if [[ ${1-} == --but ]]; then
    mapfile -t files < <(printf '%s\n' "${files[@]}" | grep -vE "^\./($2)")
    shift 2
fi
[[ $# -eq 0 ]] || files=("$@")

# The output of a file is printed whole, when it is done.
run_file() { # FILE
    local name=${1##*/} status=0 started=$SECONDS
    bats --tap ${unless:+--filter-tags "$unless"} "$1" >"$output/$name" 2>&1 || status=1
    printf '# %s: %d s\n' "$name" $((SECONDS - started)) >>"$output/$name"
    flock "$output" cat "$output/$name"
    return "$status"
}
unless=$(IFS=, && printf '%s' "${without[*]/#/!}")
export -f run_file
export output unless

read -r -a make_arguments <<<"${SITE_MAKE_ARGS-}"
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C ../.. BUILD="${SITE_BUILD:-build}" "${make_arguments[@]}"

# shellcheck disable=SC2016 # bash -c expands it
if printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$JOBS" bash -c 'run_file "$1"' bash; then
    printf 'e2e: all %s files passed, %s tests\n' "${#files[@]}" "$(cat "$output"/*.bats | grep -c '^ok')"
else
    printf 'e2e: FAILED:\n'
    grep -H '^not ok' "$output"/*.bats | sed 's#.*/##'
    exit 1
fi

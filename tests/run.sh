#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every test, as `make test` runs them; packages.sh has installed what they need. Goes on after a failure, so that one
# run tells all, and fails at the end. With NAME..., only those parts.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
unset SITE_DIR MAKEFLAGS MFLAGS MAKELEVEL
# Tests compare text with letters beyond ASCII.
export LC_ALL=C.UTF-8
# What we build has no warning.
export WERROR=1

JOBS=${JOBS:-$(nproc)}
passed=() failed=()

quiet_make() { make -s -j"$JOBS" "$@"; }

build_gcc() { quiet_make all; }
build_clang() { quiet_make BUILD=build/clang CC=clang all; }
build_sanitize() { quiet_make BUILD=build/sanitize SANITIZE=1 all; }
unit() { quiet_make unit; }
unit_sanitize() { quiet_make BUILD=build/sanitize SANITIZE=1 unit; }
unit_valgrind() {
    quiet_make unit UNIT_RUNNER='valgrind -q --error-exitcode=1 --leak-check=full --child-silent-after-fork=yes'
}
tokens() { tests/tokens/run.sh; }
fuzz_seeds() { quiet_make BUILD=build/sanitize SANITIZE=1 seeds; }
docs() { bats --tap tests/docs; }
tools() { bats --tap tests/tools; }
mongodb_server() {
    # shellcheck source-path=SCRIPTDIR source=support/mongodb.sh
    (source tests/support/mongodb.sh && mongodb_prepare)
}
contract_mongodb() { quiet_make all unit UNIT_TESTS=build/tests/test_store_contract && tests/contract.sh; }
# What `make` builds runs every file once: those that hold for any store with MongoDB, the others here. With SQLite the
# former run with the sanitizers, and as what `make dist` makes. Memory runs out at each fifth place; `make memory` tries
# each one.
end_to_end() { MEMORY_STEP=5 tests/e2e/run.sh --not-on-mongodb; }
# A sanitized program starts slowly: there memory runs out at a few places only. Left out are files that mostly wait, or go
# a way that others go, too; and what `make install` does, which is no matter of how the programs were built.
end_to_end_sanitize() {
    MEMORY_STEP=41 SITE_BUILD=build/sanitize SITE_MAKE_ARGS=SANITIZE=1 tests/e2e/run.sh --but \
        'install|harness|authorize_url|ca_refresh(_races)?\.bats|failure_page|gate_(command|load|prefork)|identity|layouts|long_lived|migrate|mongodb_outage|own_host|provider_(faults|outage|wait)|refresh_(command|races)|repeated_callback|return_to|token_command|web_servers'
}
end_to_end_mongodb() { tests/e2e/run.sh --store mongodb; }
browser() { tests/browser/run.sh; }

# What `make dist` makes. The libraries are built once and cached.
DIST_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/cgi-login/dist
archive=$DIST_CACHE/cgi-login-$(<VERSION)-linux
export DIST_CACHE
dist() { dist/build.sh && dist/test.sh "$archive-x86_64.tar.gz" && dist/reproducible.sh; }
dist_arm() {
    ARCH=aarch64 dist/build.sh && RUNNER=$(command -v qemu-aarch64-static) dist/test.sh "$archive-aarch64.tar.gz"
}
# What is new of these programs is what is linked into them: the libraries, and for MongoDB its driver.
end_to_end_dist() {
    SITE_ARCHIVE=$archive-x86_64.tar.gz tests/e2e/run.sh --but \
        'mongodb|memory|authorize_url|ca_refresh_|config|data_requests|failure_page|gate(_authorizer|_command|_load|_prefork|_proxy)?\.bats|htaccess|http|identity|languages|layouts|long_lived|own_host|pending_login|provider_(faults|outage|wait)|refresh_(command|races|seals)|return_to|token_command|web_servers'
}
end_to_end_dist_mongodb() {
    SITE_ARCHIVE=$archive-x86_64.tar.gz tests/e2e/run.sh --store mongodb flow.bats accounts.bats admin.bats linking.bats \
        refresh.bats sessions.bats users.bats
}

# The Debian package, in a copy of this system.
package() { packaging/test.sh; }

lint() { tools/lint.sh; }

parts=(lint build_gcc build_clang build_sanitize unit unit_sanitize unit_valgrind tokens fuzz_seeds docs tools mongodb_server
    contract_mongodb end_to_end end_to_end_mongodb end_to_end_sanitize browser package dist dist_arm end_to_end_dist end_to_end_dist_mongodb)
for part in "$@"; do
    [[ " ${parts[*]} " == *" $part "* && $part != *' '* ]] || {
        printf 'tests: there is no part "%s"; the parts are: %s\n' "$part" "${parts[*]}" >&2
        exit 2
    }
done
[[ $# -eq 0 ]] || parts=("$@")
for part in "${parts[@]}"; do
    started=$SECONDS
    printf '\n== %s\n' "${part//_/ }"
    if "$part"; then
        passed+=("$part")
        printf '== %s: passed, %d s\n' "${part//_/ }" $((SECONDS - started))
    else
        failed+=("$part")
        printf '== %s: FAILED, %d s\n' "${part//_/ }" $((SECONDS - started))
    fi
done
printf '\nIn %d s. Failed: %s\n' "$SECONDS" "${failed[*]:-none}"
printf '%d passed, %d failed\n' "${#passed[@]}" "${#failed[@]}"
[[ ${#failed[@]} -eq 0 ]]

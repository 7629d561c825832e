# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What is built, for tests that hold documents against it: COMMAND is the command-line program of BUILD, made from ROOT,
# where each test starts. To be loaded by a .bats file.

setup_file() {
    export LC_ALL=C.UTF-8
    export ROOT=${ROOT:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
    export BUILD=${SITE_BUILD:-build}
    [[ $BUILD == /* ]] || BUILD=$ROOT/$BUILD
    export COMMAND=$BUILD/bin/cgi-login
    local -a arguments=()
    read -r -a arguments <<<"${SITE_MAKE_ARGS-}"
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$ROOT" BUILD="${SITE_BUILD:-build}" "${arguments[@]}" >&2
}

setup() {
    cd "$ROOT" || return 1
}

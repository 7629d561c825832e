#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# tools/packages.sh, and what `make` says on a machine that lacks something: one line that names the remedy, each package
# once, and to those who cannot install any, the way that needs none.

bats_load_library bats-support
bats_load_library bats-assert

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    export LC_ALL=C.UTF-8
    unset MAKEFLAGS MFLAGS MAKELEVEL CC
}

teardown() { rm -rf "${PROGRAMS-}"; }

# A PATH that leads to every program of this machine but these. Not in bats' folder, which other users cannot enter.
hide() { # COMMAND...
    local command
    PROGRAMS=$(mktemp -d "${TMPDIR:-/tmp}/cgi-login-programs.XXXXXX")
    find /usr/bin /bin /usr/local/bin -maxdepth 1 ! -type d -exec ln -sft "$PROGRAMS" {} +
    for command in "$@"; do
        rm -f "$PROGRAMS/$command"
    done
    chmod 755 "$PROGRAMS"
}

with_hidden() { PATH=$PROGRAMS "$@"; }

@test "make without pkg-config ends in one line that names the package and the remedy" {
    hide pkg-config pkgconf
    run with_hidden make -s -j4 BUILD="$BATS_TEST_TMPDIR/build"
    assert_failure 2
    assert_line --index 0 \
        'packages: missing, by their Debian names: pkg-config. "tools/packages.sh build" installs them.'
    assert_line --index 1 --regexp '^make: \*\*\* .*needs-compile\] Error 1$'
    assert_equal "${#lines[@]}" 2
}

@test "make unit asks for what the unit tests need" {
    hide pkg-config pkgconf
    run with_hidden make -s BUILD="$BATS_TEST_TMPDIR/build" unit
    assert_failure 2
    assert_line --index 0 \
        'packages: missing, by their Debian names: pkg-config. "tools/packages.sh unit" installs them.'
    assert_equal "${#lines[@]}" 2
}

@test "make with libraries of one's own, or to clean up, needs no package" {
    hide pkg-config pkgconf
    run with_hidden make -n BUILD="$BATS_TEST_TMPDIR/build" LIBS=-lfoo
    assert_success
    refute_output --partial 'packages.sh'
    run with_hidden make -s BUILD="$BATS_TEST_TMPDIR/build" clean
    assert_success
    assert_output ''
}

@test "a package that two purposes need is named once" {
    hide cmake tclsh xz
    run with_hidden tools/packages.sh --check test
    assert_failure 1
    assert_equal "$(grep -ow -e cmake -e tcl -e xz-utils <<<"$output" | sort)" $'cmake\ntcl\nxz-utils'
}

@test "make lint's tools are a purpose of their own, and part of test" {
    hide clang-format clang-tidy cppcheck shellcheck shfmt mandoc tidy
    for purpose in lint test; do
        run with_hidden tools/packages.sh --check "$purpose"
        assert_failure 1
        for package in clang-format clang-tidy cppcheck shellcheck shfmt mandoc tidy; do
            assert_output --regexp "[ :]$package[ .]"
        done
    done
}

@test "who is not root is told of the command, and of the programs that need no package" {
    [[ $EUID -eq 0 ]] || skip 'only root becomes another user'
    hide pkg-config pkgconf sudo
    cd / # nobody may be kept out of the checkout
    run with_hidden setpriv --reuid=65534 --regid=65534 --clear-groups bash -s build \
        <"$BATS_TEST_DIRNAME/../../tools/packages.sh"
    assert_failure 1
    assert_line '    sudo apt-get update && sudo apt-get install --no-install-recommends pkg-config'
    assert_output --partial 'upload the static programs'
    assert_output --partial 'make dist'
}

@test "a purpose that is none is refused" {
    run tools/packages.sh nonsense
    assert_failure 2
    assert_output --partial 'usage: packages.sh'
}

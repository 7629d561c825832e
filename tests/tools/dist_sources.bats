#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Where `make dist` takes its libraries from (dist/sources.sh), with an apt of our own: the newest version that is served
# wins, what is listed and not served is told, what is older than libraries.txt takes is refused. And that a library's
# build sees nothing of what this machine's user has in the environment.

bats_load_library bats-support
bats_load_library bats-assert

setup() {
    export LC_ALL=C.UTF-8 FAKE=$BATS_TEST_TMPDIR/fake DIST_CACHE=$BATS_TEST_TMPDIR/cache
    unset DIST_MANIFEST DIST_OUTPUT ARCH
    ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    mkdir -p "$FAKE/bin"
    # apt-cache names the versions in $FAKE/listed, each of a release of its own, but for those with another: "1.2-3 twin".
    # apt-get has the releases in $FAKE/served, and no lists where $FAKE/offline is.
    cat >"$FAKE/bin/apt-cache" <<'SH'
#!/bin/sh
case $1 in
madison) awk '{ print " openssl |", $1, "| http://localhost/", ($2 ? $2 : $1) "/main Sources" }' "$FAKE/listed" ;;
*) awk '{ print "Version:", $1 }' "$FAKE/listed" ;;
esac
SH
    cat >"$FAKE/bin/apt-get" <<'SH'
#!/bin/sh
printf '%s\n' "$*" >>"$FAKE/calls"
case " $* " in
*' update '*) [ ! -e "$FAKE/offline" ] ;;
*' source '*)
    for last; do :; done
    release=${last#*/}
    grep -qxF "$release" "$FAKE/served" &&
        awk -v release="$release" '($2 ? $2 : $1) == release { print "Version:", $1 "\n" release }' "$FAKE/listed" \
            >package.dsc
    ;;
esac
SH
    cat >"$FAKE/bin/dpkg-source" <<'SH'
#!/bin/sh
for last; do :; done
mkdir "$last" && tail -n 1 package.dsc >"$last/source"
SH
    chmod 755 "$FAKE"/bin/*
}

serve() { printf '%s\n' "$@" >"$FAKE/served"; } # VERSION...
list() { printf '%s\n' "$@" >"$FAKE/listed"; }  # VERSION...

# As `make dist` does it for one library, in a shell of its own.
get() { # OLDEST
    rm -f "$FAKE/calls"
    # shellcheck disable=SC2016 # the inner shell expands it
    run env PATH="$FAKE/bin:$PATH" bash -euo pipefail -c '
        source "$1/dist/build.sh"
        mkdir -p "$cache/sources"
        log=$cache/log
        sources_get openssl source openssl "$2"
        printf "took %s\n" "$(sources_version openssl)"
        printf "missed %s\n" "$(sources_missed openssl)"' bash "$ROOT" "$1"
}

lists_are_old() { touch -d '1 day ago' "$DIST_CACHE/apt/updated"; }

@test "the newest version that is served wins, not the one that was tested" {
    list 3.0.17-1 3.0.22-1 3.0.20-1~deb12u2
    serve 3.0.17-1 3.0.20-1~deb12u2 3.0.22-1
    get 3.0.20-1~deb12u2
    assert_success
    assert_line 'took 3.0.22-1'
    assert_line 'missed '
    assert_equal "$(cat "$DIST_CACHE/sources/openssl/tree/source")" 3.0.22-1
}

@test "what is listed and not served is told, and the newest that is served is taken" {
    list 3.0.17-1 3.0.22-1 3.0.20-1
    serve 3.0.17-1 3.0.20-1
    get 3.0.20-1
    assert_success
    assert_line --partial 'note: openssl 3.0.22-1 is listed, but it is not served'
    assert_line 'took 3.0.20-1'
    assert_line 'missed 3.0.22-1'
    # With the same lists it is not asked for again, and still told.
    get 3.0.20-1
    assert_success
    assert_line 'missed 3.0.22-1'
    assert [ ! -e "$FAKE/calls" ]
    # With the next lists it is.
    lists_are_old
    serve 3.0.22-1
    get 3.0.20-1
    assert_success
    assert_line 'took 3.0.22-1'
    assert_line 'missed '
}

@test "a version that two releases list is taken from the one that has it" {
    list '3.0.22-1 security' '3.0.22-1 stable' 3.0.20-1
    serve stable 3.0.20-1
    get 3.0.20-1
    assert_success
    assert_line 'took 3.0.22-1'
    assert_equal "$(cat "$DIST_CACHE/sources/openssl/tree/source")" stable
    refute_output --partial note
}

@test "what is cached gives way to what is newer, once the lists are old" {
    list 3.0.20-1
    serve 3.0.20-1
    get 3.0.20-1
    assert_line 'took 3.0.20-1'
    list 3.0.20-1 3.0.22-1
    serve 3.0.20-1 3.0.22-1
    lists_are_old
    get 3.0.20-1
    assert_success
    assert_line 'took 3.0.22-1'
}

@test "a version older than libraries.txt takes is refused" {
    list 3.0.17-1
    serve 3.0.17-1
    get 3.0.20-1
    assert_failure
    assert_output --partial 'the newest that is served here is 3.0.17-1, older than 3.0.20-1'
}

@test "no version at all is a failure" {
    list 3.0.20-1
    serve nothing
    get 3.0.20-1
    assert_failure
    assert_output --partial 'could not be fetched in any version'
}

@test "without a network what is cached is taken, with a note" {
    list 3.0.20-1
    serve 3.0.20-1
    get 3.0.20-1
    lists_are_old
    touch "$FAKE/offline"
    get 3.0.20-1
    assert_success
    assert_output --partial 'the package lists could not be fetched'
    assert_line 'took 3.0.20-1'
}

@test "the versions of a MANIFEST are taken to build the same again" {
    printf '%-16s %s\n' name version openssl '3.0.20-1 Apache' '' '' openssl 3.0.22-1 >"$BATS_TEST_TMPDIR/MANIFEST"
    export DIST_MANIFEST=$BATS_TEST_TMPDIR/MANIFEST
    list 3.0.20-1 3.0.23-1
    serve 3.0.20-1 3.0.23-1
    get 3.0.20-1
    assert_success
    assert_line 'took 3.0.20-1'
    assert_line 'missed 3.0.22-1' # as its MANIFEST said, so that the bytes are the same
    serve 3.0.23-1
    rm -rf "$DIST_CACHE/sources"
    get 3.0.20-1
    assert_failure
}

@test "each library in libraries.txt is there with a kind, a package, a version, a licence and its files" {
    run awk '!/^#/ && NF != 6' "$ROOT/dist/libraries.txt"
    assert_output ''
}

@test "a library's build has no flags, paths or site file of this machine's user" {
    # shellcheck disable=SC2016 # the inner shell expands it
    CFLAGS=-m32 CPATH=/nowhere PKG_CONFIG_PATH=/nowhere CMAKE_PREFIX_PATH=/nowhere CXXCPP=/bin/false LIBS=-lnone \
        work=/elsewhere run bash -euo pipefail -c '
        source "$1/dist/build.sh"
        sysroot=/sysroot work=/work
        _libraries_environment
        env' bash "$ROOT"
    assert_success
    refute_output --partial nowhere
    refute_output --regexp $'(^|\n)(CFLAGS|CPATH|LIBS|work|CMAKE_PREFIX_PATH)='
    assert_line 'CXXCPP=static-gcc -x c -E'
    assert_line 'PKG_CONFIG=false'
    assert_line 'HOME=/work'
}

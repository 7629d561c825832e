#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What `make dist` does: builds fully static programs and packs them for upload.
#   [ARCH=x86_64|aarch64] [DIST_CACHE=FOLDER] [DIST_OUTPUT=FOLDER] [DIST_MANIFEST=FILE] dist/build.sh [programs]
# The result is OUTPUT/cgi-login-VERSION-linux-ARCH.tar.gz (default CACHE: build/dist, default OUTPUT: CACHE). Libraries
# are built once, and again when their version or the way they are built changes. Each is the newest that is served, or
# with DIST_MANIFEST, the MANIFEST of an archive, the version that is in it. `programs` stops before packing.
set -euo pipefail
umask 022
unset MAKEFLAGS MFLAGS MAKELEVEL CDPATH
export LC_ALL=C TZ=UTC

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
arch=${ARCH:-x86_64}
cache=${DIST_CACHE:-$root/build/dist}
output=${DIST_OUTPUT:-$cache}
manifest=${DIST_MANIFEST-}
jobs=${JOBS:-$(nproc)}

say() { printf '  %-4s %s\n' DIST "$*"; }

fail() {
    printf 'dist: %s\n' "$*" >&2
    exit 1
}

fail_with_log() { # WHAT
    tail -n 20 "$log" >&2
    fail "$1; the whole log is $log"
}

# shellcheck source-path=SCRIPTDIR source=sources.sh
source "$root/dist/sources.sh"
# shellcheck source-path=SCRIPTDIR source=toolchain.sh
source "$root/dist/toolchain.sh"
# shellcheck source-path=SCRIPTDIR source=libraries.sh
source "$root/dist/libraries.sh"
# shellcheck source-path=SCRIPTDIR source=ca_folder.sh
source "$root/dist/ca_folder.sh"
# shellcheck source-path=SCRIPTDIR source=bundle.sh
source "$root/dist/bundle.sh"

choose_machine() {
    kernel_headers=/usr/include
    case $arch in
    x86_64) kernel_headers_arch=/usr/include/x86_64-linux-gnu host_prefix=x86_64-linux-gnu ;;
    aarch64)
        kernel_headers_arch=/usr/aarch64-linux-gnu/include host_prefix=aarch64-linux-gnu
        if [[ $(uname -m) == aarch64 ]]; then
            kernel_headers_arch=/usr/include/aarch64-linux-gnu
        fi
        ;;
    *) fail "ARCH=$arch: expected x86_64 or aarch64" ;;
    esac
    command -v "$host_prefix-gcc" >/dev/null || fail "$host_prefix-gcc is missing; run tools/packages.sh dist"
}

choose_folders() {
    mkdir -p "$cache" "$output"
    cache=$(cd "$cache" && pwd -P)
    output=$(cd "$output" && pwd -P)
    if [[ -n $manifest ]]; then
        manifest=$(realpath -e "$manifest") || fail "DIST_MANIFEST=$manifest: there is no such file"
    fi
    # gcc's spec file, and make, take no other.
    [[ $cache != *[[:space:]]* ]] || fail "the path of $cache has a space, which make cannot take"
    work=$cache/$arch/work sysroot=$cache/$arch/sysroot logs=$cache/$arch/logs
    mkdir -p "$work" "$sysroot" "$logs"
    log=$logs/sources.log
    version=$(<"$root/VERSION")
    archive=$output/cgi-login-$version-linux-$arch.tar.gz
}

# Every time stamp in the result. Without git, a day that any tool takes.
choose_time() {
    if [[ -z ${SOURCE_DATE_EPOCH-} ]]; then
        SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct 2>/dev/null) || SOURCE_DATE_EPOCH=315532800
    fi
    export SOURCE_DATE_EPOCH
}

library_lines() { grep -v '^#' "$root/dist/libraries.txt"; }

# Libraries are given a time of their own: the last commit's would build all anew with every commit.
readonly library_time=315532800

# What a library's build hangs on: the way there, its version, the compiler, and the two that others build on.
library_key() { # NAME
    {
        declare -f "build_$1" build_musl build_openssl _libraries_environment _toolchain_flags _toolchain_write_specs
        declare -p _openssl_left_out _sqlite_flags
        sources_version "$1" && sources_version musl && sources_version openssl
        "$host_prefix-gcc" --version
        printf '%s\n' "$sysroot"
    } | sha256sum | cut -d' ' -f1
}

build_in_folder() { # NAME: to be the last of its shell
    set -e
    cd "$work/$1"
    PATH=$sysroot/bin:$PATH
    _libraries_environment
    "build_$1"
}

build_library() { # NAME
    local name=$1 stamp=$sysroot/built-$1 key started=$SECONDS
    key=$(library_key "$name")
    [[ $(cat "$stamp" 2>/dev/null) != "$key" ]] || return 0
    log=$logs/$name.log
    rm -rf "${work:?}/$name" "$stamp"
    cp -a "$cache/sources/$name/tree" "$work/$name"
    # In the background, and only then looked at: bash ignores set -e in whatever stands left of ||.
    build_in_folder "$name" >"$log" 2>&1 </dev/null &
    wait $! || fail_with_log "$name $(sources_version "$name") could not be built"
    rm -rf "${work:?}/$name"
    printf '%s' "$key" >"$stamp"
    say "$name $(sources_version "$name"), $((SECONDS - started)) s"
}

build_libraries() {
    local name kind package oldest rest
    while read -r name kind package oldest rest; do
        sources_get "$name" "$kind" "$package" "$oldest"
    done < <(library_lines)
    while read -r name kind rest; do
        [[ $kind == binary ]] || build_library "$name"
    done < <(library_lines)
}

# What stands in for a part of musl: the resolver where libmongoc asks for it.
build_replacements() {
    local -a compile=("$sysroot/bin/static-gcc" -std=c11 -Wall -Wextra -Werror -D_GNU_SOURCE -c)
    log=$logs/replacements.log
    {
        "${compile[@]}" -o "$work/resolver.o" "$root/dist/resolver.c" &&
            _archive libresolver.a "$work/resolver.o"
    } >"$log" 2>&1 || fail_with_log 'resolver.c could not be built'
}

# What the Makefile includes for a static build; `make STATIC=THIS` builds, installs and tests with it.
write_makefile_part() {
    cat >"$cache/$arch/static.mk.new" <<MAKE
# Made by dist/build.sh: how to link the programs statically.
CC := $sysroot/bin/static-gcc
AR := $host_prefix-ar
PKG_CONFIG := false
CONTROL_FLOW :=
OPTIMISE := -O2
LDFLAGS += -s -Wl,--wrap=res_search
LIBS := -lcurl -lsqlite3 -lcjson -lsodium -lmongoc-1.0 -lbson-1.0 -lssl -lcrypto -lresolver -lpthread
CPPFLAGS_OURS += -DCGI_LOGIN_FASTCGI
FCGI_LIBS := -lfcgi
MONGOC_CFLAGS := -isystem $sysroot/include/libmongoc-1.0 -isystem $sysroot/include/libbson-1.0 -DBSON_STATIC -DMONGOC_STATIC
MAKE
    # Unchanged it keeps its time, and make has nothing to do.
    if cmp -s "$cache/$arch/static.mk.new" "$cache/$arch/static.mk"; then
        rm "$cache/$arch/static.mk.new"
    else
        mv "$cache/$arch/static.mk.new" "$cache/$arch/static.mk"
    fi
}

build_programs() {
    log=$logs/programs.log
    local started=$SECONDS
    # From scratch: make does not see that a library has changed.
    rm -rf "$cache/$arch/programs"
    make -s -j"$jobs" -C "$root" STATIC="$cache/$arch/static.mk" BUILD="$cache/$arch/programs" all >"$log" 2>&1 ||
        fail_with_log 'the programs could not be built'
    say "cgi-login $version, $((SECONDS - started)) s"
}

# -static-pie and an unlucky flag give a dynamic program without a word, so look.
check_static() {
    local program
    for program in "$cache/$arch/programs"/{cgi-bin,bin,lib}/*; do
        [[ -x $program && $program != *.o ]] || continue
        if readelf -lW "$program" | grep -q INTERP || readelf -dW "$program" | grep -q NEEDED; then
            fail "$program is not static"
        fi
    done
}

# Last, where it is seen: whoever hands the archive on should know what is mended already.
tell_missed() {
    local name rest missed
    while read -r name rest; do
        missed=$(sources_missed "$name")
        [[ -z $missed ]] ||
            say "note: this is $name $(sources_version "$name"); $missed is listed, but was not served: build again later"
    done < <(library_lines)
}

# One function: bash reads a script while it runs, and a build takes minutes.
main() {
    choose_machine
    choose_folders
    choose_time
    # A build that fails leaves none that looks like its own.
    [[ ${1-} == programs ]] || rm -f "$archive" "$archive.sha256"
    build_libraries
    build_replacements
    write_makefile_part
    build_programs
    check_static
    [[ ${1-} == programs ]] || bundle
    tell_missed
}

# Sourced, it only defines what it is made of.
if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    main "$@"
    exit
fi

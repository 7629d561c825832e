#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packages.sh [--check] PURPOSE: installs the Debian packages that this purpose needs and that are missing here. Looks for
# the tools themselves, not for packages: they may come from elsewhere. With --check it installs nothing and fails, in one
# line, where something is missing. The purposes:
#   compile  what `make` cannot do without    unit   that, and what the unit tests need
#   build    all that `make` has a use for    lint   what `make lint` runs
#   run, test, bench, dist, package, release  what `make` with that word needs
#   e2e      what the end-to-end tests, and those of the tar file, need beside a MongoDB server
#   load                                      what `make load` needs
#   bare                                      what `make bare` needs
set -euo pipefail

missing=()

miss() { # PACKAGE: several purposes may ask for it
    [[ " ${missing[*]} " == *" $1 "* ]] || missing+=("$1")
}

need_command() { # PACKAGE COMMAND...: any one of the commands will do
    local package=$1 command
    shift
    for command in "$@"; do
        if command -v "$command" >/dev/null || [[ -x /usr/sbin/$command ]]; then
            return
        fi
    done
    miss "$package"
}

need_file() { # PACKAGE PATTERN...: any file that matches will do
    local package=$1 pattern
    shift
    for pattern in "$@"; do
        if compgen -G "$pattern" >/dev/null; then
            return
        fi
    done
    miss "$package"
}

need_library() { # PACKAGE PKG_CONFIG_NAME HEADER: pkg-config also finds libraries outside /usr
    local package=$1 name=$2 header=$3
    if ! pkg-config --exists "$name" 2>/dev/null; then
        need_file "$package" "/usr/include/$header" "/usr/include/*-linux-*/$header"
    fi
}

# CC is what make was given, if it was.
need_compile() {
    need_command gcc "${CC:-cc}" cc gcc clang
    # gcc only recommends the C library's headers, and recommended packages are not installed here.
    need_file libc6-dev /usr/include/stdio.h
    need_command make make
    need_command pkg-config pkg-config
    need_library libcjson-dev libcjson cjson/cJSON.h
    need_library libsodium-dev libsodium sodium.h
    need_library libcurl4-openssl-dev libcurl curl/curl.h
    need_library libsqlite3-dev sqlite3 sqlite3.h
    need_library libssl-dev libcrypto openssl/x509.h
}

# FastCGI and MongoDB are left out where these are missing.
need_build() {
    need_compile
    need_library libfcgi-dev fcgi fcgiapp.h
    need_library libmongoc-dev libmongoc-1.0 libmongoc-1.0/mongoc.h
}

need_unit() {
    need_build
    need_library libcmocka-dev cmocka cmocka.h
}

need_lint() {
    need_build
    need_command clang-format clang-format
    need_command clang-tidy clang-tidy
    need_command cppcheck cppcheck
    need_command shellcheck shellcheck
    need_command shfmt shfmt
    need_command mandoc mandoc
    need_command tidy tidy
    need_command yamllint yamllint
}

# apache2-bin has the server and its modules but no service: nothing starts on port 80.
need_run() {
    need_build
    need_command apache2-bin apache2 httpd
    need_command python3 python3
    need_command curl curl
    need_command openssl openssl
}

need_e2e() {
    need_run
    need_command bats bats
    need_file bats-assert '/usr/lib/bats/bats-assert/load.bash'
    need_file bats-support '/usr/lib/bats/bats-support/load.bash'
    need_command jq jq
    need_command sqlite3 sqlite3
    need_file libapache2-mod-fcgid /usr/lib/apache2/modules/mod_fcgid.so
    # An application behind the gate, and other servers that ask it.
    need_command php-cgi php-cgi
    need_command caddy caddy
    need_command fcgiwrap fcgiwrap
    need_command lighttpd lighttpd
    need_command nginx-light nginx
    need_command spawn-fcgi spawn-fcgi
    # The languages in which the site's own scripts open a session's cookie, and what that wants there.
    need_command php-cli php
    need_file python3-nacl '/usr/lib/python3*/*-packages/nacl/__init__.py'
    need_file libffi-platypus-perl '/usr/lib/*/perl5/*/FFI/Platypus.pm' '/usr/share/perl5/FFI/Platypus.pm'
    need_file libsodium23 '/usr/lib/*/libsodium.so.23'
    need_command nodejs node nodejs
    need_command npm npm
    # Another client than the product's, to look at what it has written.
    need_file python3-pymongo '/usr/lib/python3*/*-packages/pymongo/__init__.py'
    need_command bsdutils script
    need_command strace strace
    need_file ca-certificates /etc/ssl/certs/ca-certificates.crt
}

need_test() {
    need_e2e
    need_unit
    need_lint
    need_command valgrind valgrind
    need_command clang clang
    need_file libclang-rt-dev '/usr/lib/clang/*/lib/*/libclang_rt.asan*.a' \
        '/usr/lib/llvm-*/lib/clang/*/lib/*/libclang_rt.asan*.a'
    need_command nodejs node nodejs
    need_command npm npm
    # Where there is no MongoDB server, one is built from its Go module (mongodb.sh).
    if [[ -z ${MONGODB_TEST_URI-} ]] && ! command -v mongod >/dev/null; then
        need_command golang-go go
        need_command git git
    fi
    # The static programs, also those for ARM, and the Debian package.
    need_release
    need_command lintian lintian
    need_command unzip unzip
    need_command qemu-user-static qemu-aarch64-static
    need_command chromium chromium
    need_file fonts-noto-color-emoji '/usr/share/fonts/truetype/*/NotoColorEmoji*' '/usr/share/fonts/*/NotoColorEmoji*'
}

need_load() {
    need_e2e
}

# php-cgi and node are compared with where they are, but not installed for that.
need_bench() {
    need_run
    need_command hyperfine hyperfine
    need_command strace strace
    need_command valgrind valgrind
    need_file libapache2-mod-fcgid /usr/lib/apache2/modules/mod_fcgid.so
    need_command wrk wrk
    need_command procps pkill
}

# The libraries come as source packages (dist/build.sh), so none of them is here. ARCH=aarch64 wants a cross compiler.
need_dist() {
    need_command gcc gcc cc
    # For what the libraries' builds make for themselves.
    need_file libc6-dev /usr/include/stdio.h
    need_file linux-libc-dev /usr/include/linux/version.h
    need_command make make
    need_command cmake cmake
    need_command perl perl
    need_command patch patch
    need_command tcl tclsh
    need_command autoconf autoconf
    need_command automake automake
    need_command libtool libtoolize
    need_command dpkg-dev dpkg-source
    need_command xz-utils xz
    need_command openssl openssl
    # The manual in it.
    need_command cmark-gfm cmark-gfm
    need_command python3 python3
    if [[ ${ARCH-} == aarch64 && $(uname -m) != aarch64 ]]; then
        need_command gcc-aarch64-linux-gnu aarch64-linux-gnu-gcc
        need_file linux-libc-dev-arm64-cross /usr/aarch64-linux-gnu/include/linux/version.h
    fi
}

# debhelper brings all that a package is built with.
need_package() {
    need_build
    need_command debhelper dh
    need_command dpkg-dev dpkg-buildpackage
}

need_release() {
    need_dist
    ARCH=aarch64 need_dist
    need_package
    need_command git git
    need_command minisign minisign
}

need_bare() {
    need_command debootstrap debootstrap
    need_command util-linux unshare
}

# How to become root, as an array; fails where there is no way without asking.
find_root() {
    if [[ $EUID -eq 0 ]]; then
        as_root=(env)
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=(sudo -n env)
    else
        return 1
    fi
}

# Of a web server only the program is wanted: a package that comes with a service shall not start it (invoke-rc.d heeds
# the first variable, systemctl the second).
apt() {
    "${as_root[@]}" RUNLEVEL=1 SYSTEMD_OFFLINE=1 DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@"
}

install_missing() {
    local log
    log=$(mktemp)
    printf 'packages: installing %s\n' "${missing[*]}"
    if ! apt install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
        printf 'packages: updating the package lists and trying again\n'
        if ! { apt update && apt install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
            tail -n 15 "$log" >&2
            rm -f "$log"
            return 1
        fi
    fi
    rm -f "$log"
    printf 'packages: installed\n'
}

tell_and_fail() { # WHY
    local sudo='sudo '
    [[ $EUID -ne 0 ]] || sudo=
    {
        printf 'packages: %s\nInstall them yourself, then run this again:\n\n' "$1"
        printf '    %sapt-get update && %sapt-get install --no-install-recommends %s\n\n' \
            "$sudo" "$sudo" "${missing[*]}"
        printf 'On a web host you need none of them, nor a compiler: upload the static programs, one tar file\n'
        printf 'that "make dist" makes on any Debian 12 or 13 machine; the INSTALL.html in it tells how.\n\n'
    } >&2
    exit 1
}

tell_in_a_line() { # PURPOSE
    local installing=$1
    # One who only wants to compile has a use for the rest of what `make` can build.
    [[ $1 != compile ]] || installing=build
    printf 'packages: missing, by their Debian names: %s. "tools/packages.sh %s" installs them.\n' \
        "${missing[*]}" "$installing" >&2
    exit 1
}

main() {
    local check=
    if [[ ${1-} == --check ]]; then
        check=yes
        shift
    fi
    case ${1-} in
    compile | build | unit | lint | run | e2e | test | load | bench | dist | package | release | bare) "need_$1" ;;
    *)
        printf 'usage: packages.sh [--check] compile|build|unit|lint|run|e2e|test|load|bench|dist|package|release|bare\n' >&2
        exit 2
        ;;
    esac
    if [[ ${#missing[@]} -eq 0 ]]; then
        return
    elif [[ -n $check ]]; then
        tell_in_a_line "$1"
    elif ! command -v apt-get >/dev/null; then
        tell_and_fail "missing, by their Debian names: ${missing[*]}."
    elif ! find_root; then
        tell_and_fail "missing: ${missing[*]}. Only root can install them."
    elif ! install_missing; then
        tell_and_fail "could not install ${missing[*]}."
    fi
}

main "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What `make bare` does: proves on bare Debian 12 and 13 systems, with make, gcc and ca-certificates and nothing else,
# that a clean copy of this tree does what the README promises of a fresh machine.
#   tests/bare/run.sh [SUITE...] [PART...]     suites: bookworm trixie; parts: run test dist (inside.sh); default: all
# Each part gets a root folder of its own, unpacked from a tar file that debootstrap fills once, and a mount and process
# namespace of its own: however it ends, all that it mounted and started ends with it. Packages come from the mirrors,
# and through the proxies, that this machine's apt uses. KEEP=yes leaves the root folders of failed parts.
# BARE_SOURCES_OF=SUITE lists that release's source packages too, for a mirror that does not serve all of the newer one's.
set -euo pipefail
export LC_ALL=C.UTF-8

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/cgi-login/bare
readonly root cache base_age_days=7
work=
passed=0 failed=0

fail() {
    printf 'bare: %s\n' "$*" >&2
    exit 1
}

clean_up() {
    local status=$?
    trap '' INT TERM HUP
    [[ -z ${namespace-} ]] || kill -KILL "$namespace" 2>/dev/null || true
    wait
    [[ -z $work ]] || rm -rf --one-file-system "$work"
    exit "$status"
}

check_machine() {
    [[ $EUID -eq 0 ]] || fail 'only root can unpack a system and make it the root folder: run this as root'
    "$root/tools/packages.sh" bare
}

# --- where packages come from: what this machine's apt knows of Debian ---

# A line each: the release, its mirror, a component.
debian_sources() {
    apt-get indextargets --format '$(ORIGIN) $(RELEASE) $(REPO_URI) $(COMPONENT)' 'Created-By: Packages' |
        sed -n 's/^Debian //p' | sort -u
}

read_sources() {
    # shellcheck source=/dev/null
    codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME-}")
    sources=$(debian_sources)
    if [[ -z $sources ]]; then
        apt-get -qq update
        sources=$(debian_sources)
    fi
    mirror=$(awk -v release="$codename" '$1 == release { print $2; exit }' <<<"$sources")
    [[ -n $mirror ]] || fail "this machine's apt names no mirror of Debian ${codename:-of any release}"
}

write_sources() { # ROOT SUITE: and how to reach them
    local release uri component
    rm -rf "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*
    while read -r release uri component; do
        printf 'deb %s %s %s\n' "$uri" "${release/#"$codename"/"$2"}" "$component"
        [[ -z ${BARE_SOURCES_OF-} ]] ||
            printf 'deb-src %s %s %s\n' "$uri" "${release/#"$codename"/"$BARE_SOURCES_OF"}" "$component"
    done <<<"$sources" >"$1/etc/apt/sources.list.d/mirror.list"
    apt-config dump --no-empty | grep '^Acquire::' | grep -v '^Acquire::IndexTargets' >"$1/etc/apt/apt.conf.d/90mirror"
    cp -L /etc/resolv.conf /etc/hosts "$1/etc/"
}

# --- a root folder ---

# The tar file of a bare system; renewed after some days, since packages in it age.
make_base() { # SUITE
    local folder=$work/base tar=$cache/$1.tar
    [[ -z $(find "$tar" -mtime -"$base_age_days" 2>/dev/null) ]] || return 0
    printf 'bare: %s: debootstrap\n' "$1"
    mkdir -p "$cache"
    debootstrap --variant=minbase --include=make,gcc,ca-certificates "$1" "$folder" "$mirror" >"$cache/$1.log" 2>&1 ||
        fail "debootstrap failed; the whole log is $cache/$1.log"
    rm -rf "$folder"/var/cache/apt/archives/*.deb
    tar -C "$folder" -cf "$tar.new" .
    mv "$tar.new" "$tar"
    rm -rf --one-file-system "$folder"
}

# What git knows and what is new, but nothing that was built here.
copy_tree() { # FOLDER
    mkdir -p "$1"
    if git -C "$root" rev-parse --git-dir >/dev/null 2>&1; then
        (cd "$root" && git ls-files -co --exclude-standard -z | while IFS= read -r -d '' file; do
            [[ ! -e $file ]] || printf '%s\0' "$file"
        done | tar --null --files-from - -cf -)
    else
        tar -C "$root" --exclude=./build --exclude=node_modules -cf - .
    fi | tar -C "$1" -xf -
}

make_root() { # FOLDER SUITE
    mkdir -p "$1"
    tar -C "$1" -xf "$cache/$2.tar"
    write_sources "$1" "$2"
    copy_tree "$1/root/tree"
}

# The mounts are in a namespace that ends with its first process, and every process in it is then killed.
enter() { # ROOT COMMAND...
    local folder=$1
    local -a environment=(PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8)
    local name
    shift
    for name in http_proxy https_proxy no_proxy JOBS; do
        [[ -z ${!name-} ]] || environment+=("$name=${!name}")
    done
    # shellcheck disable=SC2016 # the inner shell expands it
    unshare --mount --pid --fork --kill-child bash -c '
        mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mount -t tmpfs tmpfs "$0/dev/shm" || exit 1
        exec chroot "$0" env -i "$@"' "$folder" "${environment[@]}" "$@" &
    namespace=$!
    wait "$namespace"
}

prove() { # SUITE PART
    local started=$SECONDS status=0 folder=$work/$1-$2 log=$cache/$1-$2.log
    make_root "$folder" "$1"
    enter "$folder" bash /root/tree/tests/bare/inside.sh "$2" >"$log" 2>&1 </dev/null || status=$?
    namespace=
    if [[ $status -eq 0 ]]; then
        passed=$((passed + 1))
        printf 'ok %d - %s: %s, %d s\n' $((passed + failed)) "$1" "$2" $((SECONDS - started))
    else
        failed=$((failed + 1))
        tail -n 25 "$log" | sed 's/^/    /'
        printf 'not ok %d - %s: %s, %d s; the whole log is %s\n' $((passed + failed)) "$1" "$2" \
            $((SECONDS - started)) "$log"
        [[ -z ${KEEP-} ]] || mv "$folder" "$cache/$1-$2.root"
    fi
    rm -rf --one-file-system "$folder"
}

main() {
    local suite part
    local -a suites=() parts=()
    for part in "$@"; do
        case $part in
        bookworm | trixie) suites+=("$part") ;;
        run | test | dist) parts+=("$part") ;;
        *) fail 'usage: tests/bare/run.sh [bookworm] [trixie] [run] [test] [dist]' ;;
        esac
    done
    [[ ${#suites[@]} -gt 0 ]] || suites=(bookworm trixie)
    [[ ${#parts[@]} -gt 0 ]] || parts=(run test dist)
    check_machine
    read_sources
    work=$(mktemp -d "${TMPDIR:-/tmp}/cgi-login-bare.XXXXXX")
    trap clean_up EXIT
    trap 'exit 130' INT TERM HUP
    for suite in "${suites[@]}"; do
        make_base "$suite"
        for part in "${parts[@]}"; do
            prove "$suite" "$part"
        done
    done
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [[ $failed -eq 0 ]]
}

main "$@"

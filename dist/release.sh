#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What `make release` does: makes all that a release page needs, in build/release/VERSION, and publishes nothing.
#   RELEASE_KEY=FILE dist/release.sh        the secret key of minisign; its public half is dist/release.pub
#   RELEASE_KEY=none dist/release.sh        without signatures
#   RELEASE_DRY=1 dist/release.sh           of any commit, also without a key: to see what would come out
# The folder has, for each processor, the archive as .tar.gz and .zip and its bill of materials; the Debian package, of
# the system and the processor that this runs on; the notes, from CHANGELOG.md; SHA256SUMS, and its signature.
# RELEASE_ARCHES="x86_64 aarch64" names the processors, RELEASE_OUTPUT another folder, RELEASE_PUBLIC another public key,
# RELEASE_ALSO a folder of files that were made elsewhere: packages for another system. DIST_CACHE is that of build.sh.
set -euo pipefail
umask 022
unset CDPATH

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
version=$(<VERSION)
cache=${DIST_CACHE:-$root/build/dist}
output=${RELEASE_OUTPUT:-$root/build/release/$version}
public=${RELEASE_PUBLIC:-$root/dist/release.pub}
key=${RELEASE_KEY-}
dry=${RELEASE_DRY-}
read -r -a arches <<<"${RELEASE_ARCHES:-x86_64 aarch64}"
work=

fail() {
    printf 'release: %s\n' "$*" >&2
    exit 1
}

say() { printf '  %-4s %s\n' REL "$*"; }

# --- before anything is made ---

check_version() {
    [[ $version =~ ^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$ ]] ||
        fail "VERSION says \"$version\"; expected three numbers, such as 1.2.0"
}

# What is made must be what the tag names, and nothing else.
check_commit() {
    local changed
    changed=$(git status --porcelain) || fail 'a release is made in a checkout of git'
    [[ -z $changed ]] || fail "the tree is not as it was committed; commit or remove:"$'\n'"$changed"
    git tag --points-at HEAD | grep -qxF "v$version" ||
        fail "this commit has no tag v$version; VERSION says $version: git tag -s v$version -m 'cgi-login $version'"
}

check_changelog() {
    dist/changelog.sh "$version" >/dev/null || fail "CHANGELOG.md has no section \"## $version - DATE\""
    dist/changelog.sh "$version" | head -n 1 | grep -qE ' - [0-9]{4}-[0-9]{2}-[0-9]{2}$' ||
        fail "CHANGELOG.md does not say when $version was released: \"## $version - DATE\""
}

check_maintainer() {
    [[ -n ${PACKAGE_MAINTAINER-} ]] || ! grep -q '^Maintainer: .*@example\.' packaging/debian/control ||
        fail "the Debian package names nobody to write to: PACKAGE_MAINTAINER='NAME <ADDRESS>', or in packaging/debian/control"
}

check_key() {
    [[ $key != none ]] || return 0
    [[ -n $key ]] || fail 'name the secret key of minisign with RELEASE_KEY=FILE, or RELEASE_KEY=none to sign nothing'
    [[ -r $key ]] || fail "RELEASE_KEY=$key cannot be read"
    [[ -r $public ]] || fail "$public, the public half of RELEASE_KEY, is not there: minisign -G -p $public -s $key"
}

# --- making it ---

# An archive lacks what Debian has mended where its source was not served; the MANIFEST says so.
check_libraries() { # FILE
    ! grep -q '^Newer in the lists of Debian' "$1" || [[ -n $dry ]] ||
        fail "a newer library is listed than was served ($(basename "$1")): make it again later"
}

make_archive() { # ARCH
    local name=cgi-login-$version-linux-$1 inside=cgi-login-$version
    ARCH=$1 DIST_CACHE=$cache DIST_OUTPUT=$work dist/build.sh
    rm -f "$work/$name.tar.gz.sha256"
    dist/zip.py "$work/$name.tar.gz"
    tar -xzOf "$work/$name.tar.gz" "$inside/MANIFEST" >"$work/$name.MANIFEST"
    tar -xzOf "$work/$name.tar.gz" "$inside/SBOM.spdx.json" >"$work/$name.spdx.json"
    check_libraries "$work/$name.MANIFEST"
}

# Those that this system cannot make.
take_also() {
    [[ -z ${RELEASE_ALSO-} ]] || cp -- "$RELEASE_ALSO"/* "$work/" || fail "RELEASE_ALSO=$RELEASE_ALSO has no files to take"
}

make_notes() {
    local section
    section=$(dist/changelog.sh "$version" || dist/changelog.sh)
    sed 1d <<<"$section" | sed '/./,$!d'
    cat <<TEXT

## Which file

| you have | take |
|---|---|
| a hosting account with a file manager or FTP | \`cgi-login-$version-linux-x86_64.zip\` or \`.tar.gz\`, and open the \`INSTALL.html\` in it; \`aarch64\` on an ARM host |
| a server of your own with Debian | \`cgi-login_$version+deb…\` for its release of Debian |

\`.MANIFEST\` and \`.spdx.json\` say which libraries are in the archive. With all that you took in one folder:

    sha256sum -c --ignore-missing SHA256SUMS
TEXT
    [[ $key == none || (-n $dry && -z $key) ]] || printf '    minisign -Vm SHA256SUMS -P %s\n' "$(tail -n 1 "$public")"
}

make_sums() {
    local -a files
    mapfile -t files < <(cd "$work" && printf '%s\n' * | sort)
    (cd "$work" && sha256sum -- "${files[@]}" >SHA256SUMS.new && mv SHA256SUMS.new SHA256SUMS)
}

# One signature holds for all: it is of the sums. The public key is tried at once, as whoever takes the files will.
sign() {
    if [[ $key == none || (-n $dry && -z $key) ]]; then
        say 'note: nothing is signed'
        return
    fi
    minisign -S -s "$key" -m "$work/SHA256SUMS" -t "cgi-login $version" >/dev/null || fail 'minisign could not sign'
    minisign -V -q -m "$work/SHA256SUMS" -p "$public" || fail "$public is not the public half of RELEASE_KEY=$key"
}

main() {
    local arch
    check_version
    if [[ -z $dry ]]; then
        check_commit
        check_changelog
        check_maintainer
        check_key
    fi
    work=$(mktemp -d "${TMPDIR:-/tmp}/cgi-login-release.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    for arch in "${arches[@]}"; do
        make_archive "$arch"
    done
    PACKAGE_OUTPUT=$work packaging/build.sh
    take_also
    make_notes >"$work/NOTES.md"
    make_sums
    sign
    mkdir -p "${output%/*}"
    rm -rf "$output"
    chmod 755 "$work"
    mv "$work" "$output"
    say "$output"
}

main

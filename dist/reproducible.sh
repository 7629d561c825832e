#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# reproducible.sh: makes the tar file once more, from a copy of the sources in another folder, and compares: the same
# sources give the same bytes, wherever they lie. To be run after `make dist`, with the same ARCH and DIST_CACHE; the
# libraries are not built again.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
version=$(sed -n 's/^VERSION := //p' "$root/Makefile")
export DIST_CACHE=${DIST_CACHE:-$root/build/dist}
archive=$DIST_CACHE/cgi-login-$version-linux-${ARCH:-x86_64}.tar.gz
copy=$(mktemp -d "${TMPDIR:-/tmp}/cgi-login-copy.XXXXXX")
trap 'rm -rf "$copy"' EXIT

first=$(sha256sum <"$archive")
tar -C "$root" --exclude=./build --exclude=node_modules -cf - . | tar -C "$copy" -xf -
"$copy/dist/build.sh"
second=$(sha256sum <"$archive")
if [[ $first != "$second" ]]; then
    printf 'reproducible: %s has other bytes when it is built elsewhere\n' "$archive" >&2
    exit 1
fi
printf 'reproducible: built elsewhere, the same bytes\n'

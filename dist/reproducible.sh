#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# reproducible.sh [ARCHIVE]: makes the tar file once more, from a copy of the sources in another folder, with the versions
# that the archive's MANIFEST names, and compares: the same sources give the same bytes, wherever they lie. The archive,
# by default what `make dist` has made (ARCH and DIST_CACHE as there), is only read. Libraries that are cached are not
# built again.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
version=$(<"$root/VERSION")
export DIST_CACHE=${DIST_CACHE:-$root/build/dist}
archive=${1:-${DIST_OUTPUT:-$DIST_CACHE}/cgi-login-$version-linux-${ARCH:-x86_64}.tar.gz}
copy=$(mktemp -d "${TMPDIR:-/tmp}/cgi-login-copy.XXXXXX")
trap 'rm -rf "$copy"' EXIT

mkdir "$copy/source" "$copy/output"
tar -xzOf "$archive" "cgi-login-$version/MANIFEST" >"$copy/MANIFEST"
tar -C "$root" --exclude=./build --exclude=node_modules -cf - . | tar -C "$copy/source" -xf -
DIST_OUTPUT=$copy/output DIST_MANIFEST=$copy/MANIFEST "$copy/source/dist/build.sh"
if ! cmp "$archive" "$copy/output/${archive##*/}"; then
    printf 'reproducible: %s has other bytes when it is built elsewhere\n' "$archive" >&2
    exit 1
fi
printf 'reproducible: built elsewhere, the same bytes\n'

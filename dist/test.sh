#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# test.sh [TAR FILE]: what `make dist` made, as it stands and in an empty root folder, over TLS to the stand-in for
# Instagram: test.bats beside this. RUNNER runs programs of another processor: RUNNER=/usr/bin/qemu-aarch64-static.
# The end-to-end tests on the tar file, with Apache, are `SITE_ARCHIVE=FILE tests/e2e/run.sh`.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
version=$(<"$root/VERSION")
SITE_ARCHIVE=$(realpath -- "${1:-${DIST_CACHE:-$root/build/dist}/cgi-login-$version-linux-x86_64.tar.gz}")
[[ $EUID -eq 0 ]] || {
    echo 'dist: only root can make a folder the root folder' >&2
    exit 1
}
[[ -r $SITE_ARCHIVE ]] || {
    printf 'dist: %s is not there: make dist\n' "$SITE_ARCHIVE" >&2
    exit 1
}
export SITE_ARCHIVE SITE_RUNNER=${RUNNER-}
exec bats --tap "$root/dist/test.bats"

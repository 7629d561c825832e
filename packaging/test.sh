#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# test.sh: the Debian package of what `make` has built, or the one that PACKAGE names, looked at by lintian, and
# installed, used, upgraded and purged: test.bats beside this.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[[ $EUID -eq 0 ]] || {
    echo 'package: only root can install a package, even into a copy of the system' >&2
    exit 1
}
exec bats --tap "$root/packaging/test.bats"

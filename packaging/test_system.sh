#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# test_system.sh FOLDER: in a mount namespace of its own, makes FOLDER/root a copy of this system whose changes are kept in
# memory, says so by a file `ready` beside FOLDER, and waits to be killed, with which all of it ends.
set -euo pipefail

mount -t tmpfs none "$1"
mkdir "$1/changes" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/changes,workdir=$1/work" "$1/root"
mount --bind /dev "$1/root/dev"
mount -t proc proc "$1/root/proc"
# What is below other mounts is not in the overlay: the package is read from there.
mount --bind "${1%/*}" "$1/root${1%/*}"
mount -t tmpfs none "$1/root/run"
touch "${1%/*}/ready"
exec sleep infinity

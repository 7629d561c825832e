#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The layers of common/: a file includes headers of its own folder and of the folders before it in this list, and no
# other. Prints each include that points up, and fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
layers=(base seal jose language http config openid oauth session store program meta)
for folder in common/*/; do
    [[ " ${layers[*]} " == *" $(basename "$folder") "* ]] || {
        printf 'layers: %s is no layer\n' "$folder"
        exit 1
    }
done
later="${layers[*]}"
for layer in "${layers[@]}"; do
    later=${later#"$layer"}
    later=${later# }
    upward=${later:+"(${later// /|})/|"} # and a name without a folder, and one of ../
    ! grep -rnE --include='*.[ch]' "#include \"(${upward}[^/\"]*\"|\.)" "common/$layer" || failed=yes
done
[[ -z ${failed-} ]] || {
    printf 'layers: the order is %s; an include points down it, "folder/name.h"\n' "${layers[*]}"
    exit 1
}

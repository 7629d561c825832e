#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# changelog.sh [VERSION]: prints what CHANGELOG.md says of that version, its heading first; without VERSION what stands
# first and is not empty: of a build that is no release, what will be in the next. Fails where there is no such section.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# "## 1.2.0 - 2026-12-01", also with the version in brackets.
awk -v wanted="${1-}" '
    function tell() {
        if (taken && (wanted != "" || filled)) {
            sub(/\n+$/, "", text)
            print text
            told = 1
            exit
        }
    }
    /^## / {
        tell()
        version = $2
        gsub(/[][]/, "", version)
        taken = (wanted == "" || version == wanted)
        text = filled = ""
    }
    taken { text = text $0 "\n"; if (!/^## / && NF) filled = 1 }
    END {
        if (!told) tell()
        exit !told
    }' CHANGELOG.md

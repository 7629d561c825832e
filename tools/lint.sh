#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Style that a machine keeps, as `make lint` and `make test` run it; tools/packages.sh lint has installed the tools. Goes
# on after a failure, so that one run tells all. With NAME..., only those parts.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
export LC_ALL=C.UTF-8

JOBS=${JOBS:-$(nproc)}

# Files that git knows or could know: what a build has left is none of them.
files() {
    git ls-files -co --exclude-standard -- "$@" | while read -r file; do
        [[ ! -e $file ]] || printf '%s\n' "$file"
    done
}
product_sources() { files 'common/*.c' 'cgi-bin/*.c' 'helper/*.c' 'admin/*.c' 'console/*.c' 'identity/*.c'; }
shell_scripts() {
    {
        files '*.sh' '*.bash'
        files | xargs -d '\n' awk 'FNR == 1 { if (/^#!.*[\/ ](bash|sh)$/) print FILENAME; nextfile }'
    } | sort -u | grep -v '\.bats$'
}

# The Makefile's own flags, a line each.
compiler_flags() { mapfile -t flags < <(make -s compiler-flags); }

layers() { tools/layers.sh; }

# JSON is built by what remembers that memory ran out (base/view.h), or says so in a word that nobody overlooks
# (json_add): a member that is missing would be a wrong answer.
json() {
    if files '*.c' '*.h' | grep -v -e '^common/base/' -e '^tests/' | xargs -d '\n' grep -nE 'cJSON_(Add|Replace|Insert)'; then
        printf 'lint: build JSON with base/view.h, or json_add and json_append of base/json.h\n'
        return 1
    fi
}

# What clang-format leaves alone: comments, and tables that are aligned by hand.
long_lines() {
    ! files '*.c' '*.h' | xargs -d '\n' grep -nE '^.{121}'
}

format() { files '*.c' '*.h' | xargs -d '\n' clang-format --dry-run -Werror --style=file; }

# .clang-tidy says what is looked for, and why some of it is not. What it counts on standard error is no finding.
tidy_c() {
    local log
    log=$(mktemp)
    compiler_flags
    product_sources | xargs -d '\n' -P "$JOBS" -n 8 sh -c 'clang-tidy --quiet "$@" 2>&1' - \
        --extra-arg-before=-std=c11 "${flags[@]/#/--extra-arg-before=}" >"$log"
    local status=$?
    grep -vE '^[0-9]+ warnings? generated|^Suppressed|^Use -header-filter|^Error while' "$log"
    rm -f "$log"
    return $status
}

analyzer() {
    compiler_flags
    product_sources | xargs -d '\n' -P "$JOBS" -I{} gcc -std=c11 -O2 -fanalyzer -Werror "${flags[@]}" -c -o /dev/null {}
}

# missingIncludeSystem: it looks at our sources alone. readdirCalled, getpwuidCalled: no program of ours has a
# second thread.
# uninitvar, ctuuninitvar: it takes the address of a variable for a reading of it (file.c, json.c, each struct error);
# compilers and valgrind see more.
cppcheck_c() {
    compiler_flags
    cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -j "$JOBS" \
        --suppress=missingIncludeSystem --suppress=readdirCalled --suppress=getpwuidCalled --suppress=uninitvar \
        --suppress=ctuuninitvar --library=posix \
        -D_GNU_SOURCE -Icommon -I. common cgi-bin helper admin console identity
}

# SC2154, SC2034: a sourced file's variables are those of the script that sources it, and the other way round.
# SC2016: in single quotes stand programs for jq, awk and sh, whose variables are their own.
# SC2153: it takes two names of ours that are alike for one, misspelt.
shell() { shell_scripts | xargs -d '\n' shellcheck -x -e SC2154,SC2034,SC2016,SC2153; }

shell_format() { shell_scripts | xargs -d '\n' shfmt -i 4 -d && files '*.bats' | xargs -d '\n' shfmt -ln bats -i 4 -d; }

# The pages that are served as they lie here; what the templates become is validated by the browser tests. Of tidy's
# warnings those of attributes are left out: it knows no inputmode and no aria-current.
html() {
    files 'html/public/*.html' 'dist/*.html' |
        xargs -d '\n' -n 1 sh -c 'tidy -quiet -errors --warn-proprietary-attributes no "$1" || { echo "$1"; exit 1; }' -
}

# What runs at a public forge. "on" is a word there, and no truth.
workflows() {
    files '.github/*.yml' | xargs -d '\n' yamllint --strict -d '{extends: default, rules: {line-length: {max: 120},
        document-start: disable, comments: {min-spaces-from-content: 1}}}'
}

manuals() {
    local pages
    mapfile -t pages < <(files 'man/*.[1-8]')
    [[ ${#pages[@]} -eq 0 ]] || mandoc -T lint -W warning "${pages[@]}"
}

parts=(layers long_lines json format shell shell_format html workflows manuals cppcheck_c analyzer tidy_c)
for part in "$@"; do
    [[ " ${parts[*]} " == *" $part "* && $part != *' '* ]] || {
        printf 'lint: there is no part "%s"; the parts are: %s\n' "$part" "${parts[*]}" >&2
        exit 2
    }
done
[[ $# -eq 0 ]] || parts=("$@")
failed=()
for part in "${parts[@]}"; do
    "$part" || failed+=("$part")
done
[[ ${#failed[@]} -eq 0 ]] || printf 'lint: %s\n' "${failed[@]/%/: see above}" >&2
[[ ${#failed[@]} -eq 0 ]]

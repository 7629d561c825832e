#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The manual pages of man/: what the program prints of itself stands there word for word, each key and command is there,
# and mandoc finds nothing to complain of.

load built

@test "the manual pages hold what the program prints; if not, run tools/manual.sh" {
    tools/manual.sh --check >&2
}

# Whatever tools/manual.sh makes of it: the names are counted on the page, as a reader sees it.
# shellcheck disable=SC2016 # backquotes are text here
@test "each key and each command has its entry on a manual page" {
    local page name count=0 missing=0
    while read -r page name; do
        count=$((count + 1))
        mandoc -T utf8 "man/$page" | sed $'s/.\b//g' | grep -qE "^ +$(sed 's/[.$]/\\&/g' <<<"$name")( |\$)" ||
            {
                printf '%s has no entry %s\n' "$page" "$name" >&2
                missing=1
            }
    done < <(
        "$COMMAND" help config --table | sed -n 's/^| `\([^`]*\)`.*/cgi-login.json.5 \1/p'
        "$COMMAND" help provider --table | sed -n 's/^| `\([^`]*\)`.*/cgi-login-provider.5 \1/p'
        "$COMMAND" --help | sed -nE 's/^  ([a-z][a-z -]*[a-z])( +[A-Z]+)?  +[a-z].*/cgi-login.1 \1/p'
    )
    [[ $missing -eq 0 && $count -gt 45 ]]
}

@test "mandoc finds nothing to complain of" {
    local page
    for page in man/*; do
        mandoc -T lint -W warning "$page" >&2
    done
}

@test "each manual page that another names is there" {
    local page name section
    for page in man/*; do
        while read -r name section; do
            [[ $name == crontab || -e man/$name.$section ]] ||
                {
                    printf '%s names %s(%s)\n' "$page" "$name" "$section" >&2
                    return 1
                }
        done < <(sed -n 's/^\.Xr \([^ ]*\) \([0-9]\).*/\1 \2/p' "$page")
    done
}

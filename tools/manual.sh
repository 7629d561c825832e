#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# manual.sh [--check]: writes those parts of man/ and docs/settings.md that the program knows, between "begin NAME" and
# "end": its commands and options, and the keys of its files; the version at the foot of each manual page; and
# providers/schema.json. With --check it writes nothing, and fails where a page says something else. COMMAND is the
# program, build/bin/cgi-login by default.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8
COMMAND=$(realpath "${COMMAND:-build/bin/cgi-login}")

# shellcheck disable=SC2016 # backquotes are text here
# Text as mdoc has it: backquoted words bold, a sentence a line, nothing that could be read as a macro.
escape() {
    sed -E -e 's/\\/\\e/g' -e 's/…/.../g' -e 's/-/\\-/g' -e 's/([a-z0-9)`][.:]) ([A-Z])/\1\n\2/g' \
        -e 's/`([^`]*)`/\\fB\1\\fR/g' -e 's/\*([a-z]+)\*/\\fI\1\\fR/g' | sed -E "s/^[.']/\\\\\&&/"
}

literal() { # FILE
    sed -E -e 's/\\/\\e/g' -e 's/-/\\-/g' "$1" | sed -E "s/^[.']/\\\\\&&/"
}

# From "  --within DAYS   text", which may go on in lines that are indented further.
options() {
    local line option value text
    local first='^ {2}--([a-z-]+)( ([A-Z]+))? {2,}(.*)$'
    while IFS= read -r line; do
        if [[ $line =~ $first ]]; then
            option=${BASH_REMATCH[1]} value=${BASH_REMATCH[3]} text=${BASH_REMATCH[4]}
            [[ $option != config ]] || {
                option=
                continue
            }
            printf '.It Fl \\-%s%s\n' "${option//-/\\-}" "${value:+ Ar $value}"
            printf '%s\n' "$text" | escape
        elif [[ -n ${option-} && $line == ' '* ]]; then
            printf '%s\n' "${line#"${line%%[! ]*}"}" | escape
        fi
    done
}

command_page() { # NAME ARGUMENT
    local -a words
    local help listed
    read -r -a words <<<"$1"
    help=$("$COMMAND" "${words[@]}" --help)
    printf '.It Cm %s%s\n' "${1//-/\\-}" "${2:+ Ar $2}"
    # Without the line of usage and the options.
    sed -e 1,2d <<<"$help" | sed '/^  --/,$d; /^$/d' | escape
    listed=$(options <<<"$help")
    [[ -z $listed ]] || printf '.Bl -tag -width Ds\n%s\n.El\n' "$listed"
}

commands() {
    local line
    local row='^ {2}([a-z][a-z -]*[a-z])( +([A-Z]+( [A-Z]+)?))?  +[a-z]'
    printf '.Bl -tag -width Ds\n'
    while IFS= read -r line; do
        [[ ! $line =~ $row ]] || command_page "${BASH_REMATCH[1]}" "${BASH_REMATCH[3]}"
    done < <("$COMMAND" --help)
    printf '.El\n'
}

# Text between lines that begin an entry, which stay as they are.
entries() {
    local line
    printf '.Bl -tag -width Ds\n'
    while IFS= read -r line; do
        if [[ $line == '.It '* ]]; then
            printf '%s\n' "$line"
        else
            printf '%s\n' "$line" | escape
        fi
    done
    printf '.El\n'
}

# From the rows of a Markdown table: key, meaning, value, default, example.
keys() { # KIND
    local refused
    "$COMMAND" help "$1" --table | sed -e 1,2d -e 's/^| //; s/ |$//' | awk -F ' [|] ' '{
        gsub("`", "", $1)
        print ".It Va " $1
        print toupper(substr($2, 1, 1)) substr($2, 2) "."
        print "Expected: " $3 "."
        print (($4 ~ /^required/) ? "It is " $4 "." : "Default: " $4 ".")
        print "Example: " $5
    }' | entries
    refused=$("$COMMAND" help "$1" | sed '1,/^Not part/d' | sed -E 's/^ +([a-z_.]+): (.*)$/.It Va \1\n\2./')
    [[ -n $refused ]] || return 0
    printf '.Pp\nKeys that this version does not carry out are errors:\n'
    entries <<<"$refused"
}

part() { # NAME
    case $1 in
    commands) commands ;;
    config | provider) keys "$1" ;;
    'config table' | 'provider table') "$COMMAND" help "${1% table}" --table ;;
    template) literal config-template.json ;;
    instagram) literal providers/instagram.json ;;
    *)
        printf 'manual: no part is named %s\n' "$1" >&2
        return 1
        ;;
    esac
}

fill() { # PAGE
    local line name=
    local begin='^(\.\\" begin |<!-- begin )([a-z ]*[a-z])( -->)?$' end='^(\.\\" end|<!-- end -->)$'
    while IFS= read -r line; do
        [[ ! $line =~ $end ]] || name=
        [[ $line != .Os* ]] || line=".Os cgi-login $(<VERSION)"
        [[ -n $name ]] || printf '%s\n' "$line"
        if [[ $line =~ $begin ]]; then
            name=${BASH_REMATCH[2]}
            part "$name"
        fi
    done <"$1"
}

schema() {
    "$COMMAND" help provider --json | jq --indent 2 --argjson base "$(cat tools/schema/base.json)" -f tools/schema/make.jq
}

status=0
if [[ ${1-} == --check ]]; then
    diff -u --label providers/schema.json --label 'what tools/schema makes' providers/schema.json <(schema) || status=1
else
    schema >providers/schema.json
fi
for page in man/*.[15] docs/settings.md; do
    made=$(fill "$page" && printf .)
    if [[ ${1-} == --check ]]; then
        diff -u --label "$page" --label 'what the program prints' "$page" <(printf %s "${made%.}") || status=1
    else
        printf %s "${made%.}" >"$page"
    fi
done
exit "$status"

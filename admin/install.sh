#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What `make install` does: copies the product into a hosting account.
#   install.sh BUILD PREFIX CGI_BIN HTML SUFFIX PROGRAM...
# Programs and public files are replaced, in one step each. A config, an .htaccess and a home page that are there stay as
# they are; a template or provider file that was changed is kept beside the new one, as NAME.old.
set -euo pipefail
umask 022

readonly source_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
    printf 'install: %s\n' "$*" >&2
    exit 1
}

usage() {
    cat >&2 <<'TEXT'
usage: make install PREFIX=FOLDER CGI_BIN=FOLDER HTML=FOLDER [CGI_SUFFIX=.cgi]

  PREFIX      the product's home, outside the web root, such as $HOME/cgi-login
  CGI_BIN     where the host runs CGI programs, such as $HOME/cgi-bin or $HOME/public_html/cgi-bin
  HTML        the web root, such as $HOME/public_html
  CGI_SUFFIX  .cgi, where the host runs only programs whose names end so
TEXT
    exit 2
}

absolute() { # FOLDER: need not exist yet
    realpath -m -- "$1"
}

inside() { # PATH FOLDER
    [[ $1/ == "$2"/* ]]
}

put() { # MODE FROM TO: in one step, so that a request meets the old file or the new one
    install -m "$1" -- "$2" "$3.new"
    mv -f -- "$3.new" "$3"
}

put_keeping() { # FROM TO: an older one that differs stays as .old
    if [[ -e $2 ]] && ! cmp -s -- "$1" "$2"; then
        mv -f -- "$2" "$2.old"
        printf 'install: %s differed from the new one and is kept as %s.old\n' "$2" "${2##*/}"
    fi
    put 644 "$1" "$2"
}

put_new() { # FROM TO: only where there is none
    [[ -e $2 ]] || put 644 "$1" "$2"
}

install_home() {
    local file
    mkdir -p -- "$prefix/bin" "$prefix/lib" "$prefix/providers" "$prefix/templates"
    put 755 "$build/bin/cgi-login" "$prefix/bin/cgi-login"
    # What MongoDB wants: a plugin, or of static programs the full ones. Without libmongoc there is nothing.
    for file in "$build"/lib/*; do
        [[ ! -f $file ]] || put 755 "$file" "$prefix/lib/${file##*/}"
    done
    put 644 "$source_root/config-template.json" "$prefix/config-template.json"
    for file in "$source_root"/providers/*.json; do
        put_keeping "$file" "$prefix/providers/${file##*/}"
    done
    for file in "$source_root"/html/templates/*.html; do
        put_keeping "$file" "$prefix/templates/${file##*/}"
    done
}

# `man -M PREFIX/share/man cgi-login` reads them.
install_manual() {
    local page
    for page in "$source_root"/man/*; do
        mkdir -p -- "$prefix/share/man/man${page##*.}"
        put 644 "$page" "$prefix/share/man/man${page##*.}/${page##*/}"
    done
}

install_programs() {
    local program
    mkdir -p -- "$cgi_bin"
    for program in "${programs[@]}"; do
        put 755 "$build/cgi-bin/$program" "$cgi_bin/$program$suffix"
    done
}

install_public() {
    local file
    mkdir -p -- "$html/cgi-login"
    for file in "$source_root"/html/public/cgi-login/*; do
        put 644 "$file" "$html/cgi-login/${file##*/}"
    done
    put_new "$source_root/html/public/index.html" "$html/index.html"
}

# The example with this account's paths.
filled_htaccess() {
    local url=/cgi-bin line
    local rule='^(RewriteRule [^ ]+) /cgi-bin/([a-z]+)(.*)$'
    if inside "$cgi_bin" "$html"; then
        url=${cgi_bin#"$html"}
    fi
    while IFS= read -r line; do
        line=${line//"/home/you/cgi-login"/"$prefix"}
        if [[ $line =~ $rule ]]; then
            line="${BASH_REMATCH[1]} $url/${BASH_REMATCH[2]}$suffix${BASH_REMATCH[3]}"
        elif inside "$cgi_bin" "$html"; then
            line=${line#"#cgi# "}
        fi
        printf '%s\n' "$line"
    done <"$source_root/htaccess.example"
}

install_htaccess() {
    local filled=$prefix/htaccess.example
    filled_htaccess >"$filled.new"
    mv -f -- "$filled.new" "$filled"
    if [[ ! -e $html/.htaccess ]]; then
        put 644 "$filled" "$html/.htaccess"
    elif ! cmp -s -- "$filled" "$html/.htaccess"; then
        printf 'install: %s is left as it is: merge it with %s\n' "$html/.htaccess" "$filled"
    fi
}

tell_next() {
    [[ ! -e $prefix/config.json ]] || return 0
    cat <<TEXT
install: done. Next:
  cp $prefix/config-template.json $prefix/config.json && chmod 600 $prefix/config.json
  edit it, with a key from: $prefix/bin/cgi-login new-key
  $prefix/bin/cgi-login check
TEXT
}

[[ $# -gt 5 ]] || usage
build=$1 prefix=$2 cgi_bin=$3 html=$4 suffix=$5
shift 5
programs=("$@")
[[ -n $prefix && -n $cgi_bin && -n $html ]] || usage
[[ $suffix =~ ^(\.[a-z0-9]+)?$ ]] || fail "CGI_SUFFIX=$suffix: expected something like .cgi"
for folder in "$prefix" "$cgi_bin" "$html"; do
    # make hands it on as it is, and a folder of that name would appear here.
    [[ $folder != '~'* ]] || fail "$folder: write \$HOME in place of ~"
done
build=$(absolute "$build") prefix=$(absolute "$prefix") cgi_bin=$(absolute "$cgi_bin") html=$(absolute "$html")
[[ $prefix$cgi_bin$html != *[\"\\$'\n']* ]] || fail "a path with a quote, a backslash or a line break cannot be written into .htaccess"
! inside "$prefix" "$html" || fail "PREFIX=$prefix lies in the web root $html, where anybody could fetch the config; choose a folder beside it"
install_home
install_manual
install_programs
install_public
install_htaccess
tell_next

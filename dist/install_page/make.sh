# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Makes the archive's INSTALL.html: puts the parts in this folder, and the very files that are in the archive, into the
# page above it. To be sourced.
# The page works from a disk, without a network, so it holds everything: style, script, pictures, and what its forms fill
# in. Its policy names the style and the script by their hashes, so that nothing else in it can ever run.

_page_folder=${BASH_SOURCE[0]%/*}

# In the order in which each finds what it imports above it. In one script no module is needed to bring them together:
# what is exported is there.
_page_modules=(layouts fields random config htaccess_rule htaccess_unit htaccess files gate pictures form page)

_page_script() {
    local name
    for name in "${_page_modules[@]}"; do
        sed -e '/^import .*;$/d' -e 's/^export //' -e '/^\/\/ SPDX-/d' "$_page_folder/$name.mjs"
    done
}

_page_style() { sed '/^\/\* SPDX-/d' "$_page_folder/style.css"; }

# 'sha256-…', as a Content-Security-Policy names what stands between two tags: with the line break before it.
_page_hash() { # on standard input
    local sum
    sum=$({ printf '\n' && cat; } | sha256sum)
    # shellcheck disable=SC2001 # the replacement has what was found in it
    sum=$(sed 's/../\\x&/g' <<<"${sum%% *}")
    # shellcheck disable=SC2059 # the format is the bytes
    printf "'sha256-%s'" "$(printf "$sum" | base64)"
}

_page_escape() { # FILE: as text in HTML
    sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' "$1"
}

# A JSON object of all provider files, by their names.
_page_providers() { # FOLDER
    local file comma=
    printf '{\n'
    for file in "$1"/*.json; do
        [[ ${file##*/} != schema.json ]] || continue
        printf '%s"%s":\n' "$comma" "$(basename "$file" .json)"
        _page_escape "$file"
        comma=,
    done
    printf '}\n'
}

# What the page is to say of the archive: root is the tree, version and arch are the archive's.
install_page_make() { # HTACCESS_EXAMPLE
    local line style_hash script_hash
    style_hash=$(_page_style | _page_hash)
    script_hash=$(_page_script | _page_hash)
    while IFS= read -r line; do
        case $line in
        @STYLE@) _page_style ;;
        @SCRIPT@) _page_script ;;
        @CONFIG@) _page_escape "$root/config-template.json" ;;
        @HTACCESS@) _page_escape "$1" ;;
        @GATE_REDIRECT@) _page_escape "$root/html/gate/redirect.htaccess" ;;
        @GATE_AUTHORIZER@) _page_escape "$root/html/gate/authorizer.htaccess" ;;
        @PROVIDERS@) _page_providers "$root/providers" ;;
        *)
            line=${line//@STYLE_HASH@/$style_hash}
            line=${line//@SCRIPT_HASH@/$script_hash}
            line=${line//@VERSION@/$version}
            printf '%s\n' "${line//@ARCH@/$arch}"
            ;;
        esac
    done <"$_page_folder/../INSTALL.html"
}

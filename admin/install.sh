#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What `make install` does: copies the product into a hosting account.
#   install.sh BUILD PREFIX CGI_BIN HTML SUFFIX PROGRAM...
# Each file is replaced whole, in one step, or stays as it was. A config and a home page that are there stay as they are,
# and an .htaccess gets the routes. A template, a file of languages, a provider file, the style sheet and the icon are the
# owner's once they have changed them: then the new one is laid beside, as NAME.new. Whether they have,
# PREFIX/.installed.sha256 tells: it has the sum of each as it was installed or laid beside last.
# INSTALL_STAGE=1: the folders are a stage that is packed and thrown away (dist/bundle.sh). It may lie in the checkout.
set -euo pipefail
umask 022

source_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly source_root
temporary='' filled='' filled_manifest=''
trap 'rm -f -- ${temporary:+"$temporary"} ${filled:+"$filled"} ${filled_manifest:+"$filled_manifest"}' EXIT

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
    [[ $1/ == "${2%/}"/* ]]
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

# --- what goes where ---

# A row for each file: own (replaced), kept (the owner's once changed) or first (only where there is none).
kinds=() modes=() sources=() targets=()

plan() { # KIND MODE SOURCE TARGET
    kinds+=("$1") modes+=("$2") sources+=("$3") targets+=("$4")
}

plan_home() {
    local file
    plan own 755 "$build/bin/cgi-login" "$prefix/bin/cgi-login"
    plan own 755 "$build/bin/cgi-login-whoami" "$prefix/bin/cgi-login-whoami"
    # What MongoDB wants: a plugin, or of static programs the full ones. Without libmongoc there is nothing.
    for file in "$build"/lib/*; do
        [[ ! -f $file ]] || plan own 755 "$file" "$prefix/lib/${file##*/}"
    done
    plan own 644 "$source_root/config-template.json" "$prefix/config-template.json"
    plan own 644 "$filled" "$prefix/htaccess.example"
    # `man -M PREFIX/share/man cgi-login` reads them.
    for file in "$source_root"/man/*; do
        plan own 644 "$file" "$prefix/share/man/man${file##*.}/${file##*/}"
    done
    # The lines of a guarded folder's .htaccess, and what the site's own scripts learn with who is signed in.
    for file in "$source_root"/html/gate/*.htaccess; do
        plan own 644 "$file" "$prefix/gate/${file##*/}"
    done
    while IFS= read -r file; do
        plan own 644 "$source_root/identity/$file" "$prefix/identity/$file"
    done < <(cd "$source_root/identity" && find . -mindepth 2 -type f -not -path '*/node_modules/*' -not -path '*/__pycache__/*' -printf '%P\n' | sort)
    while IFS= read -r file; do
        plan kept 644 "$source_root/providers/$file" "$prefix/providers/$file"
    done < <(cd "$source_root/providers" && find . -name '*.json' -printf '%P\n' | sort)
    while IFS= read -r file; do
        plan kept 644 "$source_root/html/templates/$file" "$prefix/templates/$file"
    done < <(cd "$source_root/html/templates" && find . -name '*.html' -printf '%P\n' | sort)
    while IFS= read -r file; do
        plan kept 644 "$source_root/html/languages/$file" "$prefix/languages/$file"
    done < <(cd "$source_root/html/languages" && find . -name '*.json' -printf '%P\n' | sort)
}

# Web servers take an index.html before the index.php of WordPress and the like, whose home page it would hide.
has_home_page() {
    local page
    for page in "$html"/index.*; do
        [[ ! -e $page || $page == "$html/index.html" ]] || return 0
    done
    return 1
}

plan_web() {
    local program file
    for program in "${programs[@]}"; do
        plan own 755 "$build/cgi-bin/$program" "$cgi_bin/$program$suffix"
    done
    while IFS= read -r file; do
        plan kept 644 "$source_root/html/public/cgi-login/$file" "$html/cgi-login/$file"
    done < <(cd "$source_root/html/public/cgi-login" && find . -type f -printf '%P\n' | sort)
    has_home_page || plan first 644 "$source_root/html/public/index.html" "$html/index.html"
    # Browsers and search engines ask for it by this name.
    plan first 644 "$source_root/html/public/favicon.ico" "$html/favicon.ico"
    plan first 644 "$filled" "$html/.htaccess"
}

# --- before anything is written ---

check_folder() { # FOLDER: is one, or can be made
    local folder=$1
    while [[ ! -e $folder && ! -L $folder ]]; do
        folder=${folder%/*}
        folder=${folder:-/}
    done
    [[ -d $folder ]] || fail "$folder is no folder, so $1 cannot be made; move it away"
    [[ -w $folder && -x $folder ]] || fail "$folder cannot be written to by you ($(id -un)); nothing was installed"
}

check_target() { # KIND TARGET
    [[ ! -d $2 ]] || fail "$2 is a folder, where a file is to be; move it away"
    [[ $1 != own || ! -L $2 ]] || fail "$2 is a symbolic link, where a file of the product is to be; move it away"
    [[ ! -e $2 || -f $2 ]] || fail "$2 is no file; move it away"
}

check_plan() {
    local row
    for row in "${!targets[@]}"; do
        [[ -r ${sources[row]} ]] || fail "${sources[row]} is not there; run make first"
        check_folder "${targets[row]%/*}"
        check_target "${kinds[row]}" "${targets[row]}"
    done
    check_target own "$manifest"
}

# The example and the settings to start from have in PREFIX the names that they have here.
refuse_checkout() {
    local folder
    [[ -z ${INSTALL_STAGE-} ]] || return 0
    for folder in "$prefix" "$cgi_bin" "$html"; do
        if inside "$folder" "$source_root" || [[ $folder -ef $source_root ]]; then
            fail "$folder lies in $source_root, from which this installs: its files would be written over; choose another folder"
        fi
    done
    ! inside "$source_root" "$prefix" ||
        fail "PREFIX=$prefix holds $source_root, from which this installs; choose a folder of its own for one of them"
}

# --- writing ---

# A request meets the old file or the new one, and a full disk leaves the old one.
put() { # MODE FROM TO
    temporary=${3%/*}/.${3##*/}.$$
    [[ -d ${3%/*} ]] || mkdir -p -- "${3%/*}" || fail "${3%/*} could not be made"
    if ! { install -m "$1" -T -- "$2" "$temporary" && mv -fT -- "$temporary" "$3"; }; then
        fail "$3 could not be written, and is as it was; run this again when that is mended"
    fi
    temporary=
}

declare -A sums=() # of the files as they were when this began, by their paths

# All at once: a process for each file would take longer than all the rest.
sum_files() {
    local row sum file
    local -a files=()
    for row in "${!targets[@]}"; do
        [[ ${kinds[row]} == kept ]] || continue
        for file in "${sources[row]}" "${targets[row]}" "${targets[row]}.new"; do
            [[ ! -f $file ]] || files+=("$file")
        done
    done
    while read -r sum file; do
        sums[$file]=$sum
    done < <(sha256sum -- "${files[@]}")
}

declare -A installed=() # the sum of each kept file, by its path in the account

read_manifest() {
    local sum name
    [[ -f $manifest ]] || return 0
    while read -r sum name; do
        [[ -z $name ]] || installed[$name]=$sum
    done <"$manifest"
}

# Written after each file, so that a run that is stopped forgets nothing; the last line about a file counts.
remember() { # NAME SUM
    [[ ${installed[$1]-} != "$2" ]] || return 0
    installed[$1]=$2
    [[ -n ${INSTALL_STAGE-} ]] || printf '%s  %s\n' "$2" "$1" >>"$manifest" || fail "$manifest could not be written"
}

# One line a file, in order.
write_manifest() {
    local name
    [[ -z ${INSTALL_STAGE-} && ${#installed[@]} -gt 0 ]] || return 0
    filled_manifest=$(mktemp)
    for name in "${!installed[@]}"; do printf '%s  %s\n' "${installed[$name]}" "$name"; done | sort -k 2 >"$filled_manifest"
    cmp -s -- "$filled_manifest" "$manifest" || put 644 "$filled_manifest" "$manifest"
}

# An earlier one there that the owner has worked on is theirs, too.
lay_beside() { # FROM TO NEW_SUM OLD_SUM
    local beside=$2.new number=1 sum
    if [[ -e $beside || -L $beside ]]; then
        sum=${sums[$beside]-}
        if [[ $sum != "$3" && $sum != "$4" ]]; then
            while [[ -e $beside.$number || -L $beside.$number ]]; do number=$((number + 1)); done
            mv -T -- "$beside" "$beside.$number"
            printf 'install: %s had changed, and is kept as %s\n' "$beside" "${beside##*/}.$number"
        fi
    fi
    put 644 "$1" "$beside"
    printf 'install: %s is yours and stays as it is; the new one is %s: carry over what you want\n' "$2" "${beside##*/}"
}

# What this laid beside has no use once the file itself is the newest.
clear_beside() { # TO NEW_SUM OLD_SUM
    local sum
    [[ -f $1.new && ! -L $1.new ]] || return 0
    sum=${sums[$1.new]-}
    [[ $sum != "$2" && $sum != "$3" ]] || rm -f -- "$1.new"
}

put_kept() { # MODE FROM TO
    local name new old now=
    name=${3#"$prefix"/} # in the web root it is the whole path
    new=${sums[$2]} old=${installed[$name]-}
    if [[ -L $3 ]]; then
        now='a link' # the owner's, wherever it leads
    elif [[ -e $3 ]]; then
        now=${sums[$3]-}
        [[ -n $now ]] || fail "$3 cannot be read; what has been installed so far is whole"
    fi
    if [[ -z $now || $now == "$new" || $now == "$old" ]]; then
        [[ $now == "$new" ]] || put "$1" "$2" "$3"
        clear_beside "$3" "$new" "$old"
    elif [[ $new != "$old" ]]; then
        lay_beside "$2" "$3" "$new" "$old"
    fi
    remember "$name" "$new"
}

put_first() { # MODE FROM TO
    [[ -e $3 || -L $3 ]] || put "$@"
}

# Puts the routes into the .htaccess that is there, or writes them anew, and asks the site for each, if there is a config
# to ask by. What stands in the way is told; the rest is installed all the same.
merge_htaccess() {
    local -a options=(--config "$prefix/config.json" --web-root "$html" --cgi-suffix "$suffix")
    [[ -z ${INSTALL_STAGE-} ]] || return 0
    if inside "$cgi_bin" "$html"; then
        options+=(--cgi-url "${cgi_bin#"$html"}" --exec-cgi)
    fi
    "$prefix/bin/cgi-login" htaccess add "${options[@]}" ||
        printf 'install: %s: see above; when that is mended: %s htaccess add\n' "$html/.htaccess" "$prefix/bin/cgi-login"
}

carry_out() {
    local row
    for row in "${!targets[@]}"; do
        case ${kinds[row]} in
        own) put "${modes[row]}" "${sources[row]}" "${targets[row]}" ;;
        kept) put_kept "${modes[row]}" "${sources[row]}" "${targets[row]}" ;;
        first) put_first "${modes[row]}" "${sources[row]}" "${targets[row]}" ;;
        esac
    done
}

# Under suEXEC the line in .htaccess that names the config has no effect. Where the programs would not find this one, or
# another site's, the command writes a file beside them that says where it is.
point_programs() {
    local told
    [[ -z ${INSTALL_STAGE-} ]] || return 0
    if ! told=$("$prefix/bin/cgi-login" programs --config "$prefix/config.json" "$cgi_bin" 2>&1) ||
        [[ $told == *' is written, '* ]]; then
        printf 'install: %s\n' "${told#cgi-login: }"
    fi
}

tell_next() {
    [[ ! -e $prefix/config.json ]] || return 0
    cat <<TEXT
install: done. Next:
  cp $prefix/config-template.json $prefix/config.json && chmod 600 $prefix/config.json
  edit it, with a key from: $prefix/bin/cgi-login new-key
  $prefix/bin/cgi-login check
or have all of that done: $prefix/bin/cgi-login new-site
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
if inside "$cgi_bin" "$html" && [[ ! ${cgi_bin#"$html"} =~ ^[A-Za-z0-9/._~-]*$ ]]; then
    fail "CGI_BIN=$cgi_bin: its address, ${cgi_bin#"$html"}, cannot be written into a rule; use a-z, 0-9, - and _"
fi
! inside "$prefix" "$html" || fail "PREFIX=$prefix lies in the web root $html, where anybody could fetch the config; choose a folder beside it"
refuse_checkout
manifest=$prefix/.installed.sha256
filled=$(mktemp)
filled_htaccess >"$filled"
plan_home
plan_web
check_plan
read_manifest
sum_files
mkdir -p -- "$prefix/lib"
write_manifest # a run that was stopped may have left half a line at its end
carry_out
write_manifest
point_programs
merge_htaccess
tell_next

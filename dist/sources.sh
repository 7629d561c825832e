# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Gets Debian's packages with an apt configuration of our own, in the cache: the system's stays as it is.
# The newest version that is served wins, so a build has every fix that Debian has made; one older than the oldest that
# libraries.txt takes is an error. DIST_MANIFEST=FILE, the MANIFEST of an archive, asks for the versions named there.
# To be sourced by build.sh, which sets `cache` and `manifest` and has say() and fail().

# The system's package sources, with source packages. Whatever mirror this machine uses, we use.
_sources_write_lists() { # FOLDER
    local file
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ -f $file ]] || continue
        sed -nE 's/^[[:space:]]*(deb|deb-src)[[:space:]]/&/p' "$file" |
            sed -E 'p; s/^[[:space:]]*deb([[:space:]])/deb-src\1/' | awk '!seen[$0]++' >"$1/${file##*/}"
    done
    for file in /etc/apt/sources.list.d/*.sources; do
        [[ -f $file ]] || continue
        sed 's/^Types:.*/Types: deb deb-src/' "$file" >"$1/${file##*/}"
    done
    # apt wants the one-line form to end in .list, and complains of an empty folder in its own way.
    find "$1" -type f -size 0 -delete
    [[ -n $(ls -A "$1") ]] || fail "this system names no package sources in /etc/apt, so nothing can be fetched"
}

_sources_configure() {
    local apt=$cache/apt
    rm -rf "$apt"
    mkdir -p "$apt/parts" "$apt/lists/partial" "$apt/cache/archives/partial"
    _sources_write_lists "$apt/parts"
    cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/parts";
Dir::State::lists "$apt/lists";
Dir::State::status "/dev/null";
Dir::Cache "$apt/cache";
Acquire::Retries "2";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
APT::Sandbox::User "";
CONF
}

_sources_apt() { # COMMAND ARGUMENT...
    local command=$1
    shift
    APT_CONFIG=$cache/apt/apt.conf "$command" "$@"
}

# Package lists older than this many minutes are fetched anew.
readonly _sources_lists_age=720

# Without a network what is cached will do, but then nobody knows whether there is something newer.
_sources_update() {
    local stamp=$cache/apt/updated
    [[ -z ${_sources_offline-} ]] || return 0
    [[ -z $(find "$stamp" -mmin -$_sources_lists_age 2>/dev/null) ]] || return 0
    say 'package lists'
    _sources_configure
    if _sources_apt apt-get -q update >>"$log" 2>&1; then
        touch "$stamp"
    else
        _sources_offline=yes
        say "note: the package lists could not be fetched ($log), so what is newer than what is cached is not known"
    fi
}

# The versions to try, the newest first.
_sources_versions() { # NAME KIND PACKAGE
    local query=showsrc
    [[ $2 == source ]] || query=show
    if [[ -n $manifest ]]; then
        awk -v name="$1" '$1 == name { print $2; exit }' "$manifest"
    else
        _sources_apt apt-cache "$query" "$3" 2>/dev/null | sed -n 's/^Version: //p' | sort -rVu
    fi
}

# The releases whose lists have that version, as with a security update that is part of the release, too, by now.
_sources_releases() { # KIND PACKAGE VERSION
    local list=Sources
    [[ $1 == source ]] || list=Packages
    _sources_apt apt-cache madison "$2" 2>/dev/null |
        awk -v version="$3" -v list="$list" '$3 == version && $NF == list { sub("/.*", "", $6); print $6 }'
}

_sources_is() { # KIND VERSION: of the package in the current folder
    if [[ $1 == source ]]; then
        grep -qsxF "Version: $2" ./*.dsc
    else
        [[ $(dpkg-deb -f ./*.deb Version 2>/dev/null) == "$2" ]]
    fi
}

# One of them may have the files where another, which apt would take, has not.
_sources_download() { # KIND PACKAGE VERSION: into the current folder, which is empty
    local release
    local -a get=(download)
    [[ $1 != source ]] || get=(source --download-only)
    while read -r release; do
        rm -f ./*
        if _sources_apt apt-get -q "${get[@]}" "$2/$release" >>"$log" 2>&1 </dev/null && _sources_is "$1" "$3"; then
            return 0
        fi
    done < <(_sources_releases "$@")
    return 1
}

_sources_unpack() { # KIND FOLDER: from the current folder, which holds one package
    local description
    if [[ $1 == source ]]; then
        description=$(compgen -G '*.dsc') && dpkg-source --no-check -x "$description" "$2"
    else
        dpkg-deb -x ./*.deb "$2"
    fi >>"$log" 2>&1
}

# Puts that version into cache/sources/NAME; false where it is not served.
_sources_fetch() { # NAME KIND PACKAGE VERSION
    local folder=$cache/sources/$1
    say "fetch $3 $4"
    rm -rf "$folder.new"
    mkdir -p "$folder.new/download"
    (cd "$folder.new/download" && _sources_download "$2" "$3" "$4") || return 1
    (cd "$folder.new/download" && _sources_unpack "$2" "$folder.new/tree") ||
        fail_with_log "$1: the package $3 $4 could not be unpacked"
    rm -rf "$folder.new/download" "$folder"
    printf '%s' "$4" >"$folder.new/version"
    mv "$folder.new" "$folder"
}

# Takes the newest that is served. A list can name a version whose files are not there, yet or any more; what was missed
# is written down, to be told, and is asked for again with the next lists.
_sources_take_newest() { # NAME KIND PACKAGE
    local version missed=$cache/sources/$1.missed
    local -a newer=()
    [[ $missed -nt $cache/apt/updated ]] || rm -f "$missed"
    while read -r version; do
        if [[ $version == "$(sources_version "$1")" ]]; then
            break
        elif ! grep -qsxF -- "$version" "$missed"; then
            ! _sources_fetch "$1" "$2" "$3" "$version" || break
            say "note: $3 $version is listed, but it is not served"
        fi
        newer+=("$version")
    done < <(_sources_versions "$@")
    [[ -n $manifest ]] || printf '%s' "${newer[@]/%/$'\n'}" >"$missed"
}

# Afterwards cache/sources/NAME has `tree`, the unpacked package with Debian's patches, and `version`.
sources_get() { # NAME KIND PACKAGE OLDEST
    local version
    _sources_update
    [[ -n ${_sources_offline-} ]] || _sources_take_newest "$1" "$2" "$3"
    version=$(sources_version "$1")
    [[ -n $version ]] || fail_with_log "$1: the package $3 could not be fetched in any version"
    if [[ -n $manifest ]]; then
        [[ $version == "$(_sources_versions "$@")" ]] || fail_with_log "$1: the version in $manifest could not be fetched"
    elif dpkg --compare-versions "$version" lt "$4"; then
        fail "$1: the newest that is served here is $version, older than $4, the oldest that dist/libraries.txt takes"
    fi
}

sources_version() { # NAME: nothing where there is none yet
    cat "$cache/sources/$1/version" 2>/dev/null || true
}

# The newest that Debian lists and that this build lacks, since it is not served. A MANIFEST names such a library twice.
sources_missed() { # NAME
    if [[ -n $manifest ]]; then
        awk -v name="$1" '$1 == name && seen++ { print $2; exit }' "$manifest"
    else
        head -n 1 "$cache/sources/$1.missed" 2>/dev/null || true
    fi
}

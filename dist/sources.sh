# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Gets Debian's packages with an apt configuration of our own, in the cache: the system's stays as it is.
# To be sourced by build.sh, which sets `cache` and has say() and fail().

# The system's package sources, with source packages. Whatever mirror this machine uses, we use.
_sources_write_lists() { # FOLDER
    local file
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ -f $file ]] || continue
        sed -n 's/^[[:space:]]*deb[[:space:]]/&/p' "$file" | sed 'p; s/^[[:space:]]*deb\([[:space:]]\)/deb-src\1/' \
            >"$1/${file##*/}"
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
Dir::Cache "$apt/cache";
Acquire::Retries "2";
Acquire::Languages "none";
APT::Sandbox::User "";
CONF
}

_sources_apt() { # COMMAND ARGUMENT...
    local command=$1
    shift
    APT_CONFIG=$cache/apt/apt.conf "$command" "$@"
}

# Package lists are fetched once a build, and only where something is missing.
_sources_update() {
    [[ -z ${_sources_updated-} ]] || return 0
    say 'package lists'
    _sources_configure
    _sources_apt apt-get -q update >>"$log" 2>&1 || fail_with_log 'the package lists could not be fetched'
    _sources_updated=yes
}

# The versions to try: the pinned one, then what is served, the newest first.
_sources_versions() { # KIND PACKAGE PINNED
    local query=showsrc
    [[ $1 == source ]] || query=show
    printf '%s\n' "$3"
    _sources_apt apt-cache "$query" "$2" 2>/dev/null | sed -n 's/^Version: //p' | sort -rVu | grep -vxF -- "$3" || true
}

_sources_download() { # KIND PACKAGE VERSION
    if [[ $1 == source ]]; then
        _sources_apt apt-get -q source --download-only "$2=$3"
    else
        _sources_apt apt-get -q download "$2=$3"
    fi >>"$log" 2>&1
}

_sources_unpack() { # KIND FOLDER: from the current folder, which holds one package
    local description
    if [[ $1 == source ]]; then
        description=$(compgen -G '*.dsc') && dpkg-source --no-check -x "$description" "$2"
    else
        dpkg-deb -x ./*.deb "$2"
    fi >>"$log" 2>&1
}

# An index can name a version whose files are gone already, hence the loop.
_sources_fetch_any() { # NAME KIND PACKAGE PINNED
    local version folder=$cache/sources/$1
    _sources_update
    while read -r version; do
        rm -rf "$folder" "$folder.new"
        mkdir -p "$folder.new/download"
        if (cd "$folder.new/download" && _sources_download "$2" "$3" "$version"); then
            (cd "$folder.new/download" && _sources_unpack "$2" "$folder.new/tree") ||
                fail_with_log "$1: the package $3 $version could not be unpacked"
            rm -rf "$folder.new/download"
            printf '%s' "$version" >"$folder.new/version"
            mv "$folder.new" "$folder"
            return 0
        fi
    done < <(_sources_versions "$2" "$3" "$4")
    fail_with_log "$1: the package $3 could not be fetched in any version"
}

# Afterwards cache/sources/NAME has `tree`, the unpacked package with Debian's patches, and `version`.
sources_get() { # NAME KIND PACKAGE PINNED
    local folder=$cache/sources/$1 wanted=$4
    # What stood in for a version that is not served is kept until the pin changes.
    if [[ -e $folder/version && $(cat "$folder/pinned" 2>/dev/null) == "$wanted" ]]; then
        return 0
    fi
    say "fetch $3 $wanted"
    _sources_fetch_any "$@"
    printf '%s' "$wanted" >"$folder/pinned"
    sources_note_fallback "$1" "$wanted"
}

sources_note_fallback() { # NAME PINNED
    local version
    version=$(cat "$cache/sources/$1/version")
    [[ $version == "$2" ]] || say "note: $1 $2 is not served any more; taking $version"
}

sources_version() { # NAME
    cat "$cache/sources/$1/version"
}

# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Lays out what is to be uploaded, and packs it so that the same sources give the same bytes. To be sourced by build.sh.

# shellcheck source-path=SCRIPTDIR source=install_page/make.sh
source "${BASH_SOURCE[0]%/*}/install_page/make.sh"

# `make install` knows what goes where; into /home/you of a stage, so that the paths read as in the example.
_bundle_install() { # STAGE
    INSTALL_STAGE=1 make -s -C "$root" STATIC="$cache/$arch/static.mk" BUILD="$cache/$arch/programs" install \
        PREFIX="$1/home/you/cgi-login" CGI_BIN="$1/home/you/cgi-bin" HTML="$1/home/you/public_html" CGI_SUFFIX=.cgi \
        >>"$log" 2>&1 || fail_with_log 'make install failed'
    # The one for this account is the archive's, beside its folders: under this name every file manager shows it.
    sed "s#$1##g" "$1/home/you/public_html/.htaccess" >"$1/home/you/htaccess.example"
    rm "$1/home/you/public_html/.htaccess" "$1/home/you/cgi-login/htaccess.example"
}

_bundle_licence() { # FOLDER NAMES: prints the path of the one that is there
    local name
    for name in $2; do
        if [[ -f $1/$name ]]; then
            printf '%s' "$1/$name"
            return
        fi
    done
    return 1
}

_bundle_licences() { # FOLDER
    local name kind package oldest licence files names file
    mkdir -p "$1"
    while read -r name kind package oldest licence files; do
        for names in ${files//,/ }; do
            file=$(_bundle_licence "$cache/sources/$name/tree" "${names//|/ }") ||
                fail "$name: its licence $names is not in the source"
            cp "$file" "$1/$name-$(basename "$file" .txt).txt"
        done
    done < <(library_lines)
    if [[ -e $root/LICENSE ]]; then
        cp "$root/LICENSE" "$1/cgi-login-LICENSE.txt"
    fi
}

_bundle_manifest() {
    local name kind package oldest licence rest
    printf 'cgi-login %s, static programs for linux-%s\n' "$version" "$arch"
    printf 'Built from commit %s.\n\n' "$(git -C "$root" rev-parse HEAD 2>/dev/null || printf unknown)"
    printf 'What is linked in, from the source packages of Debian (ca-certificates: the files in cgi-login/ca):\n\n'
    printf '%-16s %-24s %s\n' name version licence
    while read -r name kind package oldest licence rest; do
        printf '%-16s %-24s %s\n' "$name" "$(sources_version "$name")" "$licence"
    done < <(library_lines)
    printf '%-16s %-24s %s\n' libgcc "$("$host_prefix-gcc" -dumpfullversion)" \
        'GPL-3.0-or-later WITH GCC-exception-3.1' cgi-login "$version" MIT
    _bundle_missed
    printf '\nThe same as SPDX is in SBOM.spdx.json, the licences are in licences/, the sums of all files in SHA256SUMS.\n'
}

# What the archive would have, had its source been there.
_bundle_missed() {
    local name rest missed told=
    while read -r name rest; do
        missed=$(sources_missed "$name")
        [[ -n $missed ]] || continue
        [[ -n $told ]] || printf '\nNewer in the lists of Debian, but the source was not served when this was built:\n\n'
        told=yes
        printf '%-16s %s\n' "$name" "$missed"
    done < <(library_lines)
}

# What INSTALL.html leaves out: a short manual, what is new, every setting, error and symptom, a page a task.
_bundle_manual() { # TOP
    {
        "$root/dist/changelog.sh" >"$stage/changes.md" &&
            "$root/dist/pages.py" "$1" "$stage/changes.md" "$version" "$arch"
    } >>"$log" 2>&1 || fail_with_log 'the manual could not be made'
    rm "$stage/changes.md"
}

_bundle_sums() { # in the folder
    local sums
    sums=$(find . -type f -printf '%P\n' | sort | xargs -d '\n' sha256sum)
    printf '%s\n' "$sums" >SHA256SUMS
}

# ustar: what every file manager's unpacker knows. gzip -n: no name, no time.
_bundle_pack() { # PARENT FOLDER FILE
    tar -C "$1" --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rw,go+r,go-w \
        --mtime="@$SOURCE_DATE_EPOCH" -cf - "$2" | gzip -9n >"$3.new"
    mv "$3.new" "$3"
}

bundle() {
    local name=cgi-login-$version top stage=$cache/$arch/stage
    log=$logs/bundle.log
    rm -rf "$stage"
    mkdir -p "$stage"
    _bundle_install "$stage"
    top=$stage/$name
    mv "$stage/home/you" "$top"
    rmdir "$stage/home"
    ca_folder_make "$cache/sources/ca-certificates/tree/usr/share/ca-certificates/mozilla" "$top/cgi-login/ca"
    install_page_make "$top/htaccess.example" >"$top/INSTALL.html"
    _bundle_licences "$top/licences"
    _bundle_manual "$top"
    _bundle_manifest >"$top/MANIFEST"
    "$root/dist/sbom.py" "$top/MANIFEST" >"$top/SBOM.spdx.json"
    (cd "$top" && _bundle_sums)
    _bundle_pack "$stage" "$name" "$archive"
    (cd "$output" && sha256sum "${archive##*/}" >"${archive##*/}.sha256")
    say "$archive, $(($(stat -c %s "$archive") / 1024)) KB"
}

# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034 # SITE_REAPER is for those who source site.sh
# Who runs what: the account's owner, and its jail where there is one. For site.sh.

# The words that go before a command for the owner to run it, before a program of the product, and before what leaves
# processes behind: bash cannot export arrays, so each process makes them anew.
_site_name_owner() {
    SITE_AS_OWNER=() SITE_ENTER=() SITE_REAPER=("$(_site_python)" -B "$_SITE_ROOT/tests/support/reaper.py")
    if [[ $EUID -eq 0 && -n $_SITE_USER ]]; then
        SITE_AS_OWNER=("$(command -v setpriv)" --reuid="$_SITE_USER" --regid="$_SITE_GROUP" --clear-groups)
    fi
    SITE_ENTER=("${SITE_AS_OWNER[@]}")
    [[ -z $_SITE_JAIL ]] || mapfile -t SITE_ENTER < <(archive_enter)
}

# Runs a command of this machine as the account's owner: www-data when we are root, so that programs own their
# configuration.
site_run() { # COMMAND...
    (cd "$SITE_HOME" && exec "${SITE_AS_OWNER[@]}" "$@")
}

# Runs a program of the product as the account's owner, in its jail where there is one. WRAPPER is of this machine, such
# as env with variables; it runs first, as whoever we are.
site_exec() { # [WRAPPER...] -- PROGRAM [ARGUMENT...]
    local -a wrapper=()
    while [[ $1 != -- ]]; do
        wrapper+=("$1")
        shift
    done
    (cd "$SITE_HOME" && exec "${wrapper[@]}" "${SITE_ENTER[@]}" "${@:2}")
}

_site_give_away() { # PATH...: makes files the account owner's
    if [[ $EUID -eq 0 && -n $_SITE_USER ]]; then
        chown -RH "$_SITE_USER:$_SITE_GROUP" "$@"
    fi
}

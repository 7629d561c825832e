# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Apache's life: start, stop, restart; and the end of the whole site. For site.sh.

_site_apache_up() { # PID: up, or dead: either way there is nothing to wait for
    local apache
    _site_gone "$1" && return 0
    apache=$(_site_read "$SITE_DIR/run/httpd.pid")
    # Of a jail's Apache it is the parent, the reaper.
    [[ -n $apache ]] && { [[ $apache == "$1" ]] || grep -qsx "PPid:[[:space:]]*$1" "/proc/$apache/status"; } &&
        _site_listening "$_SITE_PORT"
}

_site_launch() { # succeeds when Apache serves
    local httpd name
    local -a environment=(PATH=/usr/local/bin:/usr/bin:/bin HOME="$SITE_HOME" LANG=C.UTF-8) owner=("${SITE_AS_OWNER[@]}")
    for name in ${SITE_PASS_ENV-}; do
        environment+=("$name=${!name-}")
    done
    # Only root can go into a jail; Apache's children are the owner's even so.
    # LD_PRELOAD takes no path with a space.
    [[ -z $_SITE_JAIL ]] || owner=() environment+=("LD_LIBRARY_PATH=$SITE_DIR" LD_PRELOAD=account.so)
    _site_write_httpd_conf || return 1
    httpd=$(_site_httpd) || return 1
    local -a command=("$(command -v env)" -i "${environment[@]}" "$httpd" -d "$SITE_DIR" -f "$SITE_DIR/httpd.conf" -DFOREGROUND)
    [[ -z $_SITE_JAIL ]] || command=("${SITE_REAPER[@]}" "${command[@]}")
    _site_spawn "$SITE_DIR/logs/error.log" "${owner[@]}" "${command[@]}"
    _site_settle _site_apache_up
}

# Moves the site to another port: only before its first start, and only when the caller did not choose the port.
_site_move() {
    local old=$_SITE_PORT
    _SITE_PORT=$(_site_free_port)
    sed -i "s#\(localhost:\)$old\b#\1$_SITE_PORT#g" "$SITE_CONFIG"
    _site_give_away "$SITE_CONFIG"
    _site_name_things
    _site_remember
    if _site_alive "$(_site_pid "$SITE_DIR/standin/pid")"; then
        local -a arguments=()
        mapfile -d '' arguments <"$SITE_DIR/standin/arguments"
        standin_stop && standin_start "${arguments[@]}"
    fi
}

site_start() {
    local attempt
    if _site_alive "$(_site_pid "$SITE_DIR/run/httpd.pid")"; then
        return 0
    fi
    for attempt in 1 2 3 4 5; do
        if _site_launch; then
            _SITE_PORT_FIXED=yes
            return 0
        fi
        # AH00072: could not bind to the address.
        if [[ -n ${_SITE_PORT_FIXED-yes} || $attempt == 5 ]] || ! grep -q AH00072 "$SITE_DIR/logs/error.log"; then
            break
        fi
        _site_move || return 1
    done
    tail -n 20 "$SITE_DIR/logs/error.log" >&2
    _site_fail "Apache did not start on port $_SITE_PORT"
}

# The site's own programs that are running, as process ids.
_site_programs() {
    find /proc/[0-9]*/exe -maxdepth 0 -lname "$_SITE_JAIL$SITE_DIR/home/*" -printf '%h\n' 2>/dev/null | sed 's#/proc/##' || true
}

# Apache's processes that name this site's configuration.
_site_servers() {
    local file pid httpd
    httpd=$(_site_httpd) || return 0
    { grep -lsF -- "$SITE_DIR/httpd.conf" /proc/[0-9]*/cmdline || true; } | while read -r file; do
        pid=${file//[!0-9]/}
        if [[ $(_site_read "/proc/$pid/comm") == "${httpd##*/}" ]]; then
            printf '%s\n' "$pid"
        fi
    done
}

site_stop() {
    [[ -n ${SITE_DIR-} && -d $SITE_DIR/run ]] || return 0
    # Apache would wait ten seconds for a program that hangs.
    # shellcheck disable=SC2046
    _site_kill $(_site_programs)
    _site_end "$(_site_pid "$SITE_DIR/run/httpd.pid")"
    # shellcheck disable=SC2046
    _site_kill $(_site_programs) $(_site_servers)
    rm -f "$SITE_DIR/run/httpd.pid"
}

site_restart() { site_stop && site_start; }

# Stops everything and removes the folder, but for SITE_KEEP=1, which leaves it to be looked at. May be called twice, and
# after a failed site_create.
site_cleanup() {
    [[ -n ${SITE_DIR-} ]] || return 0
    # A signal may have come before it had written its pid file.
    _site_end "${_SITE_PID-}" || true
    standin_stop || true
    site_stop || true
    # site.env is the mark of a folder that site_create made its own.
    if [[ -n ${SITE_KEEP-} && -e $SITE_DIR/site.env ]]; then
        printf 'site: kept in %s; site_use takes it up, site_cleanup removes it\n' "$SITE_DIR" >&2
    elif [[ -e $SITE_DIR/site.env || -n ${_SITE_JAIL-} ]]; then
        rm -rf -- "$SITE_DIR" ${_SITE_JAIL:+"$_SITE_JAIL"} || true
    else
        rmdir -- "$SITE_DIR" 2>/dev/null || true
    fi
    unset SITE_DIR
}

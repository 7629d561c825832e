# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Processes: started in the background, waited for, ended. For site.sh.

# A zombie that nobody has reaped yet is dead, whatever kill -0 says.
_site_alive() { # PID
    [[ -n ${1-} ]] && kill -0 "$1" 2>/dev/null && ! grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"
}

_site_gone() { ! _site_alive "$1"; }

_site_until() { # COMMAND...: tries every 50 ms until it succeeds
    local deadline=$((SECONDS + _SITE_WAIT_SECONDS))
    until "$@"; do
        [[ $SECONDS -lt $deadline ]] || return 1
        sleep 0.05
    done
}

_site_end() { # PID: asks it to stop, and insists after a while
    _site_alive "$1" || return 0
    kill -TERM "$1" 2>/dev/null || true
    _site_until _site_gone "$1" && return 0
    kill -KILL "$1" 2>/dev/null || true
    _site_until _site_gone "$1"
}

_site_kill() { # PID...
    local pid
    for pid in "$@"; do
        kill -KILL "$pid" 2>/dev/null || true
        _site_until _site_gone "$pid" || return 1
    done
}

# The process a pid file names, when it is one of this site: the number may belong to another by now.
_site_pid() { # FILE
    local pid
    pid=$(_site_read "$1")
    if [[ -n $pid ]] && grep -qsF -- "$SITE_DIR/" "/proc/$pid/cmdline"; then
        printf '%s' "$pid"
    fi
}

# Sets _SITE_PID. The descriptors bats and make hand down are closed, or they would wait for the server's end.
_site_spawn() { # OUTPUT COMMAND...
    local output=$1
    local -a group=(setsid)
    shift
    # Apache's prefork ends by signalling its whole process group, so it must not share ours. Under job control a
    # background command has its own already, and setsid would fork and change the process id.
    [[ $- != *m* ]] || group=()
    "${group[@]}" "$@" </dev/null >>"$output" 2>&1 3>&- 4>&- 9>&- &
    _SITE_PID=$!
    disown "$_SITE_PID"
}

# Waits for what _site_spawn started; fails when it has died or does not come up.
_site_settle() { # TEST
    local pid=$_SITE_PID
    if _site_until "$1" "$pid" && _site_alive "$pid"; then
        _SITE_PID=
        return 0
    fi
    _site_end "$pid"
    return 1
}

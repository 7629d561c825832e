# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the rest is made with: failing, files, ports, where this machine has its Python and its Apache. For site.sh.

_site_fail() {
    printf 'site: %s\n' "$*" >&2
    return 1
}

_site_read() { # FILE: its first line; nothing when there is no such file
    local line=
    if [[ -r $1 ]]; then
        read -r line <"$1" || true
    fi
    printf '%s' "$line"
}

_site_listening() { # PORT
    (exec 9<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || (exec 9<>"/dev/tcp/::1/$1") 2>/dev/null
}

# Below the range from which the system takes the ports of outgoing connections.
_site_free_port() {
    local port=$((20000 + RANDOM % 12000))
    while _site_listening "$port"; do
        port=$((20000 + RANDOM % 12000))
    done
    printf '%s' "$port"
}

_site_has_ipv6() { grep -qs '^0\{31\}1 ' /proc/net/if_inet6; }

_site_python() {
    # Not the first one on PATH: that can be a slow wrapper.
    if [[ -n ${SITE_PYTHON-} ]]; then
        printf '%s' "$SITE_PYTHON"
    elif [[ -x /usr/bin/python3 ]]; then
        printf '/usr/bin/python3'
    else
        command -v python3
    fi
}

_site_httpd() {
    local candidate
    for candidate in "${SITE_HTTPD-}" /usr/sbin/apache2 \
        "$(command -v apache2 || true)" "$(command -v httpd || true)"; do
        if [[ -x $candidate ]]; then
            printf '%s' "$candidate"
            return 0
        fi
    done
    _site_fail "there is no Apache here: run tools/packages.sh run"
}

# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Lays out a hosting account in a temp folder and runs a real Apache and the stand-in for Instagram on it.
# To be sourced. What others call is site_* and standin_*; README.md in this folder lists it.
# Every return here has its value: in a trap, a bare one gives the status from before the trap.
#
#   DIR/home/cgi-login    the product: bin/, providers/, templates/, config.json, users.db
#   DIR/home/cgi-bin      the programs (SITE_LAYOUT=suffix: DIR/home/public_html/cgi-bin)
#   DIR/home/public_html  the document root
#   DIR/logs              error.log, access.log of Apache
#   DIR/standin           requests.log (every request with its secrets), output.log of the stand-in
#
# With SITE_ARCHIVE the account is made of that tar file, in a jail: archive.sh.

_SITE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=archive.sh
source "$_SITE_ROOT/tests/support/archive.sh"
_SITE_WAIT_SECONDS=20
_SITE_MODULES="actions alias authz_core dir env expires headers log_config mime rewrite setenvif unixd"

# --- small tools ---

_site_fail() {
    printf 'site: %s\n' "$*" >&2
    return 1
}

# A zombie that nobody has reaped yet is dead, whatever kill -0 says.
_site_alive() { # PID
    [[ -n ${1-} ]] && kill -0 "$1" 2>/dev/null && ! grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"
}

_site_until() { # COMMAND...: tries every 50 ms until it succeeds
    local deadline=$((SECONDS + _SITE_WAIT_SECONDS))
    until "$@"; do
        [[ $SECONDS -lt $deadline ]] || return 1
        sleep 0.05
    done
}

_site_gone() { ! _site_alive "$1"; }

_site_end() { # PID: asks it to stop, and insists after a while
    _site_alive "$1" || return 0
    kill -TERM "$1" 2>/dev/null || true
    _site_until _site_gone "$1" && return 0
    kill -KILL "$1" 2>/dev/null || true
    _site_until _site_gone "$1"
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
    _site_fail "there is no Apache here: run tests/support/packages.sh run"
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

# --- laying out ---

_site_name_things() {
    SITE_URL=http://localhost:$_SITE_PORT
    STANDIN_URL=http://localhost:$_STANDIN_PORT
    [[ -z $_SITE_STANDIN_TLS ]] || STANDIN_URL=https://localhost:$_STANDIN_PORT
    SITE_HOME=$SITE_DIR/home
    SITE_PRODUCT=$SITE_HOME/cgi-login
    SITE_CONFIG=$SITE_PRODUCT/config.json
    SITE_HTML=$SITE_HOME/public_html
    SITE_CGI_BIN=$SITE_HOME/cgi-bin SITE_CGI_SUFFIX=
    [[ $_SITE_LAYOUT != suffix ]] || SITE_CGI_BIN=$SITE_HTML/cgi-bin
    [[ $_SITE_LAYOUT != suffix && -z $_SITE_JAIL ]] || SITE_CGI_SUFFIX=.cgi
    SITE_CLIENT_ID=1029384756102938 SITE_CLIENT_SECRET=5d41402abc4b2a76b9719d911017c592
    export SITE_DIR SITE_URL SITE_HOME SITE_PRODUCT SITE_CONFIG SITE_HTML SITE_CGI_BIN SITE_CGI_SUFFIX STANDIN_URL
    export SITE_CLIENT_ID SITE_CLIENT_SECRET
    _site_name_owner
}

_site_remember() {
    local name
    for name in SITE_DIR _SITE_PORT _SITE_LAYOUT _SITE_MPM _SITE_USER _SITE_GROUP _SITE_JAIL _SITE_STANDIN_TLS \
        _STANDIN_PORT; do
        printf '%s=%q\n' "$name" "${!name}"
    done >"$SITE_DIR/site.env"
}

# Takes up a site made earlier, in another process.
site_use() { # DIR
    # shellcheck source=/dev/null
    source "$1/site.env"
    _site_name_things
}

_site_install() {
    local -a arguments=()
    if [[ -n $_SITE_JAIL ]]; then
        archive_install && archive_name_account || _site_fail "$SITE_ARCHIVE could not be unpacked"
        return
    fi
    read -r -a arguments <<<"${SITE_MAKE_ARGS-}"
    # Called from make, its jobs and flags are not for this one.
    (umask 022 && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$_SITE_ROOT" install \
        PREFIX="$SITE_PRODUCT" CGI_BIN="$SITE_CGI_BIN" HTML="$SITE_HTML" CGI_SUFFIX="$SITE_CGI_SUFFIX" \
        BUILD="${SITE_BUILD:-build}" "${arguments[@]}" >/dev/null) || _site_fail "make install failed"
}

_site_make_certificate() {
    mkdir -p "$SITE_DIR/tls"
    # For years: some tests live in the future.
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2000 -subj /CN=localhost \
        -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -keyout "$SITE_DIR/tls/key.pem" \
        -out "$SITE_DIR/tls/certificate.pem" 2>/dev/null || _site_fail "openssl could not make a certificate"
}

_site_write_config() {
    local key ca_file=
    key=$(site_exec -- "$SITE_PRODUCT/bin/cgi-login" new-key) || _site_fail "cgi-login new-key failed" || return 1
    [[ -z $_SITE_STANDIN_TLS ]] || ca_file="\"ca_file\": \"$SITE_DIR/tls/certificate.pem\","
    (umask 077 && cat >"$SITE_CONFIG") <<JSON
{
  "base_url": "$SITE_URL",
  "keys": ["$key"],
  "store": "${SITE_STORE:-sqlite://$SITE_PRODUCT/users.db}",
  "session": { "lifetime_days": 14, "recheck_minutes": 5 },
  "redirects": { "success": "/profile", "failure": "/login", "home": "/" },
  "default_provider": "instagram",
  "providers": {
    "instagram": {
      "client_id": "$SITE_CLIENT_ID",
      "client_secret": "$SITE_CLIENT_SECRET",
      $ca_file
      "authorize_url": "$STANDIN_URL/oauth/authorize",
      "token_url": "$STANDIN_URL/oauth/access_token",
      "long_lived": { "url": "$STANDIN_URL/access_token", "grant_type": "ig_exchange_token" },
      "refresh": { "url": "$STANDIN_URL/refresh_access_token", "grant_type": "ig_refresh_token",
                   "min_age_seconds": 86400 },
      "profile_url": "$STANDIN_URL/v26.0/me"
    }
  }
}
JSON
}

_site_write_httpd_conf() {
    local httpd modules module mpm=event cgi=cgid name
    [[ $_SITE_MPM == prefork ]] && mpm=prefork cgi=cgi
    httpd=$(_site_httpd) || return 1
    modules=${SITE_HTTPD_MODULES:-/usr/lib/apache2/modules}
    {
        printf 'ServerRoot "%s"\nServerName localhost:%s\nListen 127.0.0.1:%s\n' "$SITE_DIR" "$_SITE_PORT" "$_SITE_PORT"
        if _site_has_ipv6; then
            printf 'Listen [::1]:%s\n' "$_SITE_PORT"
        fi
        # What is not there as a file is built into the server.
        for module in "mpm_$mpm" $_SITE_MODULES "$cgi"; do
            if [[ -e $modules/mod_$module.so ]]; then
                printf 'LoadModule %s_module "%s/mod_%s.so"\n' "$module" "$modules" "$module"
            fi
        done
        [[ $cgi != cgid ]] || printf 'ScriptSock "%s/run/cgid.sock"\n' "$SITE_DIR"
        for name in ${SITE_PASS_ENV-}; do
            printf 'PassEnv %s\n' "$name"
        done
        _site_httpd_rules
        [[ -z $_SITE_JAIL ]] || archive_httpd_rules
        printf '%s\n' "${SITE_HTTPD_EXTRA-}"
    } >"$SITE_DIR/httpd.conf"
}

_site_httpd_rules() {
    cat <<CONF
DefaultRuntimeDir "$SITE_DIR/run"
PidFile "$SITE_DIR/run/httpd.pid"
ErrorLog "$SITE_DIR/logs/error.log"
LogLevel warn
LogFormat "%h %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"" combined
CustomLog "$SITE_DIR/logs/access.log" combined
ServerTokens Prod
TraceEnable Off
Timeout 60
<IfModule mpm_event_module>
  StartServers 1
  MinSpareThreads 5
</IfModule>
<IfModule mpm_prefork_module>
  StartServers 2
  MinSpareServers 2
</IfModule>
TypesConfig "$SITE_DIR/mime.types"
DirectoryIndex index.html
DocumentRoot "$SITE_HTML"
<Directory "/">
  AllowOverride None
  Require all denied
</Directory>
# As shared hosts have it: .htaccess may do what it wants, and CGI in the document root is off until it says otherwise.
<Directory "$SITE_HTML">
  AllowOverride All
  Options SymLinksIfOwnerMatch
  Require all granted
</Directory>
<FilesMatch "^\.ht">
  Require all denied
</FilesMatch>
CONF
    if [[ $_SITE_LAYOUT != suffix ]]; then
        cat <<CONF
ScriptAlias /cgi-bin/ "$SITE_CGI_BIN/"
<Directory "$SITE_CGI_BIN">
  AllowOverride All
  Options +ExecCGI
  Require all granted
</Directory>
CONF
    fi
}

_site_write_mime_types() {
    printf '%s\n' 'text/html html' 'text/css css' 'text/plain txt' 'text/javascript js' 'application/json json' \
        'image/svg+xml svg' 'image/png png' 'image/jpeg jpg' 'application/pdf pdf' >"$SITE_DIR/mime.types"
}

# Makes the account; see README.md for the variables it heeds. Without DIR it makes a folder of its own.
site_create() { # [DIR]
    local dir=${1:-$(mktemp -d "${TMPDIR:-/tmp}/cgi-login-site.XXXXXX")}
    mkdir -p "$dir" && dir=$(cd "$dir" && pwd -P) || return 1
    [[ -z $(ls -A "$dir") ]] || _site_fail "$dir is not empty" || return 1
    # The system's limit for a socket's path is 107 characters, and Apache adds its process id.
    [[ ${#dir} -le 80 ]] || _site_fail "the path of $dir is too long for Apache's socket" || return 1
    _SITE_LAYOUT=${SITE_LAYOUT:-cgi-bin} _SITE_MPM=${SITE_MPM:-event} _SITE_USER=${SITE_USER-www-data} _SITE_JAIL=
    _SITE_STANDIN_TLS=${SITE_STANDIN_TLS-}
    _SITE_PORT=${SITE_PORT:-$(_site_free_port)} _SITE_PORT_FIXED=${SITE_PORT:+yes} _STANDIN_PORT=$(_site_free_port)
    if [[ -n ${SITE_ARCHIVE-} ]]; then
        archive_make_jail "$dir" || return 1
        _SITE_LAYOUT=${SITE_LAYOUT:-suffix} _SITE_USER=$((100000 + _SITE_PORT)) _SITE_STANDIN_TLS=${SITE_STANDIN_TLS-1}
    fi
    SITE_DIR=$dir _SITE_GROUP=$_SITE_USER
    if [[ $EUID -eq 0 && $_SITE_USER == [a-z]* ]]; then
        _SITE_GROUP=$(id -g "$_SITE_USER") || return 1
    fi
    _site_name_things
    chmod 755 "$SITE_DIR"
    (umask 022 && mkdir -p "$SITE_PRODUCT" "$SITE_HTML" "$SITE_CGI_BIN" "$SITE_DIR/logs" "$SITE_DIR/run" \
        "$SITE_DIR/standin") || return 1
    : >"$SITE_DIR/logs/error.log"
    _site_remember || return 1
    _site_install || return 1
    [[ -z $_SITE_STANDIN_TLS ]] || _site_make_certificate || return 1
    _site_write_config && _site_write_mime_types || return 1
    _site_give_away "$SITE_DIR" || return 1
    site_run test -r "$SITE_CONFIG" || _site_fail "$_SITE_USER cannot reach $SITE_DIR: choose a folder under /tmp"
}

# --- Apache ---

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

_site_kill() { # PID...
    local pid
    for pid in "$@"; do
        kill -KILL "$pid" 2>/dev/null || true
        _site_until _site_gone "$pid" || return 1
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

# Stops everything and removes the folder. May be called twice, and after a failed site_create.
site_cleanup() {
    [[ -n ${SITE_DIR-} ]] || return 0
    # A signal may have come before it had written its pid file.
    _site_end "${_SITE_PID-}" || true
    standin_stop || true
    site_stop || true
    # site.env is the mark of a folder that site_create made its own.
    if [[ -e $SITE_DIR/site.env || -n ${_SITE_JAIL-} ]]; then
        rm -rf -- "$SITE_DIR" ${_SITE_JAIL:+"$_SITE_JAIL"} || true
    else
        rmdir -- "$SITE_DIR" 2>/dev/null || true
    fi
    unset SITE_DIR
}

# --- the site from outside ---

# The command-line program, as the account's owner would run it.
site_admin() { # ARGUMENT...
    site_exec env CGI_LOGIN_CONFIG="$SITE_CONFIG" -- "$SITE_PRODUCT/bin/cgi-login" "$@"
}

# site_config_edit '.session.recheck_minutes = 0'; jq options may go before the filter.
site_config_edit() { # [JQ OPTION...] FILTER
    (umask 077 && jq "$@" "$SITE_CONFIG" >"$SITE_CONFIG.new") || _site_fail "jq refused: $*" || return 1
    _site_give_away "$SITE_CONFIG.new" || return 1
    mv "$SITE_CONFIG.new" "$SITE_CONFIG"
}

site_error_log() { cat "$SITE_DIR/logs/error.log"; }

site_clear_logs() {
    : >"$SITE_DIR/logs/error.log"
    : >"$SITE_DIR/standin/requests.log"
    if [[ -e $SITE_DIR/logs/access.log ]]; then
        : >"$SITE_DIR/logs/access.log"
    fi
}

# Goes through a whole sign-in with curl; prints where the callback sends the browser.
site_sign_in() { # COOKIE_JAR [PERSON] [START_PATH]
    local jar=$1 person=${2:-harbour.bakery} path=${3:-/auth/instagram} authorize callback
    authorize=$(curl -sS -b "$jar" -c "$jar" -o /dev/null -w '%{redirect_url}' "$SITE_URL$path") || return 1
    callback=$(standin_decide "$authorize" "$person") || return 1
    curl -sS -b "$jar" -c "$jar" -o /dev/null -w '%{redirect_url}\n' "${callback%%#*}"
}

# --- the stand-in for Instagram ---

_standin_curl() { # CURL ARGUMENT...
    if [[ -n $_SITE_STANDIN_TLS ]]; then
        curl -sS --cacert "$SITE_DIR/tls/certificate.pem" "$@"
    else
        curl -sS "$@"
    fi
}

_standin_up() { # PID: up, or dead
    _site_gone "$1" || [[ $(_site_read "$SITE_DIR/standin/port") == "$_STANDIN_PORT" ]]
}

_standin_launch() { # [EXTRA ARGUMENT...]
    local callback=callback$SITE_CGI_SUFFIX
    local -a tls=()
    [[ -z $_SITE_STANDIN_TLS ]] || tls=(--certificate "$SITE_DIR/tls/certificate.pem" --key "$SITE_DIR/tls/key.pem")
    rm -f "$SITE_DIR/standin/port"
    _site_spawn "$SITE_DIR/standin/output.log" "$(_site_python)" -B "$_SITE_ROOT/tests/standin/instagram.py" \
        --port "$_STANDIN_PORT" --port-file "$SITE_DIR/standin/port" --pid-file "$SITE_DIR/standin/pid" \
        --client-id "$SITE_CLIENT_ID" --client-secret "$SITE_CLIENT_SECRET" --log "$SITE_DIR/standin/requests.log" \
        --redirect-uri "$SITE_URL/auth/instagram/callback" --redirect-uri "$SITE_URL/cgi-bin/$callback/instagram" \
        "${tls[@]}" "$@"
    _site_settle _standin_up
}

# Keeps its port between starts. When another program has taken it meanwhile, moves and tells the configuration.
standin_start() { # [EXTRA ARGUMENT...]
    local attempt old
    if _site_alive "$(_site_pid "$SITE_DIR/standin/pid")"; then
        return 0
    fi
    printf '%s\0' "$@" >"$SITE_DIR/standin/arguments"
    [[ $# -gt 0 ]] || : >"$SITE_DIR/standin/arguments"
    for attempt in 1 2 3 4 5; do
        if _standin_launch "$@"; then
            return 0
        fi
        if [[ $attempt == 5 ]] || ! tail -n 1 "$SITE_DIR/standin/output.log" | grep -q 'Address already in use'; then
            break
        fi
        old=$_STANDIN_PORT
        _STANDIN_PORT=$(_site_free_port)
        sed -i "s#\(localhost:\)$old\b#\1$_STANDIN_PORT#g" "$SITE_CONFIG"
        _site_give_away "$SITE_CONFIG"
        _site_name_things
        _site_remember
    done
    tail -n 5 "$SITE_DIR/standin/output.log" >&2
    _site_fail "the stand-in did not start"
}

standin_stop() {
    [[ -n ${SITE_DIR-} && -d $SITE_DIR/standin ]] || return 0
    _site_end "$(_site_pid "$SITE_DIR/standin/pid")"
    rm -f "$SITE_DIR/standin/pid" "$SITE_DIR/standin/port"
}

# standin_control '{"token_fault": "slow"}'; a setting it does not know is a failure.
standin_control() { # JSON
    local answer
    answer=$(_standin_curl --fail-with-body --data-binary "$1" "$STANDIN_URL/_control") ||
        _site_fail "the stand-in refused: $answer"
}

standin_reset() { _standin_curl -f -o /dev/null -X POST "$STANDIN_URL/_control/reset"; }

# What it holds: settings, counts of requests, codes and tokens issued; JSON.
standin_state() { _standin_curl -f "$STANDIN_URL/_control"; }

# One JSON line a request.
standin_log() { cat "$SITE_DIR/standin/requests.log"; }

# Answers the consent page behind AUTHORIZE_URL; prints where the browser is sent.
standin_decide() { # AUTHORIZE_URL [PERSON] [approve|refuse]
    local location
    location=$(_standin_curl -D - -o /dev/null -d "${1#*\?}" --data-urlencode "person=${2:-harbour.bakery}" \
        -d "decision=${3:-approve}" "$STANDIN_URL/oauth/consent" | sed -n 's/^[Ll]ocation: \(.*[^[:space:]]\).*/\1/p')
    [[ -n $location ]] || _site_fail "the consent page refused $1" || return 1
    printf '%s\n' "$location"
}

# A child process, such as a bats test, goes on with its parent's site.
if [[ -n ${SITE_DIR-} && -e ${SITE_DIR-}/site.env ]]; then
    site_use "$SITE_DIR"
fi

# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Lays out the account: names, the product's files, a certificate, config.json. For site.sh.

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
        { archive_install && archive_name_account; } || _site_fail "$SITE_ARCHIVE could not be unpacked"
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
      "long_lived": { "url": "$STANDIN_URL/access_token", "grant_type": "ig_exchange_token",
        "token_lifetime": 5184000 },
      "refresh": { "url": "$STANDIN_URL/refresh_access_token", "grant_type": "ig_refresh_token",
                   "min_age_seconds": 86400, "token_lifetime": 5184000 },
      "profile_url": "$STANDIN_URL/v26.0/me"
    }
  }
}
JSON
}

# Makes the account; see README.md for the variables it heeds. Without DIR it makes a folder of its own.
site_create() { # [DIR]
    local dir=${1:-$(mktemp -d "${TMPDIR:-/tmp}/cgi-login-site.XXXXXX")}
    mkdir -p "$dir" && dir=$(cd "$dir" && pwd -P) || return 1
    [[ -z $(ls -A "$dir") ]] || _site_fail "$dir is not empty" || return 1
    # From here on site_cleanup knows what to remove, however early this fails.
    SITE_DIR=$dir _SITE_JAIL=
    # The system's limit for a socket's path is 107 characters, and Apache adds its process id.
    [[ ${#dir} -le 80 ]] || _site_fail "the path of $dir is too long for Apache's socket" || return 1
    _SITE_LAYOUT=${SITE_LAYOUT:-cgi-bin} _SITE_MPM=${SITE_MPM:-event} _SITE_USER=${SITE_USER-www-data}
    _SITE_STANDIN_TLS=${SITE_STANDIN_TLS-}
    _SITE_PORT=${SITE_PORT:-$(_site_free_port)} _SITE_PORT_FIXED=${SITE_PORT:+yes} _STANDIN_PORT=$(_site_free_port)
    if [[ -n ${SITE_ARCHIVE-} ]]; then
        archive_make_jail "$dir" || return 1
        _SITE_LAYOUT=${SITE_LAYOUT:-suffix} _SITE_USER=$((100000 + _SITE_PORT)) _SITE_STANDIN_TLS=${SITE_STANDIN_TLS-1}
    fi
    _SITE_GROUP=$_SITE_USER
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

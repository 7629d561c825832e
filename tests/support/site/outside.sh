# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The site as its owner and its visitors see it: cgi-login, the config, the logs, a whole sign-in. For site.sh.

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

# The server's own, where the programs' standard error ends.
site_error_log() { cat "$SITE_DIR/logs/error.log"; }

site_clear_logs() {
    rm -f "$SITE_PRODUCT/error.log" "$SITE_PRODUCT/error.log.1"
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

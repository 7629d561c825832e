#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Serves a complete demo site on http://localhost:${PORT:-8080}/ until Ctrl-C: what `make run` does after building.
# STORE=mongodb://HOST/NAME keeps the users there instead of in an SQLite file.
set -euo pipefail

unset SITE_DIR
# shellcheck source-path=SCRIPTDIR source=support/site.sh
source "$(dirname "${BASH_SOURCE[0]}")/support/site.sh"

PORT=${PORT:-8080}

clean_up() {
    local status=$?
    trap '' INT TERM HUP
    site_cleanup
    exit "$status"
}

check_port() {
    if [[ ! $PORT =~ ^[1-9][0-9]{0,4}$ ]] || [[ $PORT -gt 65535 ]]; then
        printf 'PORT=%s is not a port: give a number from 1 to 65535.\n' "$PORT" >&2
        exit 1
    fi
    if _site_listening "$PORT"; then
        printf 'Port %s is taken by another program. Choose another one: make run PORT=%s\n' "$PORT" \
            "$(_site_free_port)" >&2
        exit 1
    fi
}

# The stand-in under another name, so that one person can log in with two accounts.
add_provider() {
    site_config_edit '.providers.another = .providers.instagram + {preset: "instagram", title: "Another provider",
        mark: "/cgi-login/marks/openid.svg"}'
    standin_control "$(jq -n --arg site "$SITE_URL" '{redirect_uris: [("instagram", "another") as $name |
        "/auth/\($name)/callback", "/cgi-bin/callback/\($name)" | $site + .]}')"
}

tell() {
    cat <<TEXT

cgi-login's demo site runs on

    $SITE_URL/

Open it and choose "Log in with Instagram". A stand-in for Instagram ($STANDIN_URL) asks who you are:
pick one of its people and approve. Under "Accounts and devices" on the profile page you can then link an account of
"Another provider", which is the same stand-in: pick another person there. With curl, a login is three requests:

    start=\$(curl -s -c jar -o /dev/null -w '%{redirect_url}' $SITE_URL/auth/instagram)
    back=\$(curl -s -o /dev/null -w '%{redirect_url}' -d "\${start#*\\?}&person=harbour.bakery&decision=approve" \\
           $STANDIN_URL/oauth/consent)
    curl -s -b jar -c jar -o /dev/null -w '%{redirect_url}\n' "\${back%#*}"

    curl -s -b jar -H 'Accept: application/json' $SITE_URL/profile

The stored users, and what the setup looks like to the owner:

    $SITE_PRODUCT/bin/cgi-login users list
    $SITE_PRODUCT/bin/cgi-login check

What goes wrong in the programs is written, from the first fault on, to

    $SITE_PRODUCT/error.log

The site's config and templates lie beside it. Apache's own log is $SITE_DIR/logs/error.log.
Stop with Ctrl-C; everything above is then removed.
TEXT
}

# Returns when one of the two servers has ended by itself.
watch() {
    local apache standin
    apache=$(_site_pid "$SITE_DIR/run/httpd.pid")
    standin=$(_site_pid "$SITE_DIR/standin/pid")
    while true; do
        if ! _site_alive "$apache"; then
            printf '\nApache ended by itself. The end of its log:\n' >&2
            tail -n 15 "$SITE_DIR/logs/error.log" >&2
            return 1
        elif ! _site_alive "$standin"; then
            printf '\nThe stand-in for Instagram ended by itself. The end of its log:\n' >&2
            tail -n 15 "$SITE_DIR/standin/output.log" >&2
            return 1
        fi
        # A signal ends `wait` at once, but not a command in the foreground.
        sleep 0.5 &
        wait $!
    done
}

check_port
trap clean_up EXIT
trap 'exit 0' INT TERM HUP
# shellcheck disable=SC2119 # it makes its own folder
SITE_PORT=$PORT SITE_STORE=${STORE-} site_create >/dev/null
standin_start
add_provider
site_start
tell
watch

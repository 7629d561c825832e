# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A site with two OpenID Connect providers that others wrote, each known by its issuer alone: `certified`, npm's
# oidc-provider, and `mock`, oauth2-mock-server, which can be told to be wrong (tests/openid/servers.js).

# Once for each package-lock.json. Files that run side by side wait for one another.
openid_install() { # FOLDER
    local from=$E2E_ROOT/tests/openid
    mkdir -p "$1"
    exec 7>"$1/lock"
    flock 7
    if ! cmp -s "$from/package-lock.json" "$1/installed.json"; then
        cp "$from/package.json" "$from/package-lock.json" "$1/"
        (cd "$1" && npm ci --no-audit --no-fund --ignore-scripts --fetch-timeout=60000) >"$1/npm.log" 2>&1 || return 1
        cp "$from/package-lock.json" "$1/installed.json"
    fi
    # A module is found from the folder that a program lies in.
    cp "$from/servers.js" "$1/"
    exec 7>&-
}

openid_start() {
    local folder=$E2E_ROOT/build/openid
    openid_install "$folder" || fail "npm ci failed: $(tail -n 5 "$folder/npm.log")"
    node "$folder/servers.js" "$SITE_URL" "$SITE_DIR/openid.json" >"$SITE_DIR/openid.log" 2>&1 3>&- &
    echo $! >"$SITE_DIR/openid.pid"
    _site_until test -s "$SITE_DIR/openid.json" || fail "$(cat "$SITE_DIR/openid.log")"
    CERTIFIED=$(jq -r .certified "$SITE_DIR/openid.json") MOCK=$(jq -r .mock "$SITE_DIR/openid.json")
    export CERTIFIED MOCK
}

openid_stop() {
    [[ ! -s ${SITE_DIR-}/openid.pid ]] || _site_end "$(cat "$SITE_DIR/openid.pid")"
}

# What the config says of them: all else is discovered.
openid_configure() {
    site_config_edit --arg certified "$CERTIFIED" --arg mock "$MOCK" \
        '.providers.certified = {issuer: $certified, client_id: "site", client_secret: "a secret: with/+% in it"} |
        .providers.mock = {issuer: $mock, client_id: "app", client_secret: "mock-secret-of-the-app"}'
}

# What is kept of the issuers.
openid_forget() { rm -rf "${SITE_CONFIG%/*}/issuers"; }

# mock JSON: how it behaves from now on.
mock() { curl -sS --fail -d "$1" "$MOCK/control" >"$WORK/control"; }

# mock_count PATH: how often it was asked for that since.
mock_count() { curl -sS "$MOCK/control" | jq --arg path "$1" '.counts[$path] // 0'; }

# Follows AUTHORIZE at the provider, as a browser that says yes to all; sets CALLBACK.
consent() {
    local url=$AUTHORIZE step
    for step in 1 2 3 4 5 6 7 8; do
        note "$step $url"
        url=$(curl -sS -b "$WORK/provider.jar" -c "$WORK/provider.jar" -o "$WORK/consent" -w '%{redirect_url}' "$url")
        [[ $url != "$SITE_URL"/* ]] || break
        [[ -n $url ]] || fail "the provider says: $(head -c 600 "$WORK/consent")" || return 1
    done
    CALLBACK=$url
}

# begin_openid PROVIDER [QUERY]: to the provider, by way of the callback where nothing is kept of it; sets AUTHORIZE.
begin_openid() {
    begin "$JAR" "/auth/$1${2:-}"
    [[ $AUTHORIZE != "$SITE_URL"/* ]] || begin "$JAR" "$AUTHORIZE"
}

# sign_in_openid PROVIDER
sign_in_openid() {
    begin_openid "$1"
    consent
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

# login_fails PROVIDER CODE PART: the login fails so, and the log's one line of it has that part.
login_fails() {
    site_clear_logs
    outage_forget
    rm -f "$JAR"
    begin_openid "$1"
    consent
    assert_login_fails "$JAR" "$2"
    assert_one_line callback "$3"
}

# The token with another signature: one signature of 256 ends in AA already.
damaged() { # TOKEN
    local end=AA
    [[ $1 != *AA ]] || end=AQ
    printf '%s' "${1%??}$end"
}

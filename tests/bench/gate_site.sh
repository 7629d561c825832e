# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What gate.py measures, laid out on the bench's site: a file that nobody guards, the same behind the gate in each way,
# behind mod_auth_openidc, and behind a PHP script. For run.sh.

E2E_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=../support/gate.sh
source "$E2E_ROOT/tests/support/gate.sh"
# shellcheck source-path=SCRIPTDIR source=../e2e/openid.bash
source "$E2E_ROOT/tests/e2e/openid.bash"

fail() { _site_fail "$@"; } # openid.bash wants it

modules=${SITE_HTTPD_MODULES:-/usr/lib/apache2/modules}

# The provider for mod_auth_openidc, which has the login that our own take in tests/e2e. Left out where either is missing.
gate_openid_start() {
    if [[ ! -e $modules/mod_auth_openidc.so ]] || ! command -v npm >/dev/null; then
        say "no comparison with mod_auth_openidc: it, or npm for a provider, is not installed"
        return 0
    fi
    openid_start
    export BENCH_HAS_OPENIDC=yes
}

# Its session is the default one: an id in the cookie, the rest in shared memory.
_gate_openidc_rules() {
    local module
    for module in authn_core authz_user auth_openidc; do
        printf 'LoadModule %s_module "%s/mod_%s.so"\n' "$module" "$modules" "$module"
    done
    printf '%s\n' "OIDCProviderMetadataURL $MOCK/.well-known/openid-configuration" 'OIDCClientID app' \
        'OIDCClientSecret mock-secret-of-the-app' 'OIDCRedirectURI /openidc/callback' \
        'OIDCCryptoPassphrase bench-passphrase' '<Location "/openidc">' 'AuthType openid-connect' \
        'Require valid-user' '</Location>'
}

# Beside what run.sh has for mod_fcgid.
gate_httpd_rules() {
    [[ -z ${BENCH_HAS_OPENIDC-} ]] || _gate_openidc_rules
    printf '<Directory "%s/php">\nSetEnv GUARD_SESSIONS "%s/bench/sessions"\nSetEnv GUARD_FILES "%s/open"\n' \
        "$SITE_HTML" "$SITE_DIR" "$SITE_HTML"
    printf '</Directory>\n'
}

# The rule has to be in the config before other accounts copy that.
gate_rules() { site_config_edit '.gate = [{path: "/guard", allow: {signed_in: true}}]'; }

_gate_files() { # FOLDER
    mkdir -p "$SITE_HTML/$1"
    ln "$SITE_HTML/open/small.html" "$SITE_HTML/open/large.bin" "$SITE_HTML/$1/"
}

_gate_make_files() {
    mkdir -p "$SITE_HTML/open"
    head -c 1536 /dev/urandom | base64 -w 0 >"$SITE_HTML/open/small.html" # 2048 characters
    head -c 1048576 /dev/urandom >"$SITE_HTML/open/large.bin"
}

gate_layout() {
    local name linked way
    _gate_make_files
    for name in openidc guard/nginx; do
        _gate_files "$name"
    done
    while read -r name linked; do
        way=cgi
        [[ $name != fcgi-* ]] || way=fcgi
        gate_folder "guard/$way-$linked" redirect "/$name-bin/gate" "$SITE_HOME/$name/cgi-bin/gate"
        _gate_files "guard/$way-$linked"
        if [[ $way == fcgi ]]; then
            gate_folder "guard/authorizer-$linked" authorizer "/$name-bin/gate" "$SITE_HOME/$name/cgi-bin/gate"
            _gate_files "guard/authorizer-$linked"
        fi
    done < <(list_accounts)
    gate_folder guard/cgi-dynamic redirect /cgi-bin/gate "$SITE_CGI_BIN/gate"
    _gate_files guard/cgi-dynamic
    mkdir -p "$SITE_HTML/php" "$SITE_DIR/bench/sessions"
    cp "$folder/peers/guard.php" "$SITE_HTML/php/"
}

gate_start() {
    if ! command -v nginx >/dev/null || ! command -v spawn-fcgi >/dev/null; then
        say "no auth_request: nginx or spawn-fcgi is not installed"
        return 0
    fi
    gate_nginx_start "$SITE_CGI_BIN/gate"
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# Faults of the config: a 500 page without detail for the visitor, the detail in the error log for the operator.
# And where the config is found.

load helpers

teardown() {
    # A test that failed half-way may have left a folder, a pipe or a link.
    [[ -f $SITE_CONFIG && ! -L $SITE_CONFIG ]] || rm -rf "$SITE_CONFIG" "$SITE_CONFIG.away"
    rm -f "$SITE_PRODUCT/providers/other.json"
    rm -rf "$SITE_HTML/inside" "$SITE_HOME/a" "$SITE_HOME/elsewhere"
    chmod 755 "$SITE_PRODUCT"
    chmod -R u+rwX "$SITE_PRODUCT/templates" "$SITE_PRODUCT/providers"
    e2e_teardown
}

PAGE_TITLE="This site’s login does not work"

# assert_fault WORDS [PATH]: that program answers with the page for a fault of the setup and nothing of what it is;
# WORDS are in the log.
assert_fault() {
    note "$*"
    site_clear_logs
    http "${2:-/login}"
    assert_status 500
    assert_contains "$(body)" "<h1>$PAGE_TITLE</h1>"
    assert_equal "$(header Set-Cookie)" ""
    assert_contains "$(log_lines)" "configuration_error: "
    assert_contains "$(log_lines)" "$1"
    assert_contains "$(log_lines)" "cgi-login check"
    refute_contains "$(body)" "$SITE_HOME"
    refute_contains "$(body)" "config.json"
    # JSON needs no template.
    [[ $1 != *.html* ]] || return 0
    http "${AS_JSON[@]}" "${2:-/login}"
    assert_status 500
    # Without a config nothing is known of the site's words.
    assert_regex "$(json '"\(.status) \(.code) \(.title)"')" \
        "^500 configuration_error ($PAGE_TITLE|Internal Server Error)\$"
    refute_contains "$(body)" "$SITE_HOME"
}

@test "every fault of a value is told in the log by its key, and not to the visitor" {
    local words filter
    while IFS='|' read -r words filter; do
        cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
        site_config_edit "$filter"
        assert_fault "$words"
    done <<'TABLE'
base_url: is missing|del(.base_url)
base_url: expected|.base_url = 7
base_url: expected|.base_url = "http://www.example.com"
base_url: expected|.base_url = "www.example.com"
base_url: expected|.base_url = "https://user:word@www.example.com"
base_url: must end after the host|.base_url += "/"
base_url: must end after the host or port; remove "/site" at its end: the product needs a host of its own|.base_url += "/site"
keys: is missing|del(.keys)
keys: expected|.keys = []
keys: expected|.keys = .keys[0]
keys: expected|.keys = [1]
keys[0]: not the Base64 of 32 random bytes|.keys = ["c2hvcnQ="]
keys[1]: not the Base64 of 32 random bytes|.keys += ["BASE64 of 32 random bytes, from: cgi-login new-key"]
keys[0]: not the Base64 of 32 random bytes|.keys = ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
store: is missing|del(.store)
store: expected|.store = ""
store: expected|.store = 1
store: expected a URI|.store = "/home/you/users.db"
store: expected a URI|.store = "mysql://localhost/users"
log: /home/you/users.db-journal is a name of the store's own files|.store = "sqlite:///home/you/users.db" | .log = "/home/you/users.db-journal"
store: the path must be absolute|.store = "sqlite://users.db"
store: the path must be absolute|.store = "sqlite:///"
session: expected|.session = 14
session.lifetime_days: expected|.session.lifetime_days = 0
session.lifetime_days: expected a whole number of days from 1 to 400, such as 30; write it without quotes|.session.lifetime_days = "14"
session.lifetime_days: expected|.session.lifetime_days = 1.5
session.lifetime_days: expected|.session.lifetime_days = 401
session.recheck_minutes: expected|.session.recheck_minutes = -1
session.recheck_minute: there is no such key|.session.recheck_minute = 5
redirects.success: expected|.redirects.success = "https://evil.example/"
redirects.success: expected|.redirects.success = "//evil.example/"
redirects.failure: expected|.redirects.failure = "login"
redirects.failure: expected a path of this site, percent-encoded|.redirects.failure = "/über-uns"
redirects.home: expected|.redirects.home = ""
redirects.start: there is no such key|.redirects.start = "/"
default_provider: "facebook" is not among|.default_provider = "facebook"
default_provider: expected|.default_provider = 1
seal_tokens: expected|.seal_tokens = "no"
gate: expected a list of rules, each with a path and whom it allows|.gate = {"folders": ["/members"]}
gate[0].allow: is missing|.gate = [{"path": "/members"}]
gate[0].path: "members" is not a path of this site as people read it; write "/members"|.gate = [{"path": "members", "allow": {}}]
allow: expected a list of usernames and ids, or an object of rules|.allow = "layla.studio"
allow.emails[0]: "b.example" is no e-mail address|.allow = {"emails": ["b.example"]}
allow.email: there is no such key; correct it to emails|.allow = {"email": ["a@b.example"]}
allow.users: expected a list of texts|.allow = {"users": [42]}
allow.users[0]: "42" may be somebody else's with another provider; write of which, such as "instagram:42"|.providers.other = .providers.instagram + {"preset": "instagram"} | .allow = {"users": ["42"]}
site.name: expected one line of text of at most 60 characters|.site = {"name": "Two\nlines"}
site.logo: expected a path of this site, percent-encoded, or an https URL|.site = {"logo": "http://www.example.com/logo.svg"}
site.colour: expected a colour as "#rrggbb"|.site = {"colour": "green"}
site.color: there is no such key; correct it to colour|.site = {"color": "#00ff00"}
redirects.signed_out: expected a path of this site, percent-encoded|.redirects.signed_out = "https://www.example.com/"
owners[0]: expected "PROVIDER:ID"|.owners = ["harbour.bakery"]
owners: would make everybody who can log in an owner|.owners = {"providers": ["instagram"]}
owners: would make everybody who can log in an owner|.owners = {"signed_in": true}
owners.email: there is no such key|.owners = {"email": ["a@b.example"]}
setup_code: expected a code of 32 to 128|.setup_code = "open sesame"
setup_code: expected a code of 32 to 128|.setup_code = "PUT_THE_CODE_OF_INSTALL_HTML_HERE"
refresh_key: expected a code of 32 to 128|.refresh_key = "0123456789abcdef"
refresh_key: must be another code|.setup_code = "0123456789abcdef0123456789abcdef" | .refresh_key = .setup_code
providers.console: is the address of the owner's page|.providers.console = .providers.instagram
session.outage_minutes: is not part of this version|.session.outage_minutes = 60
providers.instagram.issuer: expected an https URL|.providers.instagram.issuer = "login.example.com"
providers.instagram.jwks_url: has no effect without an issuer|.providers.instagram.jwks_url = "https://login.example.com/keys"
providers.instagram.allow.domains[0]: "@a.example" is no domain|.providers.instagram.allow = {"domains": ["@a.example"]}
providers.instagram.allow.providers[0]: "google" is not among|.providers.instagram.allow = {"providers": ["google"]}
providers: is missing|del(.providers)
providers: is empty|.providers = {} | del(.default_provider)
providers: expected|.providers = []
providers.instagram: expected|.providers.instagram = "id"
providers: a name is made of|.providers.Instagram = .providers.instagram
providers: a name is made of|.providers["../x"] = .providers.instagram
providers.instagram.client_id: is missing|del(.providers.instagram.client_id)
providers.instagram.client_id: expected the app's id, from the provider's dashboard, such as "1029384756102938"; put the number in quotes|.providers.instagram.client_id = 10293847
providers.instagram.client_id: is still the template's|.providers.instagram.client_id = "YOUR_INSTAGRAM_APP_ID"
providers.instagram.client_id: begins or ends with a blank|.providers.instagram.client_id |= " " + .
providers.instagram.client_secret: begins or ends with a blank|.providers.instagram.client_secret += "\u00a0"
providers.instagram.client_secret: is missing|del(.providers.instagram.client_secret)
providers.instagram.client_secret: expected|.providers.instagram.client_secret = ""
providers.instagram.secret: there is no such key|.providers.instagram.secret = "x"
providers.instagram.token_url: expected|.providers.instagram.token_url = "http://api.instagram.com/oauth/access_token"
providers.instagram.profile_url: expected|.providers.instagram.profile_url = "ftp://localhost/"
providers.instagram.authorize_url: expected|.providers.instagram.authorize_url = "javascript:alert(1)"
providers.instagram.callback_url: expected|.providers.instagram.callback_url = "/callback"
providers.instagram.pkce: expected|.providers.instagram.pkce = "plain"
providers.instagram.token_auth: expected|.providers.instagram.token_auth = "header"
providers.instagram.profile_auth: expected|.providers.instagram.profile_auth = "form"
providers.instagram.response_root: expected|.providers.instagram.response_root = ["data"]
providers.instagram.profile.id: is missing|.providers.instagram.profile = {"username": "/username"}
providers.instagram.profile.id: expected|.providers.instagram.profile.id = "id"
providers.instagram.profile: "accessToken" cannot be|.providers.instagram.profile.accessToken = "/access_token"
providers.instagram.allow: expected|.providers.instagram.allow = []
providers.instagram.allow: expected|.providers.instagram.allow = "layla.studio"
providers.instagram.ca_file: expected|.providers.instagram.ca_file = "ca.pem"
providers.instagram.authorize_params.state: is set by the program|.providers.instagram.authorize_params.state = "x"
providers.instagram.authorize_params.response_mode: the callback reads only what comes in the query, or, with "form_post" in authorize_params, in a posted form; remove it, or write "query"|.providers.instagram.authorize_params.response_mode = "fragment"
providers.instagram.authorize_params.response_type: is set by the program, to "code": the implicit flow is refused|.providers.instagram.authorize_params.response_type = "token"
providers.instagram.preset: expected|.providers.instagram.preset = "../../etc/passwd"
providers/myspace.json; upload it|.providers.instagram.preset = "myspace"
long_lived.grant_type: is missing|del(.providers.instagram.long_lived.grant_type)
base_ulr: there is no such key|.base_ulr = "https://www.example.com"
TABLE
    assert_no_secrets
}

# assert_left_out WORDS: "other" is broken as WORDS say; its own login alone does not work.
assert_left_out() {
    note "$*"
    assert_fault "$1" /auth/other
    site_clear_logs
    http /login
    assert_status 200
    assert_contains "$(body)" "Log in with <bdi lang=\"\" translate=\"no\">Instagram</bdi>"
    refute_contains "$(body)" "/auth/other"
    assert_contains "$(log_lines login)" "configuration_error: "
    assert_contains "$(log_lines login)" "$1"
    assert_contains "$(log_lines login)" "configuration_error: the login page leaves out other until that is mended (run \`cgi-login check\`)"
    http "${AS_JSON[@]}" /login
    assert_equal "$(json '[.providers[].name] | join(" ")')" instagram
    run site_admin check
    assert_failure
    assert_output --partial "$1"
}

@test "a provider that cannot be loaded takes its own button from the login page, and nothing else" {
    local words filter file=$SITE_PRODUCT/providers/other.json
    while IFS='|' read -r words filter; do
        cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
        site_config_edit "$filter"
        assert_left_out "$words"
    done <<'TABLE'
providers/other.json; upload it|.providers.other = {"client_id": "a", "client_secret": "b"}
providers/other.json; upload it|.providers.other = {"client_id": "a", "client_secret": "b", "scope": "x"}
providers.other.title: is missing|.providers.other = {"client_id": "a", "client_secret": "b", "token_url": "https://a.example/"}
providers.other.client_id: is missing|.providers.other = {"preset": "instagram", "client_secret": "b"}
providers.other.scop: there is no such key|.providers.other = {"preset": "instagram", "client_id": "a", "client_secret": "b", "scop": "x"}
providers.other.allow[0]: "instagram:1" is of another provider|.providers.other = {"preset": "instagram", "client_id": "a", "client_secret": "b", "allow": ["instagram:1"]}
TABLE
    cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
    site_config_edit '.providers.other = {"client_id": "a", "client_secret": "b"}'
    echo '{"title": "Other",' >"$file"
    chmod 644 "$file"
    assert_left_out "providers/other.json is no JSON: line 2, column 1: a } is missing"
    cp -p "$SITE_PRODUCT/providers/instagram.json" "$file"
    chmod 000 "$file"
    assert_left_out "providers/other.json cannot be read: Permission denied"
    # Who came by the sound one logs in, stays, and is refreshed.
    sign_in "$JAR"
    http -b "$JAR" /profile
    assert_status 200
    run site_admin users list
    assert_success
    run site_admin refresh --within 90
    assert_failure
    assert_output --partial "providers/other.json cannot be read: Permission denied"
    assert_output --partial "1 not old enough"
}

@test "where no provider can be loaded the login page says that the site is not set up" {
    site_config_edit '.providers.other = {"client_id": "a", "client_secret": "b"} | del(.providers.instagram.client_id)'
    assert_fault "no provider is left to log in with"
    assert_contains "$(log_lines)" "providers.instagram.client_id: is missing"
    assert_contains "$(log_lines)" "providers/other.json; upload it"
}

@test "a file that is no JSON object is a fault, however it is broken" {
    local words text
    while IFS='|' read -r words text; do
        printf '%b' "$text" >"$SITE_CONFIG"
        assert_fault "$words"
    done <<'TABLE'
config.json is no JSON: it is empty|
config.json is no JSON: line 1, column 2: a } is missing|{
config.json is no JSON: line 1, column 39: a comma too many|{"base_url": "https://www.example.com",}
config.json is no JSON: line 1, column 10: something follows the last bracket|{"a": 1} {"b": 2}
config.json is no JSON: line 1, column 1: a comment|// comment\n{}
config.json is no JSON: line 1, column 2: a single quote|{'a': 1}
save it as plain text in UTF-8|\x00
it is UTF-16, which some editors call Unicode; save it as UTF-8|\xff\xfe{\x00}\x00
config.json is no JSON: line 2, column 40: a comma too many|{\n  "base_url": "https://www.example.com",\n}
config.json is no JSON: line 2, column 40: a comma is missing here|{\n  "base_url": "https://www.example.com"\n  "keys": []}
config.json is no JSON: line 2, column 3: a typographic quote|{\n  “base_url”: "https://www.example.com"}
expected one JSON object|[]
expected one JSON object|"text"
expected one JSON object|null
stands twice|{"base_url": "https://a.example", "base_url": "https://b.example"}
TABLE
    # What is cut off in the middle must not be quoted.
    head -c -20 "$SITE_DIR/config.pristine" >"$SITE_CONFIG"
    assert_fault "config.json is no JSON: line "
    assert_no_secrets
}

@test "a file that is too large is a fault" {
    jq '.providers.instagram.title = ("x" * 70000)' "$SITE_DIR/config.pristine" >"$SITE_CONFIG"
    assert_fault "cannot be read: File too large"
}

@test "every problem has its line in the log" {
    site_config_edit '.unknown_one = 1 | .unknown_two = 2 | del(.store)'
    http /login
    assert_equal "$(log_lines | grep -c 'configuration_error: ')" 3
    assert_contains "$(log_lines)" unknown_one
    assert_contains "$(log_lines)" unknown_two
    assert_contains "$(log_lines)" "store: is missing"
}

@test "every program answers a fault with the page, the callback too" {
    local path
    site_config_edit '.unknown = 1'
    for path in /auth/instagram "/auth/instagram/callback?code=a&state=b" /login /profile /logout; do
        assert_fault "unknown: there is no such key" "$path"
    done
}

@test "a fault comes before the method and before damage of the request" {
    site_config_edit '.unknown = 1'
    http -X PUT /login
    assert_status 500
    http "/login?$(too_long)"
    assert_status 500
}

@test "a fault heals as soon as the file is right again" {
    site_config_edit '.unknown = 1'
    http /login
    assert_status 500
    cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
    sign_in "$JAR"
}

@test "a config that others can read or write is refused" {
    local mode
    for mode in 644 604 640 660 606 602 620 666 777; do
        chmod "$mode" "$SITE_CONFIG"
        assert_fault "by other users"
        assert_contains "$(log_lines)" "chmod 600 "
    done
    for mode in 600 400 700; do
        note "$mode"
        chmod "$mode" "$SITE_CONFIG"
        http /login
        assert_status 200
    done
}

@test "a config that is not there is a fault" {
    rm "$SITE_CONFIG"
    assert_fault "cannot be read: No such file"
    mkdir "$SITE_CONFIG"
    assert_fault "cannot be read: "
    rmdir "$SITE_CONFIG"
    # Opening it must not wait for a writer.
    mkfifo "$SITE_CONFIG"
    _site_give_away "$SITE_CONFIG"
    assert_fault "cannot be read: "
    rm "$SITE_CONFIG"
}

@test "what must not be read is told with who reads, whose it is and what to do, and is not taken for missing" {
    local user path
    # By name, or by number where the system knows no name.
    user="($(site_run id -un) \($(site_run id -u)\)|$(site_run id -u))"
    while read -r path words; do
        note "$path"
        chmod 000 "$SITE_PRODUCT/$path"
        note "$path"
        assert_fault "$words: Permission denied: the program runs as user "
        assert_regex "$(log_lines)" "runs as user $user, and the (file|folder) $SITE_PRODUCT[^ ]* is of user $user, mode 0000; "
        assert_contains "$(log_lines)" "; run: chmod u+r"
        refute_contains "$(log_lines)" "config-template.json"
        chmod 755 "$SITE_PRODUCT/$path"
        [[ $path != config.json ]] || chmod 600 "$SITE_CONFIG"
    done <<TABLE
. config.json cannot be read
config.json config.json cannot be read
providers providers/instagram.json cannot be read
templates templates/login.html cannot be read
TABLE
    # Where nothing names the config it is looked for, and a place that cannot be entered is not an empty one.
    sed -i '/CGI_LOGIN_CONFIG/d' "$SITE_HTML/.htaccess"
    chmod 000 "$SITE_PRODUCT"
    assert_fault "config.json cannot be looked at: Permission denied: the program runs as user "
    refute_contains "$(log_lines)" "there is no config file"
    chmod 755 "$SITE_PRODUCT"
    # A file of another user, and of no group that the program is in.
    [[ $EUID -eq 0 ]] || return 0
    chown root:root "$SITE_CONFIG"
    assert_fault ", mode 0600; let its group in"
    assert_regex "$(log_lines)" "config.json is of user (root \(0\)|0), mode 0600; let its group in"
    _site_give_away "$SITE_CONFIG"
}

use_config() { # PATH: as SetEnv says it
    sed -i "s#SetEnv CGI_LOGIN_CONFIG .*#SetEnv CGI_LOGIN_CONFIG \"$1\"#" "$SITE_HTML/.htaccess"
}

@test "a config in the web root is refused, also by a symbolic link" {
    mkdir -p "$SITE_HTML/inside"
    cp -rp "$SITE_PRODUCT/." "$SITE_HTML/inside"
    use_config "$SITE_HTML/inside/config.json"
    assert_fault "lies in the web root"
    mv "$SITE_CONFIG" "$SITE_CONFIG.away"
    ln -s "$SITE_HTML/inside/config.json" "$SITE_CONFIG"
    use_config "$SITE_CONFIG"
    assert_fault "lies in the web root"
    rm "$SITE_CONFIG"
    mv "$SITE_CONFIG.away" "$SITE_CONFIG"
    # Another name for the web root does not hide it.
    ln -s "$SITE_HTML" "$SITE_HOME/elsewhere"
    use_config "$SITE_HOME/elsewhere/inside/config.json"
    assert_fault "lies in the web root"
}

@test "a folder whose name only begins like the web root's is not in it" {
    cp -rp "$SITE_PRODUCT" "${SITE_HTML}_private"
    use_config "${SITE_HTML}_private/config.json"
    http /login
    assert_status 200
    rm -rf "${SITE_HTML}_private"
}

@test "CGI_LOGIN_CONFIG names the config, whose folder is the product's home" {
    cp -rp "$SITE_PRODUCT" "$SITE_HOME/elsewhere"
    jq '.redirects.home = "/elsewhere"' "$SITE_CONFIG" >"$SITE_HOME/elsewhere/config.json"
    sed -i 's/<h1>/<h1>Elsewhere: /' "$SITE_HOME/elsewhere/templates/login.html"
    use_config "$SITE_HOME/elsewhere/config.json"
    http /profile
    assert_equal "$(header Location)" "$SITE_URL/elsewhere"
    http /login
    assert_contains "$(body)" "<h1>Elsewhere: Log in"
}

@test "no header can name a config" {
    local name
    sign_in "$JAR"
    for name in CGI-LOGIN-CONFIG CGI_LOGIN_CONFIG Redirect-Cgi-Login-Config REDIRECT_CGI_LOGIN_CONFIG; do
        note "$name"
        http -H "$name: /nonexistent/config.json" /login
        assert_status 200
    done
}

@test "without CGI_LOGIN_CONFIG the config is cgi-login/config.json beside a folder above the program" {
    sed -i '/CGI_LOGIN_CONFIG/d' "$SITE_HTML/.htaccess"
    sign_in "$JAR"
    site_run mkdir -p "$SITE_HOME/a/cgi-bin"
    cp -p "$SITE_CGI_BIN/profile$SITE_CGI_SUFFIX" "$SITE_HOME/a/cgi-bin/profile"
    site_config_edit '.redirects.home = "/found"'
    site_exec env -i REQUEST_METHOD=GET -- "$SITE_HOME/a/cgi-bin/profile" >"$WORK/out"
    assert_contains "$(cat "$WORK/out")" "Location: $SITE_URL/found"
    # The nearer one counts.
    cp -rp "$SITE_PRODUCT" "$SITE_HOME/a/cgi-login"
    jq '.redirects.home = "/nearer"' "$SITE_CONFIG" >"$SITE_HOME/a/cgi-login/config.json"
    site_exec env -i REQUEST_METHOD=GET -- "$SITE_HOME/a/cgi-bin/profile" >"$WORK/out"
    assert_contains "$(cat "$WORK/out")" "Location: $SITE_URL/nearer"
    site_exec env -i REQUEST_METHOD=GET CGI_LOGIN_CONFIG="$SITE_CONFIG" -- "$SITE_HOME/a/cgi-bin/profile" >"$WORK/out"
    assert_contains "$(cat "$WORK/out")" "Location: $SITE_URL/found"
    # However deep it lies, within reason.
    site_run mkdir -p "$SITE_HOME/a/2/3/4/5/6/7/8/9/10/11/12"
    cp -p "$SITE_CGI_BIN/profile$SITE_CGI_SUFFIX" "$SITE_HOME/a/2/3/4/5/6/7/8/9/10/11/profile"
    cp -p "$SITE_CGI_BIN/profile$SITE_CGI_SUFFIX" "$SITE_HOME/a/2/3/4/5/6/7/8/9/10/11/12/profile"
    site_exec env -i REQUEST_METHOD=GET -- "$SITE_HOME/a/2/3/4/5/6/7/8/9/10/11/profile" >"$WORK/out"
    assert_contains "$(cat "$WORK/out")" "Location: $SITE_URL/nearer"
    site_exec env -i REQUEST_METHOD=GET -- "$SITE_HOME/a/2/3/4/5/6/7/8/9/10/11/12/profile" >"$WORK/out" 2>"$WORK/errors"
    assert_contains "$(cat "$WORK/out")" "Status: 500 "
    assert_contains "$(cat "$WORK/errors")" "there is no config file"
}

@test "a template that is missing or broken is a fault, and the page for it does not need one" {
    cp -rp "$SITE_PRODUCT/templates" "$WORK/templates"
    rm "$SITE_PRODUCT/templates/login.html" "$SITE_PRODUCT/templates/error.html"
    assert_fault "login.html cannot be read: No such file"
    # One that another names: both are told.
    cp -p "$WORK/templates/"* "$SITE_PRODUCT/templates/"
    rm "$SITE_PRODUCT/templates/head.html"
    assert_fault "templates/login.html, line $(grep -n "{{> head}}" "$WORK/templates/login.html" | cut -d: -f1): {{> head}}: "
    assert_contains "$(log_lines)" "templates/head.html cannot be read: "
    printf '{{#open}}' >"$SITE_PRODUCT/templates/login.html"
    assert_fault "login.html, line 1: the section open is not closed"
    cp -p "$WORK/templates/"* "$SITE_PRODUCT/templates/"
    http /login
    assert_status 200
}

@test "a preset that is broken is a fault" {
    cp -p "$SITE_PRODUCT/providers/instagram.json" "$WORK/preset"
    printf '{"title": "a",\n"profile": {"id": "/id"' >"$SITE_PRODUCT/providers/instagram.json"
    assert_fault "providers/instagram.json is no JSON: line 2, column 24: a } is missing"
    printf '{"title": "a", "title": "b"}' >"$SITE_PRODUCT/providers/instagram.json"
    assert_fault "no key stands twice"
    cp -p "$WORK/preset" "$SITE_PRODUCT/providers/instagram.json"
}

#!/usr/bin/env bats
# bats file_tags=sqlite-store
# SPDX-License-Identifier: MIT
# What `check` says of the web side: it asks the site through base_url, and looks at what an upload leaves on the disk.
# Each row of a table breaks one thing, and names what the only lines to mend must say.
#   programs: modes, ASCII mode, cut, missing, another suffix, another processor, another version
#   .htaccess: missing, byte order mark, a line that is not taken, no routes, one route gone, a folder in the way
#   redirects, passwords, refusals and foreign pages at /login; nobody there, no such name, certificates
#   config: another one, other keys, other redirect URI, another user; what anybody can fetch

load helpers

# What a static archive's programs are is not broken here: they share a folder with the pages.
e2e_prepare() {
    [[ -z ${SITE_ARCHIVE-} ]] || return 0
    strip "$SITE_CGI_BIN"/* # they are put back many times
    cp -a "$SITE_CGI_BIN" "$SITE_DIR/cgi-bin.pristine"
    cp -a "$SITE_HTML" "$SITE_DIR/html.pristine"
}

setup() {
    e2e_setup
    site_config_edit '.log = env.SITE_PRODUCT + "/programs.log"'
    cp -p "$SITE_CONFIG" "$WORK/config.json"
}

# Puts the account back as it was.
mend() {
    [[ -z ${SITE_ARCHIVE-} ]] || return 0
    rm -rf "$SITE_CGI_BIN" "$SITE_HTML"
    cp -a "$SITE_DIR/cgi-bin.pristine" "$SITE_CGI_BIN"
    cp -a "$SITE_DIR/html.pristine" "$SITE_HTML"
    cp -p "$WORK/config.json" "$SITE_CONFIG"
}

teardown() {
    mend
    e2e_teardown
}

# faults TABLE: breaks what the first part of each row says, and wants exactly the lines of the others.
faults() {
    local row breaking line
    local -a lines
    while IFS= read -r row; do
        IFS='|' read -r -a lines <<<"$row"
        breaking=${lines[0]} lines=("${lines[@]:1}")
        note "$breaking"
        mend
        eval "$breaking"
        _site_give_away "$SITE_CGI_BIN" "$SITE_HTML"
        admin 1 check
        for line in "${lines[@]}"; do assert_regex "$(out)" "  FIX +$line"; done
        assert_equal "$(grep -c '^  FIX' "$OUT")" "${#lines[@]}"
        cp "$OUT" "$KEPT/check.$((REQUESTS += 1))"
    done
    assert_no_secrets
}

# in_front LINE: one more line at the top of .htaccess.
in_front() { sed -i "1i $1" "$SITE_HTML/.htaccess"; }

# redirect FLAGS [TARGET]: what /login does instead.
login_is() { in_front "RewriteEngine On\nRewriteRule ^login\$ ${2:--} [$1]"; }

# program NAME COMMANDS: one more program.
program() {
    printf '#!/bin/sh\n%s\n' "$2" >"$SITE_CGI_BIN/$1"
    chmod 755 "$SITE_CGI_BIN/$1"
}

@test "the site is asked who runs it, all routes, its style sheet and what must not be served, and all is right" {
    admin 0 check
    assert_regex "$(out)" "ok +the programs in $SITE_CGI_BIN are whole"
    assert_regex "$(out)" "ok +$SITE_URL/login works with this config: the programs in $SITE_CGI_BIN run as user [^ ]"
    assert_regex "$(out)" "ok +the routes to callback, .* lead to them"
    assert_regex "$(out)" "ok +nobody can fetch the config, the users, the log or the keys"
    assert_regex "$(out)" "ok +providers.instagram: the site sends people to Instagram with this config's redirect URI"
    # The programs had nothing to complain of, and nobody was signed in or out by that.
    assert_equal "$(log_lines)" ""
    assert_equal "$(user_count)" 0
}

# bats test_tags=host
@test "what check prints of a whole site is what docs/install.md shows" {
    admin 0 check
    diff -u --label 'docs/install.md' --label 'cgi-login check' \
        <(awk '/^```console/ { here = ++block == 2; next } /^```/ { here = 0 } here && !/^\$ /' "$E2E_ROOT/docs/install.md") \
        <(sed -E -e "s#note  base_url is this machine only: (.*)#ok    base_url is \1#" -e "s#$SITE_HOME#/home/anna#g" \
            -e "s#$SITE_URL#https://www.anna.example#g" -e 's#user [^ ]+ \([0-9]+\)$#user anna (1001)#' \
            -e 's#/programs.log#/error.log#' "$OUT")
}

@test "only who has the keys is told how the programs run, and nobody sees it in the response" {
    http "$SITE_URL/login" "${AS_JSON[@]}" -H 'X-Cgi-Login-Check: AAAA'
    assert_equal "$(jq -r 'keys | join(" ")' "$BODY")" providers
    http "$SITE_URL/login" "${AS_JSON[@]}" -H "X-Cgi-Login-Check: $(head -c 1000 /dev/zero | tr '\0' A)"
    assert_equal "$(jq -r 'keys | join(" ")' "$BODY")" providers
}

# bats test_tags=host
@test "what an upload does to the programs is told, and what the site says of it" {
    local programs=$SITE_CGI_BIN
    faults <<TABLE
chmod 644 $programs/*|in $programs these programs may not be run: start, callback, .*755|$SITE_URL/login responds [45]0[03]: .*, see above
chmod 775 $programs/login $programs/gate|in $programs others can write these programs: login, gate; .*755
chmod 775 $programs|others can write the programs' folder $programs \(mode 0775\).*chmod 755 $programs
LC_ALL=C sed -i 's/\$/\r/' $programs/login|in $programs these programs were uploaded in ASCII mode, which damages them: login; .*binary mode|$SITE_URL/login responds [45]0[03]: .*, see above
truncate -s 100000 $programs/callback|in $programs these programs are not whole: callback; |$SITE_URL/auth/instagram/callback responds 500, and not as our program callback does
printf 'hello' >$programs/profile|in $programs these files are no programs: profile; |$SITE_URL/profile responds 500
rm $programs/deletion|in $programs these programs are missing: deletion; upload|$SITE_URL/auth/instagram/deletion responds 404
rm $programs/login|in $programs these programs are missing: login; upload|$SITE_URL/login is not there \(404\), see above
dd if=<(printf '\267') of=$programs/logout bs=1 seek=18 conv=notrunc status=none|in $programs these programs are for another kind of processor: logout|$SITE_URL/logout responds 500
for f in $programs/*; do mv \$f \$f.cgi; done|the routes in $SITE_HTML/.htaccess lead to programs like login, and those in $programs are called login.cgi|$SITE_URL/login is not there \(404\), see above
LC_ALL=C sed -i 's/\x00$(cat "$E2E_ROOT/VERSION")\x00/\x009.9.9\x00/' $programs/login|the programs in $programs are of version 9.9.9, and this one of $(cat "$E2E_ROOT/VERSION")
TABLE
}

# bats test_tags=host
@test "what is wrong with .htaccess is told by what the site does, and what is on the disk" {
    faults <<TABLE
rm $SITE_HTML/.htaccess|$SITE_URL/login is not there \(404\): there is no .htaccess in $SITE_HTML, .*cgi-login htaccess add
sed -i '1s/^/\xEF\xBB\xBF/' $SITE_HTML/.htaccess|$SITE_HTML/.htaccess begins with a byte order mark|every page of $SITE_URL responds 500: .*, see above
in_front Nonsense|every page of $SITE_URL responds 500: a line of the .htaccess in $SITE_HTML is not taken; 
sed -i /RewriteRule/d $SITE_HTML/.htaccess|$SITE_URL/login is not there \(404\): the .htaccess in $SITE_HTML has no routes
printf 'RewriteEngine On\nRewriteRule . /index.html [END]\n' >$SITE_HTML/.htaccess|$SITE_URL/login is a page of another program: the .htaccess in $SITE_HTML has no routes
sed -i /backchannel/d $SITE_HTML/.htaccess|$SITE_URL/auth/instagram/backchannel_logout responds 404, .*cgi-login htaccess add
sed -i 's#/cgi-bin/#/programs/#' $SITE_HTML/.htaccess|$SITE_URL/login is not there \(404\), though $SITE_HTML/.htaccess has the routes and $SITE_CGI_BIN the programs
rm -r $SITE_HTML/cgi-login|$SITE_URL/cgi-login/style.css is not there
chmod 600 $SITE_HTML/cgi-login/style.css; sed -i '1i <Files style.css>\nRequire all denied\n</Files>' $SITE_HTML/.htaccess|$SITE_URL/cgi-login/style.css responds 403
TABLE
}

# bats test_tags=host
@test "what responds at /login in our place is told: redirects, passwords, refusals, other pages" {
    faults <<TABLE
login_is R=301,L https://www.localhost:8443/login|base_url: the site sends the browser from $SITE_URL on to https://www.localhost:8443; write that name into base_url
login_is R=301,L https://localhost:8443/login|base_url: the site sends the browser from $SITE_URL on to https://localhost:8443; write that into base_url
login_is R=302,L https://parked.example/|base_url: $SITE_URL sends the browser on to another site, https://parked.example;
login_is R=302,L /wp-login.php|$SITE_URL/login sends the browser on to $SITE_URL/wp-login.php: another rule
login_is END /index.html|$SITE_URL/login is a page of another program
login_is R=401,L|$SITE_URL/login asks for a password of the web server's own
login_is F|$SITE_URL/login responds 403: 
login_is R=503,L|$SITE_URL/login responds 503, which is not of our program
program huge "printf 'Content-Type: application/octet-stream\n\n'; head -c 200000 /dev/zero"; in_front 'RewriteEngine On\nRewriteRule ^ /cgi-bin/huge [END]'|$SITE_URL/login sends the program instead of running it
cp $SITE_CGI_BIN/login $SITE_HTML/program; login_is END /program|$SITE_URL/login sends the program instead of running it
TABLE
}

# bats test_tags=host
@test "an address that leads nowhere, a name that nobody knows, a certificate that nobody trusts" {
    local port
    site_config_edit '.base_url = "https://www.example.com" | .providers.instagram.callback_url = "https://www.example.com/auth/instagram/callback"'
    admin 1 check
    assert_regex "$(out)" "FIX +base_url is still the template's"
    assert_equal "$(jq -r .base_url "$E2E_ROOT/config-template.json")" "https://www.example.com"
    port=$(_site_free_port)
    site_config_edit --arg url "http://localhost:$port" '.base_url = $url | del(.providers.instagram.callback_url)'
    admin 1 check
    assert_regex "$(out)" "FIX +http://localhost:$port takes no connection"
    assert_contains "$(out)" "1 thing to fix."
    site_config_edit '.base_url = "https://nobody.invalid"'
    admin 1 check
    assert_regex "$(out)" "FIX +base_url: no name server knows the host of https://nobody.invalid"
    site_config_edit --arg url "https://localhost:$_SITE_PORT" '.base_url = $url'
    admin 1 check
    assert_regex "$(out)" "FIX +https://localhost:$_SITE_PORT does not speak TLS there"
    _site_make_certificate
    _site_spawn "$WORK/server.log" openssl s_server -quiet -www -accept "127.0.0.1:$port" \
        -key "$SITE_DIR/tls/key.pem" -cert "$SITE_DIR/tls/certificate.pem"
    _site_until _site_listening "$port"
    site_config_edit --arg url "https://localhost:$port" '.base_url = $url'
    admin 1 check
    assert_regex "$(out)" "FIX +https://localhost:$port: its certificate is not trusted"
    # One that ca_folder trusts goes through, to a page that is none of ours.
    mkdir "$SITE_PRODUCT/trusted"
    cp "$SITE_DIR/tls/certificate.pem" "$SITE_PRODUCT/trusted/$(openssl x509 -noout -hash -in "$SITE_DIR/tls/certificate.pem").0"
    _site_give_away "$SITE_PRODUCT/trusted"
    site_config_edit '.ca_folder = env.SITE_PRODUCT + "/trusted"'
    admin 1 check
    assert_regex "$(out)" "FIX +https://localhost:$port/login (is a page of another program|is not there)"
    _site_end "$_SITE_PID"
    rm -r "$SITE_PRODUCT/trusted"
}

# other_config FILTER: another config, which .htaccess names.
other_config() {
    mkdir -p "$SITE_HOME/other"
    cp -r "$SITE_PRODUCT/providers" "$SITE_PRODUCT/languages" "$SITE_PRODUCT/templates" "$SITE_HOME/other/"
    (umask 077 && jq "$1" "$WORK/config.json" >"$SITE_HOME/other/config.json")
    _site_give_away "$SITE_HOME/other"
    sed -i "s#CGI_LOGIN_CONFIG .*#CGI_LOGIN_CONFIG \"$SITE_HOME/other/config.json\"#" "$SITE_HTML/.htaccess"
}

# bats test_tags=host
@test "a site that works with another config is found out, by its keys and by its path" {
    local key
    key=$(site_admin new-key)
    faults <<TABLE
other_config '.keys = ["$key"]'|$SITE_URL/login is of cgi-login, but does not have the keys of this config
other_config '.providers.instagram.callback_url = .base_url + "/cgi-bin/callback/instagram"'|the site works with another config, $SITE_HOME/other/config.json: |providers.instagram: the site sends people to Instagram with the redirect URI $SITE_URL/cgi-bin/callback/instagram, and this config has $SITE_URL/auth/instagram/callback
TABLE
    # As under suEXEC, which hands on no variable: the programs find a config of their own, or none.
    mend
    sed -i /SetEnv/d "$SITE_HTML/.htaccess"
    admin 1 check --config "$SITE_HOME/other/config.json"
    assert_regex "$(out)" "FIX +the site works with another config, $SITE_CONFIG: "
    mv "$SITE_CONFIG" "$WORK/away.json"
    admin 1 check --config "$SITE_HOME/other/config.json"
    mv "$WORK/away.json" "$SITE_CONFIG"
    assert_regex "$(out)" "FIX +the programs in $SITE_CGI_BIN do not find this config by themselves.*$SITE_CGI_BIN/.cgi-login-config"
    assert_regex "$(out)" "FIX +$SITE_URL/login responds 500"
    assert_equal "$(grep -c '^  FIX' "$OUT")" 2
    printf '%s\n' "$SITE_HOME/nowhere/config.json" >"$SITE_CGI_BIN/.cgi-login-config"
    _site_give_away "$SITE_CGI_BIN"
    admin 1 check --config "$SITE_HOME/other/config.json"
    assert_regex "$(out)" "FIX +$SITE_CGI_BIN/.cgi-login-config tells the programs of a config that is not there; write the path of this one into it: $SITE_HOME/other/config.json"
    # The remedy helps.
    printf '%s\n' "$SITE_HOME/other/config.json" >"$SITE_CGI_BIN/.cgi-login-config"
    _site_give_away "$SITE_CGI_BIN"
    admin 0 check --config "$SITE_HOME/other/config.json"
    rm -r "$SITE_HOME/other"
}

# bats test_tags=host
@test "without suEXEC the web server's user cannot read a config of mode 600, and is told from its owner" {
    [[ $EUID -eq 0 ]] || skip "needs root"
    local -a owner=(env CGI_LOGIN_CONFIG="$SITE_CONFIG" setpriv --reuid=1 --regid=1 --clear-groups)
    chown 1:1 "$SITE_HOME"
    chown -R 1:1 "$SITE_CGI_BIN" "$SITE_PRODUCT"
    run "${owner[@]}" "$SITE_PRODUCT/bin/cgi-login" check
    assert_failure
    assert_output --regexp "FIX +$SITE_URL/login responds 500 \(configuration_error\): the program runs, and cannot use its config.*another user than .*\(1\), whose $SITE_CONFIG is \(mode 0600\)"
    # A host where that user's group reads the config, and writes the store, or not.
    chgrp "$_SITE_GROUP" "$SITE_CONFIG"
    chmod 640 "$SITE_CONFIG"
    run "${owner[@]}" "$SITE_PRODUCT/bin/cgi-login" check
    assert_failure
    assert_output --regexp "ok +the config can be read by its owner, and by the web server's programs through its group"
    assert_output --regexp "FIX +store: user [^ ]+ \\([0-9]+\\), as whom the web server runs the programs, may not write $SITE_PRODUCT;"
    assert_output --regexp "FIX +log: user .* may not write $SITE_PRODUCT(/programs.log)?;"
    chmod 600 "$SITE_CONFIG"
    chown -R 2:2 "$SITE_CGI_BIN"
    run "${owner[@]}" "$SITE_PRODUCT/bin/cgi-login" check
    assert_output --regexp "FIX +the programs in $SITE_CGI_BIN and the config are of different users"
    chown "$_SITE_USER" "$SITE_HOME"
    _site_give_away "$SITE_CGI_BIN" "$SITE_PRODUCT"
}

# bats test_tags=host
@test "what anybody can fetch is shouted: the product's home in the web root, through a link that hides that" {
    sign_in "$JAR"
    rm -r "$SITE_HTML/cgi-login"
    site_run ln -s "$SITE_PRODUCT" "$SITE_HTML/cgi-login"
    admin 1 check
    assert_contains "$(out)" "OPEN! $SITE_URL/cgi-login/htaccess.example is in the product's own folder"
    # Without the rules that deny such files.
    sed -i '/<FilesMatch/,/<.FilesMatch/d' "$SITE_HTML/.htaccess"
    admin 1 check
    assert_contains "$(out)" "OPEN! $SITE_URL/cgi-login/config.json is the config, which anybody can fetch"
    assert_contains "$(out)" "OPEN! $SITE_URL/cgi-login/users.db is the store of your users"
    rm "$SITE_HTML/cgi-login"
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# `cgi-login gate`: who would get in and why; guarding a folder, and opening it again; what `check` says of it.

# Backquotes are text here.
# shellcheck disable=SC2016

load helpers

RULES='.gate = [
  {"path": "/members/board", "allow": {"groups": ["instagram:board"]}, "reauth_minutes": 30},
  {"path": "/members", "allow": {"signed_in": true}, "public": ["/members/style.css"]},
  {"path": "/shop", "allow": {"providers": ["instagram", "github"], "emails": ["anna@example.com"], "domains": ["b.example"]}}] |
  .providers.github = {"client_id": "1", "client_secret": "2"}'

users() { # imports two users: anna with two accounts, bert with one
    cat >"$WORK/users.json" <<'JSON'
{"_id": "instagram:1", "instagram": {"id": "1", "username": "anna", "groups": ["board"]}, "github": {"id": "2", "username": "anna-dev", "email": "anna@example.com", "email_verified": true}}
{"_id": "instagram:3", "instagram": {"id": "3", "username": "bert", "email": "bert@b.example"}, "gitlab": {"id": "4"}}
JSON
    cat "$WORK/users.json" | site_admin users import -
}

# asked STATUS WORDS ARGUMENT...: gate test, and what it must say
asked() {
    admin "$1" gate test "${@:3}"
    assert_contains "$(cat "$OUT" "$ERR")" "$2"
}

@test "gate test says which rule decides about an address, whom it lets in, and what becomes of somebody signed out" {
    asked 1 'No rule of `gate` holds /members/a.html: nobody gets in (403) where an .htaccess has the gate'\''s lines, and everybody where none has' /members/a.html
    site_config_edit "$RULES"
    asked 1 'gate[1] decides, the rule for /members. It lets in: everybody who is signed in.' /members/a.html
    assert_contains "$(out)" 'Signed out: nobody gets in.'
    asked 1 'gate[1] decides' "$SITE_URL/members/?page=1#top"
    asked 1 'gate[1] decides' "/members/../members//board%20of/b%C3%BCro.html"
    asked 1 'gate[0] decides, the rule for /members/board. It lets in: the groups instagram:board.' /members/board/
    assert_contains "$(out)" 'Whoever signed in more than 30 minutes ago has to do it once more.'
    asked 0 'gate[1] decides, the rule for /members. /members/style.css is public there: everybody gets in.' /members/style.css
    asked 1 'It lets in: accounts of instagram, github, and of them the e-mail addresses anna@example.com; e-mail addresses of the domains b.example.' /shop
    asked 1 'No rule of `gate` holds /membersonly' /membersonly
    asked 1 'in another case of letters gate[1], the rule for /members, would decide: nobody gets in (404)' /Members/a.html
    asked 1 '/members/%2e%2e%2fshop is refused (400), whoever asks: it ' /members/%2e%2e%2fshop
    asked 1 'is never served (404)' /members/.htaccess
    asked 2 'expected a path such as /members/a.html, or a URL that begins with' members
    asked 2 'expected a path' https://elsewhere.example/members
}

@test "gate test says of each account of a user whether it gets in, and why not" {
    users
    site_config_edit "$RULES"
    asked 0 'instagram:1 gets in' /members/board --as instagram:1
    assert_contains "$(out)" 'github:2 does not get in: gate[0].allow does not list this account'
    asked 1 'instagram:1 gets in' /members/board --as github:2
    asked 0 'github:2 gets in' /shop/ --as github:2
    asked 1 'gate[2].allow does not list this account; to let it in, add "instagram:3" to its users; it has no e-mail address that its provider is known to have verified' /shop --as 3
    assert_contains "$(out)" 'gitlab:4 does not get in: the config has no provider gitlab'
    asked 0 'instagram:3 gets in' /members --as 3
    site_config_edit '.allow = ["instagram:1"]'
    asked 1 'instagram:3 does not get in: allow does not list this account' /members --as 3
    asked 0 'everybody gets in' /members/style.css --as 3
    asked 3 'there is no user instagram:9' /members --as instagram:9
    printf '{' | site_run tee "$SITE_CONFIG" >/dev/null
    asked 2 'config.json' /members
}

# --- guarding ---

PROBE=cgi-login-probe-
MEMBERS=

# A folder to guard, new for each test.
make_members() {
    MEMBERS=$SITE_HTML/members
    rm -rf "$MEMBERS" "$SITE_PRODUCT/backup"
    mkdir -p "$MEMBERS/sub"
    printf 'for members' >"$MEMBERS/page.html"
    printf 'for all' >"$MEMBERS/style.css"
    printf 'below' >"$MEMBERS/sub/page.html"
    _site_give_away "$MEMBERS"
}

# What no command may change when it fails.
state() { (cd "$SITE_HOME" && find public_html cgi-login -type f -not -name '*.bak' -not -name '*.db*' -not -name '*.log' -not -path '*/backup/*' -exec sha256sum {} + | sort -k 2); }

rule() { jq -c "${1:-.gate}" "$SITE_CONFIG"; }

@test "gate add closes a folder, is harmless again, and gate remove opens it" {
    local before
    make_members
    printf 'Options -Indexes\r\nRewriteRule ^x$ y [L]\r\n' | site_run tee "$MEMBERS/.htaccess" >/dev/null
    site_config_edit '.gate = [{"path": "/other", "allow": {}}, {"path": "/members/sub", "allow": {}}]'
    before=$(state)
    admin 0 gate add /members/ --public /members/style.css --reauth-minutes 600
    assert_contains "$(out)" "authorizer: does not work here: closed.html: the status was 500, and not from the gate"
    assert_contains "$(out)" "redirect: works here"
    assert_contains "$(out)" "$SITE_URL/members is closed: the gate answers who is not signed in."
    assert_equal "$(rule '.gate[2]')" '{"path":"/members","allow":{"signed_in":true},"reauth_minutes":600,"public":["/members/style.css"]}'
    assert_equal "$(rule '.gate | length')" 3
    assert_equal "$(grep -c $'\r$' "$MEMBERS/.htaccess")" "$(wc -l <"$MEMBERS/.htaccess")"
    assert_equal "$(stat -c '%a %a' "$MEMBERS/.htaccess")" '644 644'
    assert_equal "$(find "$SITE_HTML" -name "$PROBE*")" ''
    assert_equal "$(xxd -p "$SITE_PRODUCT/backup/htaccess%2Fmembers")" "$(printf 'Options -Indexes\r\nRewriteRule ^x$ y [L]\r\n' | xxd -p)"
    http "${AS_JSON[@]}" /members/page.html
    assert_status 401
    http /members/style.css
    assert_status 200
    sign_in "$JAR"
    http -b "$JAR" /members/sub/page.html
    assert_status 200
    note 'again: the rule stays as it is'
    state >"$WORK/after"
    admin 0 gate add /members --way redirect
    state | diff "$WORK/after" -
    admin 1 gate add /members --emails anna@example.com
    assert_contains "$(err)" 'gate[2] is a rule for /members already: { "path": "/members", "allow": { "signed_in": true }, "reauth_minutes": 600'
    state | diff "$WORK/after" -
    admin 0 gate add /members --emails anna@example.com --public /members/style.css --replace
    assert_equal "$(rule '.gate[2]')" '{"path":"/members","allow":{"emails":["anna@example.com"]},"public":["/members/style.css"]}'
    admin 2 gate remove /members
    assert_contains "$(err)" 'add --yes'
    admin 0 gate remove /members --yes
    state | diff <(printf '%s\n' "$before") -
    http /members/page.html
    assert_status 200
    admin 1 gate remove /members --yes
    assert_contains "$(err)" '/members has no rule, and no lines of ours'
}

@test "a rule goes where it decides, and its options say whom it lets in" {
    local options wanted
    make_members
    while IFS='|' read -r options wanted; do
        # shellcheck disable=SC2086
        admin 0 gate add /members --dry-run $options
        assert_contains "$(out)" "config.json would have the rule { \"path\": \"/members\", $wanted }"
    done <<'TABLE'
|"allow": { "signed_in": true }
--signed-in|"allow": { "signed_in": true }
--emails a@b.example,c@b.example --emails d@b.example|"allow": { "emails": ["a@b.example", "c@b.example", "d@b.example"] }
--providers instagram --users instagram:1 --usernames instagram:anna --domains b.example --groups instagram:board|"allow": { "providers": ["instagram"], "users": ["instagram:1"], "usernames": ["instagram:anna"], "domains": ["b.example"], "groups": ["instagram:board"] }
--reauth-minutes 576000 --public /members/a,b --public /members/c|"allow": { "signed_in": true }, "reauth_minutes": 576000, "public": ["/members/a,b", "/members/c"]
TABLE
    assert_contains "$(out)" "$MEMBERS/.htaccess would begin, if it is redirect, with"
    assert_contains "$(out)" "RewriteEngine On"
    assert_contains "$(out)" "FcgidAccessChecker \"$SITE_CGI_BIN/gate"
    refute_contains "$(out)" '@GATE'
    site_config_edit '.gate = [{"path": "/a", "allow": {}}, {"path": "/members", "allow": {}}]'
    admin 0 gate add /members/sub --groups board
    assert_equal "$(rule '[.gate[].path]')" '["/a","/members/sub","/members"]'
    admin 0 gate remove /members/sub --yes
}

@test "gate add changes nothing where it cannot, or must not, guard" {
    local before words arguments
    make_members
    mkdir "$SITE_HTML/foreign" "$SITE_HTML/torn" "$SITE_HTML/linked"
    ln -s members "$SITE_HTML/link"
    ln -s ../.htaccess "$SITE_HTML/linked/.htaccess"
    printf '# BEGIN cgi-login gate\n' >"$SITE_HTML/torn/.htaccess"
    _site_give_away "$SITE_HTML/torn" "$SITE_HTML/linked"
    before=$(state)
    while IFS='|' read -r arguments words; do
        # shellcheck disable=SC2086
        admin 1 gate add $arguments
        assert_contains "$(err)" "$words"
        refute_contains "$(out)" works
        state | diff <(printf '%s\n' "$before") -
    done <<TABLE
/nowhere|/nowhere is not there; make the folder first
/members/page.html|/members/page.html is no folder
/link|/link is a symbolic link
/link/sub|/link is a symbolic link
/torn|/torn/.htaccess must have "# BEGIN cgi-login gate" once
/linked|/linked/.htaccess is a link
/cgi-login|is what people sign in by
/members --emails anna|gate[0].allow.emails
/members --signed-in --users instagram:1|gate[0].allow
/members --public /elsewhere|gate[0].public[0]
/members --web-root $SITE_HOME|holds the product's own folder
/members --web-root /nowhere|/nowhere: there is no such folder
TABLE
    [[ $EUID -ne 0 ]] || {
        admin 1 gate add /foreign
        assert_contains "$(err)" '/foreign belongs to another user'
    }
    rm -rf "$SITE_HTML"/{foreign,torn,linked,link}
}

# In place of the gate scripts are run, for which the archive's jail has no shell.
# bats test_tags=host
@test "where the folder stays open, or somebody stops it, everything is put back, and it says why" {
    local before
    make_members
    printf '<If "true">\n  RewriteEngine Off\n</If>\n' | site_run tee "$MEMBERS/sub/.htaccess" >/dev/null
    before=$(state)
    note 'lines of a folder below that undo ours'
    admin 1 gate add /members
    assert_contains "$(err)" '/members/sub/page.html is served to people who are not signed in, though the lines are there'
    assert_contains "$(err)" 'everything is as it was before'
    state | diff <(printf '%s\n' "$before") -
    rm "$MEMBERS/sub/.htaccess"
    before=$(state)
    note 'a gate that lets everybody in'
    mv "$SITE_CGI_BIN/gate" "$SITE_CGI_BIN/gate.real"
    printf '#!/bin/sh\nprintf "Location: %%s\\n\\n" "$PATH_INFO"\n' >"$SITE_CGI_BIN/gate"
    chmod 755 "$SITE_CGI_BIN/gate"
    admin 1 gate add /members
    assert_contains "$(out)" 'redirect: does not work here: closed.html was served to somebody who is not signed in'
    assert_contains "$(err)" 'nothing guards a folder here as it should'
    state | diff <(printf '%s\n' "$before") -
    note 'a signal'
    printf '#!/bin/sh\nkill -TERM "$(cat %s)"\nprintf "Status: 401\\nContent-Type: application/problem+json\\n\\n{}"\n' \
        "$SITE_DIR/run/pid" >"$SITE_CGI_BIN/gate"
    site_exec env CGI_LOGIN_CONFIG="$SITE_CONFIG" sh -c 'echo $$ >"$0"; exec "$@"' "$SITE_DIR/run/pid" \
        -- "$SITE_PRODUCT/bin/cgi-login" gate add /members >"$OUT" 2>"$ERR" </dev/null && return 1
    assert_contains "$(err)" stopped
    state | diff <(printf '%s\n' "$before") -
    note 'somebody else who writes into the folder meanwhile'
    printf '#!/bin/sh\necho "AddType a/b .c" >%s/.htaccess\nexec "$0.real"\n' "$MEMBERS" >"$SITE_CGI_BIN/gate"
    admin 1 gate add /members
    assert_contains "$(err)" "somebody else has changed $MEMBERS/.htaccess meanwhile"
    assert_equal "$(cat "$MEMBERS/.htaccess")" 'AddType a/b .c'
    rm "$MEMBERS/.htaccess"
    state | diff <(printf '%s\n' "$before") -
    note 'somebody else who puts another folder there meanwhile'
    printf '#!/bin/sh\nmv %s %s.moved\nln -s members.moved %s\nexec "$0.real"\n' "$MEMBERS" "$MEMBERS" "$MEMBERS" >"$SITE_CGI_BIN/gate"
    admin 1 gate add /members
    assert_contains "$(err)" "the folder of $MEMBERS/.htaccess is gone, or another one, meanwhile; nothing was written there"
    rm "$MEMBERS"
    mv "$MEMBERS.moved" "$MEMBERS"
    state | diff <(printf '%s\n' "$before") -
    note 'somebody else who changes the config meanwhile'
    printf '#!/bin/sh\nprintf "\\n" >>%s\nexec "$0.real"\n' "$SITE_CONFIG" >"$SITE_CGI_BIN/gate"
    admin 1 gate add /members
    assert_contains "$(err)" "somebody else has changed $SITE_CONFIG meanwhile"
    assert_contains "$(err)" "not everything is as it was before: look at \`gate\` in $SITE_CONFIG"
    mv "$SITE_CGI_BIN/gate.real" "$SITE_CGI_BIN/gate"
    cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
    note 'root runs it for the account, which goes on'
    [[ $EUID -ne 0 ]] || {
        echo 'AddType a/b .c' | site_run tee "$MEMBERS/.htaccess" >/dev/null
        rm -rf "$SITE_PRODUCT/backup"
        CGI_LOGIN_CONFIG=$SITE_CONFIG "$SITE_PRODUCT/bin/cgi-login" gate add /members >"$OUT"
        assert_equal "$(find "$SITE_PRODUCT" "$MEMBERS" -user root)" ''
        admin 0 gate remove /members --yes
        rm "$MEMBERS/.htaccess"
    }
    note 'nobody at the address'
    site_config_edit '.base_url = "http://localhost:1"'
    before=$(state)
    admin 1 gate add /members
    assert_contains "$(out)" 'the site does not respond'
    state | diff <(printf '%s\n' "$before") -
}

@test "two commands change the config one after the other, and what a killed one has left goes" {
    local lock probe=/${PROBE}0123456789abcdef0123456789abcdef
    make_members
    exec {lock}<"$SITE_PRODUCT"
    flock "$lock"
    admin 1 gate add /members
    assert_contains "$(err)" "another command is changing $SITE_CONFIG; wait for its end"
    exec {lock}<&-
    site_config_edit --arg probe "$probe" '.gate = [{"path": $probe, "allow": {}, "public": [$probe + "/open.html"]}, {"path": "/other", "allow": {}}]'
    site_run mkdir "$SITE_HTML$probe"
    site_run touch "$SITE_HTML$probe/open.html"
    admin 1 check
    assert_contains "$(out)" 'FIX   gate[0] is left of a `gate add` that was killed; run that once more: it removes the rule'
    admin 0 gate add /members
    assert_equal "$(rule '[.gate[].path]')" '["/other","/members"]'
    assert_equal "$(find "$SITE_HTML" -name "$PROBE*")" ''
    admin 0 gate remove /members --yes
}

# --- what check says ---

checked() { # STATUS WORDS
    admin "$1" check
    assert_contains "$(out)" "$2"
}

@test "check shouts where a rule's folder is open, and finds lines without a rule" {
    make_members
    admin 0 gate add /members
    checked 0 'ok    gate[0]: /members is closed to who is not signed in'
    note 'an upload has replaced the folder'
    rm "$MEMBERS/.htaccess"
    checked 1 "FIX   OPEN! gate[0]: $SITE_URL/members/"
    assert_contains "$(out)" 'run: cgi-login gate add /members'
    admin 0 gate add /members
    note 'other lines'
    sed -i 's/^# END/# more\n&/' "$MEMBERS/.htaccess"
    checked 0 "$MEMBERS/.htaccess has other lines for the gate than this version writes; run: cgi-login gate add /members"
    note 'torn lines'
    printf '# END cgi-login gate\n' >>"$MEMBERS/.htaccess"
    checked 1 'must have "# BEGIN cgi-login gate" once'
    sed -i '$d' "$MEMBERS/.htaccess"
    note 'no rule'
    site_config_edit 'del(.gate)'
    checked 1 "$MEMBERS/.htaccess asks the gate, and no rule of \`gate\` holds /members: nobody gets in; run: cgi-login gate add /members"
    note 'no folder; nobody answers'
    site_config_edit '.gate = [{"path": "/nowhere", "allow": {}}, {"path": "/members", "allow": {}}]'
    checked 0 "note  gate[0].path: there is no /nowhere in $SITE_HTML; correct the path, or remove the rule, unless the web server hands it to another program"
    site_config_edit '.base_url = "http://localhost:1"'
    checked 1 'note  gate[0]: whether /nowhere is closed could not be asked: '
    rm -rf "$MEMBERS"
}

# The last one, since it starts the server anew, with a module of this machine.
# bats test_tags=host
@test "where there is mod_fcgid the authorizer is taken; where the host takes it away, check says so, and gate add goes on" {
    make_members
    export SITE_HTTPD_EXTRA="
LoadModule fcgid_module /usr/lib/apache2/modules/mod_fcgid.so
FcgidIPCDir $SITE_DIR/run
FcgidProcessTableFile $SITE_DIR/run/fcgid_shm"
    site_restart
    admin 0 gate add /members
    assert_contains "$(out)" 'authorizer: works here'
    refute_contains "$(out)" redirect
    http "${AS_JSON[@]}" /members/page.html
    assert_status 401
    sign_in "$JAR"
    http -b "$JAR" /members/page.html
    assert_status 200
    checked 0 'ok    gate[0]: /members is closed to who is not signed in'
    refute_contains "$(out)" 'other lines'
    note 'without the module'
    SITE_HTTPD_EXTRA=
    site_restart
    checked 1 "FIX   gate[0]: the gate does not guard $SITE_URL/members/: its status is 500, and not from the gate"
    admin 0 gate add /members
    assert_contains "$(out)" 'redirect: works here'
    admin 0 gate remove /members --yes
}

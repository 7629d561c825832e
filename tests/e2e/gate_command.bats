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
    asked 1 'No rule of `gate` holds /members/a.html: nobody gets in (403)' /members/a.html
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

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# What a session is worth at the gate: the same as at the profile, from the same code. Who was judged at the login is
# judged anew at each check, and at once where the rules have changed, by all that is stored, whatever fits the cookie.

load helpers
load tokens
export E2E_CLOCK=1

# A preset that brings an address and groups, which Instagram has none of.
e2e_prepare() {
    jq 'del(.field_list) | .profile += {email: "/email", email_verified: "/verified", groups: "/groups"}' \
        "$SITE_PRODUCT/providers/instagram.json" >"$SITE_DIR/crew.json"
    install -m 644 "$SITE_DIR/crew.json" "$SITE_PRODUCT/providers/crew.json"
    _site_give_away "$SITE_PRODUCT/providers/crew.json"
    site_run mkdir -p "$SITE_HTML/members"
    site_run tee "$SITE_HTML/members/page.txt" >/dev/null <<<"the members' page"
}

setup() {
    e2e_setup
    rules '{signed_in: true}'
}

rules() { # ALLOW [FILTER]: whom the gate lets in at /members, from the next request on
    site_config_edit ".providers.instagram.preset = \"crew\" | .gate = [{path: \"/members\", allow: $1}] | ${2-.}"
}

# The program by its plain path: what it lets in, Apache serves.
members() { # JAR [CURL OPTION...]
    http -b "$1" -c "$1" -H 'Sec-Fetch-Mode: navigate' "${@:2}" "/cgi-bin/gate$SITE_CGI_SUFFIX/members/page.txt"
}

assert_in() { # JAR [CURL OPTION...]
    members "$@"
    assert_status 200
    assert_equal "$(body)" "the members' page"
}

assert_out() { # JAR [CURL OPTION...]: whoever is nobody is sent to the login
    members "$@"
    assert_status 302
    assert_equal "$(header Location)" "$SITE_URL/login?return_to=%2Fmembers%2Fpage.txt"
    assert_equal "$(cookie "$1" "$SESSION_COOKIE")" ""
}

assert_forbidden() { # JAR [CURL OPTION...]
    members "$@"
    assert_status 403
    refute_contains "$(body)" "the members' page"
}

# Somebody of so many groups, of which the last is "last".
of_groups() { # COUNT
    standin_control "$(jq -cn "{person: {groups: ([range($1 - 1)] | map(\"crew-\(.)\") + [\"last\"])}}")"
}

later_than_check=(-H 'X-Test-Clock: 301')

@test "a session that is deleted, ended or signed out everywhere is out at the next check, and none that lives" {
    local jar
    for jar in phone logout deleted; do
        sign_in "$WORK/$jar"
    done
    sign_in "$WORK/friend" layla.studio
    # A copy of the cookie, while its owner signs out.
    cp "$WORK/logout" "$WORK/copy"
    http -X POST -b "$WORK/logout" -c "$WORK/logout" /logout
    assert_out "$WORK/logout"
    assert_in "$WORK/copy"
    assert_out "$WORK/copy" "${later_than_check[@]}"
    assert_in "$WORK/phone" "${later_than_check[@]}"
    # It was asked, and the cookie is newer.
    assert_regex "$(header Set-Cookie)" "^$SESSION_COOKIE=[^;]"
    sign_in "$JAR"
    press "$JAR" sign_out_everywhere
    assert_out "$WORK/phone" -H 'X-Test-Clock: 700'
    sign_in "$JAR"
    meta deauthorize '{}'
    assert_out "$JAR" "${later_than_check[@]}"
    site_admin users delete --yes "instagram:$BAKERY"
    assert_out "$WORK/deleted" "${later_than_check[@]}"
    assert_in "$WORK/friend" "${later_than_check[@]}"
    # A provider that is taken out of the config has no sessions, from the very next request on.
    site_config_edit '.providers.other = .providers.instagram | del(.providers.instagram) | .default_provider = "other"'
    assert_out "$WORK/friend"
    assert_no_secrets
}

@test "between two checks no store is asked and no cookie set" {
    sign_in "$JAR"
    store_break
    assert_in "$JAR"
    assert_equal "$(header Set-Cookie)" ""
    assert_equal "$(log_lines)" ""
    store_mend
}

@test "a group that does not fit the cookie lets in, and so does an address that was left out of it" {
    local page='{signed_in: true}'
    of_groups 60
    rules '{groups: ["last"]}'
    sign_in "$JAR"
    profile "$JAR"
    assert_equal "$(json '.user.groups | index("last")')" null
    assert_in "$JAR"
    # At the check it is judged anew, from the store.
    assert_in "$JAR" "${later_than_check[@]}"
    assert_in "$JAR" -H 'X-Test-Clock: 310'
    assert_equal "$(header Set-Cookie)" ""
    # It was taken away at the provider: another browser's login says so, and the next check here.
    standin_control '{"person": {"groups": ["crew-1"]}}'
    sign_in "$WORK/phone"
    assert_forbidden "$WORK/phone"
    assert_in "$JAR" -H 'X-Test-Clock: 320'
    assert_forbidden "$JAR" -H 'X-Test-Clock: 700'
    # So much else that the cookie has no room for the address.
    standin_control "$(jq -cn '{person: {email: "anna@bakery.example", verified: true, groups: [range(31) | "g" * 20],
        id: ("1" * 120), username: ("u" * 150), profile_picture_url: ("https://cdn.example/" + "p" * 2000),
        website: ("https://example.com/" + "w" * 2000), biography: ("\u0001" * 2000)}}')"
    rules '{emails: ["anna@bakery.example"]}'
    sign_in "$JAR"
    assert_in "$JAR"
    assert_in "$JAR" "${later_than_check[@]}"
    standin_control '{"person": {"email": "anna@bakery.example", "verified": false}}'
    sign_in "$JAR"
    assert_forbidden "$JAR"
    rules "$page"
    assert_in "$JAR"
}

@test "an edit of the rules acts at the very next request" {
    sign_in "$JAR"
    assert_in "$JAR"
    rules '{usernames: ["layla.studio"]}'
    assert_forbidden "$JAR"
    # Asked and judged: the next request asks no more.
    assert_regex "$(header Set-Cookie)" "^$SESSION_COOKIE=[^;]"
    assert_forbidden "$JAR"
    assert_equal "$(header Set-Cookie)" ""
    rules '{usernames: ["harbour.bakery"]}'
    assert_in "$JAR"
    # A rule is judged as itself, and not by the place in the list that another had.
    rules '{usernames: ["layla.studio"]}' '.gate += [{path: "/board", allow: {}}]'
    assert_forbidden "$JAR"
    rules '{usernames: ["harbour.bakery"]}' '.gate = [{path: "/board", allow: {usernames: ["nobody"]}}] + .gate'
    assert_in "$JAR"
    # The site's own `allow` counts as soon.
    rules '{signed_in: true}' '.allow = {usernames: ["layla.studio"]}'
    assert_out "$JAR"
    # A session of a site that had no rules yet.
    site_config_edit 'del(.gate, .allow)'
    sign_in "$JAR"
    rules '{usernames: ["harbour.bakery"]}'
    assert_in "$JAR"
}

@test "in an outage the judgement holds; where rules have changed, what the cookie shows is judged, and unknown is no" {
    of_groups 60
    rules '{groups: ["last"]}'
    sign_in "$JAR"
    cp "$JAR" "$WORK/strict"
    store_break
    assert_in "$JAR" "${later_than_check[@]}"
    assert_one_line gate "trusted meanwhile"
    rules '{usernames: ["harbour.bakery"]}'
    assert_in "$JAR"
    rules '{groups: ["crew-1"]}'
    assert_in "$JAR"
    # It may be so; nothing here tells.
    rules '{groups: ["last"]}'
    site_config_edit '.session.lifetime_days = 13'
    assert_forbidden "$JAR"
    store_mend
    assert_in "$JAR"
    store_break
    rules '{groups: ["last"]}' '.session.on_store_outage = "sign_out"'
    assert_out "$WORK/strict"
    store_mend
}

@test "who logged in too long ago for a rule logs in once more and is in, however long session.max_age" {
    local back="$SITE_URL/login?return_to=%2Fmembers%2Fpage.txt&reauth=1"
    rules '{signed_in: true}' '.gate[0].reauth_minutes = 5 | .session += {max_age: 600, recheck_minutes: 60}'
    sign_in "$JAR"
    assert_in "$JAR" -H 'X-Test-Clock: 290'
    members "$JAR" -H 'X-Test-Clock: 310'
    assert_status 302
    assert_equal "$(header Location)" "$back"
    http -b "$JAR" -c "$JAR" -H 'X-Test-Clock: 310' "$back"
    assert_contains "$(body)" 'href="/auth/instagram?return_to=%2Fmembers%2Fpage.txt&amp;reauth=1"'
    http -b "$JAR" -c "$JAR" -H 'X-Test-Clock: 310' "/auth/instagram?return_to=/members/page.txt&reauth=1"
    AUTHORIZE=$(header Location)
    assert_equal "$(query_of "$AUTHORIZE" force_reauth)" true
    decide
    finish "$JAR" -H 'X-Test-Clock: 315'
    assert_equal "$LOCATION" "$SITE_URL/members/page.txt"
    assert_in "$JAR" -H 'X-Test-Clock: 320'
    members "$JAR" -H 'X-Test-Clock: 620'
    assert_equal "$(header Location)" "$back"
}

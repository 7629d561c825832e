#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# A provider is data: what its file maps reaches store, session, JSON and page, by its type; its error codes and the
# lifetimes of its tokens count; and a fault in the file keeps no signed-in person from their page.

load helpers
load tokens

PROVIDER_FILE() { printf '%s' "$SITE_PRODUCT/providers/instagram.json"; }

setup_file() {
    e2e_setup_file
    cp -p "$(PROVIDER_FILE)" "$SITE_DIR/provider.pristine"
}

setup() {
    e2e_setup
    cp -p --remove-destination "$SITE_DIR/provider.pristine" "$(PROVIDER_FILE)"
}

# Changes the provider file as site_config_edit changes the config.
provider_edit() { # FILTER
    jq "$1" "$(PROVIDER_FILE)" >"$WORK/provider.json"
    cat "$WORK/provider.json" >"$(PROVIDER_FILE)"
}

# What the tests below map, and a person who has it.
MAP='.profile += {"email": "/email", "email_verified": "/verified", "headline": "/headline", "level": "/level", "ref": "/ref"}'
PERSON='{"person": {"email": "bakery@bakery.example", "verified": false, "headline": "Bread <b>&</b> \"rolls\"",
    "level": 4.5, "ref": 90071992547409931}}'
MAPPED='["bakery@bakery.example",false,"Bread <b>&</b> \"rolls\"",4.5,"90071992547409931"]'
FIELDS='[.email, .email_verified, .headline, .level, .ref] | tojson'

@test "any field that the file maps reaches the store, the session, JSON and the page" {
    provider_edit "$MAP"
    standin_control "$PERSON"
    sign_in "$JAR"
    assert_equal "$(user "$BAKERY" ".instagram | $FIELDS")" "$MAPPED"
    # From the session alone: its store cannot be asked.
    store_break
    profile "$JAR"
    assert_status 200
    assert_equal "$(json ".user | $FIELDS")" "$MAPPED"
    http -b "$JAR" -c "$JAR" /profile
    assert_contains "$(body)" '<p class="email"><span dir="auto" translate="no">bakery@bakery.example</span> <span class="small">not verified</span></p>'
    assert_contains "$(body)" 'Bread &lt;b&gt;&amp;&lt;/b&gt; &quot;rolls&quot;</dd>'
    assert_contains "$(body)" '<dt>Level</dt><dd dir="auto" lang="" translate="no">4.5</dd>'
    store_mend
    # And from the store, once it is asked again.
    site_config_edit '.session.recheck_minutes = 0'
    profile "$JAR"
    assert_equal "$(json ".user | $FIELDS")" "$MAPPED"
    assert_equal "$(json '.user | [.id, .username, .counts.media] | tojson')" "[\"$BAKERY\",\"harbour.bakery\",1320]"
    assert_no_secrets
}

@test "a field that the file does not map any more is kept in the store, and shown nowhere" {
    provider_edit "$MAP"
    standin_control "$PERSON"
    sign_in "$JAR"
    cp -p --remove-destination "$SITE_DIR/provider.pristine" "$(PROVIDER_FILE)"
    site_config_edit '.session.recheck_minutes = 0'
    profile "$JAR"
    assert_equal "$(json ".user | $FIELDS")" '[null,null,null,null,null]'
    assert_equal "$(user "$BAKERY" ".instagram | $FIELDS")" "$MAPPED"
    http -b "$JAR" -c "$JAR" /profile
    refute_contains "$(body)" bakery@bakery.example
}

@test "a value of another type is left out, and so is a list or an object" {
    provider_edit "$MAP"
    standin_control '{"person": {"email": ["a@b.example"], "verified": {"a": true}, "headline": null, "level": [], "ref": {}}}'
    sign_in "$JAR"
    assert_equal "$(user "$BAKERY" ".instagram | $FIELDS")" '[null,null,null,null,null]'
    profile "$JAR"
    assert_equal "$(json ".user | $FIELDS")" '[null,null,null,null,null]'
}

# What a person is called from two fields, a picture from a template, an address that two flags verify, groups of two
# places.
RICH='.profile += {"full_name": "{/first} {/last}", "profile_picture": "https://cdn.example/{/id}/{/face}.png",
    "email": "/email", "email_verified": {"all": ["/valid", "/verified"]},
    "groups": ["/groups", {"list": "/teams", "value": "{/org}/{/name}"}]}'
RICHES='[.full_name, .profile_picture, .email, .email_verified, .groups] | tojson'

@test "values of templates, a verified address and groups reach the store, the session, JSON and the page" {
    local expected groups='["crew","staff","x/red"]'
    provider_edit "$RICH | del(.field_list)"
    standin_control '{"person": {"first": "Ann", "last": "Bee", "face": "a/../b?c", "email": "ann@bee.example",
        "valid": "true", "verified": 1, "groups": ["crew", "staff", "crew"], "teams": [{"org": "x", "name": "red"}]}}'
    expected="[\"Ann Bee\",\"https://cdn.example/$BAKERY/a%2F..%2Fb%3Fc.png\",\"ann@bee.example\",true,$groups]"
    sign_in "$JAR"
    assert_equal "$(user "$BAKERY" ".instagram | $RICHES")" "$expected"
    profile "$JAR"
    assert_equal "$(json ".user | $RICHES")" "$expected"
    http -b "$JAR" -c "$JAR" /profile
    assert_contains "$(body)" '<p class="email"><span dir="auto" translate="no">ann@bee.example</span></p>'
    assert_contains "$(body)" '<li dir="auto" lang="" translate="no">x/red</li></ul>'
    admin 0 users list
    assert_contains "$(cat "$OUT")" 'Ann Bee <ann@bee.example>'
    refute_contains "$(cat "$OUT")" 'not verified'
    # From the store.
    site_config_edit '.session.recheck_minutes = 0'
    profile "$JAR"
    assert_equal "$(json ".user | $RICHES")" "$expected"
    # A list is written over as a whole. An address that the provider does not call verified any more is not.
    standin_control '{"person": {"first": null, "last": "Bee", "email": "ann@bee.example", "valid": true,
        "verified": "0", "groups": "one"}}'
    sign_in "$JAR"
    expected='["Bee",null,"ann@bee.example",false,["one"]]'
    assert_equal "$(user "$BAKERY" ".instagram | $RICHES")" "$expected"
    admin 0 users list
    assert_contains "$(cat "$OUT")" 'Bee <ann@bee.example>, not verified'
    # Of nothing, nothing stays.
    standin_control '{"person": {"first": "", "last": "  ", "email": "nobody", "valid": true, "verified": true}}'
    sign_in "$JAR"
    assert_equal "$(user "$BAKERY" ".instagram | $RICHES")" '[null,null,null,null,null]'
    assert_no_secrets
}

# judged ALLOW OUTCOME: how a login with the person as it is now ends, `in` or `out`
judged() {
    note "$*"
    site_config_edit --argjson allow "$1" '.allow = $allow'
    rm -f "$JAR"
    begin "$JAR"
    decide
    finish "$JAR"
    case $2 in
    in) assert_equal "$LOCATION" "$SITE_URL/profile" ;;
    out) assert_equal "$LOCATION" "$SITE_URL/login?error=not_allowed" ;;
    esac
}

@test "who may come in is judged by a verified address and by groups, at the login and at each check" {
    local verified='{"person": {"email": "Ann@Bee.example", "valid": true, "verified": true, "groups": ["crew"]}}'
    provider_edit "$RICH | del(.field_list)"
    standin_control "$verified"
    judged '{"emails": ["ann@bee.example"]}' in
    judged '{"domains": ["BEE.example"]}' in
    judged '{"groups": ["crew"]}' in
    judged '{"users": ["1"], "groups": ["instagram:crew"]}' in
    judged '{"emails": ["bee@bee.example"], "domains": ["ee.example", "example", "b.bee.example"], "groups": ["Crew", "cre"]}' out
    judged '{"providers": ["instagram"], "domains": ["other.example"]}' out
    # Anybody can write any address into a profile.
    standin_control '{"person": {"email": "ann@bee.example", "valid": true, "verified": false, "groups": null}}'
    judged '{"emails": ["ann@bee.example"], "domains": ["bee.example"]}' out
    judged '{"groups": ["crew"]}' out
    # The next check sees what the next login of another browser has brought.
    standin_control "$verified"
    judged '{"domains": ["bee.example"]}' in
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_in "$JAR"
    standin_control '{"person": {"email": "ann@bee.example", "valid": true, "verified": false}}'
    site_config_edit '.allow = {}'
    sign_in "$WORK/other.jar"
    site_config_edit '.allow = {"domains": ["bee.example"]}'
    assert_signed_out "$JAR"
    assert_signed_out "$WORK/other.jar"
}

@test "a picture that would be a script is none, whatever the provider answers" {
    provider_edit '.profile.profile_picture = "{/scheme}:{/rest}"'
    standin_control '{"person": {"scheme": "javascript", "rest": "alert(1)"}}'
    sign_in "$JAR"
    http -b "$JAR" -c "$JAR" /profile
    assert_status 200
    refute_contains "$(body)" javascript
    refute_contains "$(body)" '<img'
}

@test "counts have any names" {
    provider_edit '.profile.counts = {"stars": "/media_count", "public_repos": "/repos", "none": "/nowhere"}'
    standin_control '{"person": {"repos": 12345}}'
    sign_in "$JAR"
    assert_equal "$(user "$BAKERY" '.instagram.counts | [.stars, .public_repos, length] | tojson')" '[1320,12345,2]'
    profile "$JAR"
    assert_equal "$(json '.user.counts | tojson')" '{"stars":1320,"public_repos":12345}'
    # In the file's order also when it comes from a store that keeps another.
    site_config_edit '.session.recheck_minutes = 0'
    profile "$JAR"
    assert_equal "$(json '.user.counts | tojson')" '{"stars":1320,"public_repos":12345}'
    http -b "$JAR" -c "$JAR" /profile
    assert_contains "$(body)" '<dt>stars</dt><dd>1,320</dd>'
    assert_contains "$(body)" '<dt>public repos</dt><dd>12,345</dd>'
}

@test "a session with all that a file can map fits its cookie, and the names stay" {
    local long
    long=$(printf '%2000s' '' | tr ' ' '"')
    provider_edit '.profile += ([range(20) | {"field_\(.)": "/long"}] | add) |
        .profile.counts = ([range(16) | {"a_count_with_quite_a_long_name_\(.)": "/media_count"}] | add)'
    standin_control "$(jq -n --arg long "$long" '{person: {long: $long}}')"
    sign_in "$JAR"
    profile "$JAR"
    assert_equal "$(json '.user | [.id, .username, .full_name] | tojson')" \
        "[\"$BAKERY\",\"harbour.bakery\",\"Harbour Bakery\"]"
    assert_equal "$(json '.user.counts | length > 2')" true
}

@test "a field that is a token by its name is refused" {
    local name
    for name in accessToken refreshToken token access_token refresh_token tokenSecret; do
        note "$name"
        cp -p --remove-destination "$SITE_DIR/provider.pristine" "$(PROVIDER_FILE)"
        provider_edit ".profile.$name = \"/access_token\""
        admin 1 check
        assert_contains "$(cat "$OUT")" "profile: \"$name\" cannot be the name of a field"
        http /auth/instagram
        assert_status 500
    done
}

@test "what people call an account's type is the file's to say" {
    provider_edit '.account_types = {"BUSINESS": "Shop <&> stall"}'
    sign_in "$JAR"
    http -b "$JAR" -c "$JAR" /profile
    assert_contains "$(body)" '<p class="label">Shop &lt;&amp;&gt; stall</p>'
    provider_edit '.account_types = {"PERSONAL": "x"}'
    http -b "$JAR" -c "$JAR" /profile
    refute_contains "$(body)" '<p class="label">'
}

@test "error codes that mean a dead token or too many calls are the file's to say" {
    provider_edit '.error_codes = {"token_dead": [4, "x"]}'
    sign_in "$JAR"
    later "$DUE"
    # 190 is no code of this provider.
    standin_control '{"refresh_fault": "code_190"}'
    admin 1 refresh
    tally 0 0 0 0 0 1
    assert_equal "$(user "$BAKERY" .instagram.token.invalidSince)" null
    standin_control '{"refresh_fault": "code_4"}'
    admin 0 refresh
    tally 0 0 0 0 1 0
    assert_not_equal "$(user "$BAKERY" .instagram.token.invalidSince)" null
}

@test "a token whose lifetime is not told has the file's, each kind its own, or none that is known" {
    standin_control '{"long_lived_fault": "missing_expiry"}'
    site_config_edit '.providers.instagram.long_lived.token_lifetime = 1000'
    sign_in "$JAR"
    assert_equal "$(lifetime "$BAKERY")" 1000
    site_config_edit 'del(.providers.instagram.long_lived.token_lifetime)'
    sign_in "$JAR"
    assert_equal "$(user "$BAKERY" .instagram.token.expiresAt)" null
    site_config_edit 'del(.providers.instagram.long_lived, .providers.instagram.refresh)'
    provider_edit 'del(.long_lived, .refresh) | .token_lifetime = 2000'
    sign_in "$JAR"
    assert_equal "$(lifetime "$BAKERY")" 2000
    provider_edit 'del(.token_lifetime)'
    sign_in "$JAR"
    assert_equal "$(user "$BAKERY" .instagram.token.expiresAt)" null
}

@test "granted scopes and the other id come from where the file says" {
    provider_edit '.granted_scope = "/granted/list" | .token_user_id = "/person/id" | del(.profile.user_id)'
    standin_control '{"token": {"granted": {"list": "one,two"}, "person": {"id": 42}}}'
    sign_in "$JAR"
    assert_equal "$(user "$BAKERY" '.instagram | [.token.scopes, .user_id] | tojson')" '[["one","two"],"42"]'
}

@test "a fault in the provider's file keeps nobody who is signed in from their page" {
    local fault
    sign_in "$JAR"
    while IFS= read -r fault; do
        note "$fault"
        cp -p --remove-destination "$SITE_DIR/provider.pristine" "$(PROVIDER_FILE)"
        provider_edit "$fault"
        site_clear_logs
        site_config_edit '.session.recheck_minutes = 60'
        http -b "$JAR" -c "$JAR" /profile
        assert_status 200
        assert_contains "$(body)" "Logged in with <bdi lang=\"\" translate=\"no\">Instagram</bdi>"
        assert_equal "$(log_lines)" ""
        # Nor when the store is asked.
        site_config_edit '.session.recheck_minutes = 0'
        http -b "$JAR" -c "$JAR" /profile
        assert_status 200
        assert_contains "$(body)" "@harbour.bakery"
        # Who begins a login meets it.
        http /auth/instagram
        assert_status 500
    done <<'FAULTS'
.titel = "x"
.token_url = 5 | .profile_url = "x"
.scope = []
FAULTS
}

@test "a provider's file that cannot be read leaves the page its name for the title, and a line in the log" {
    sign_in "$JAR"
    printf '{"title": "Instagram"' >"$(PROVIDER_FILE)"
    http -b "$JAR" -c "$JAR" /profile
    assert_status 200
    assert_contains "$(body)" "Logged in with <bdi lang=\"\" translate=\"no\">instagram</bdi>"
    assert_contains "$(log_lines profile)" "$(PROVIDER_FILE) is no JSON: line 1, "
    site_config_edit '.session.recheck_minutes = 0'
    http -b "$JAR" -c "$JAR" /profile
    assert_status 200
    assert_contains "$(body)" "@harbour.bakery"
    # `allow` stands in the config, and counts all the same.
    site_config_edit '.providers.instagram.allow = ["nobody"]'
    profile "$JAR"
    assert_status 401
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# A person with several accounts, as the owner sees them: making two users one, reading users out of a file, listing,
# showing, exporting, deleting, moving and refreshing them; and what Meta's requests about one of the accounts take.

load helpers
load tokens

setup() {
    e2e_setup
    # The stand-in is two providers, who know the same people.
    site_config_edit '.providers.other = (.providers.instagram + {preset: "instagram", title: "Another"} | del(.callback_url)) |
        .session.recheck_minutes = 0'
    standin_control "$(jq -n --arg url "$SITE_URL" \
        '{redirect_uris: ["instagram", "other"] | map("\($url)/auth/\(.)/callback")}')"
}

sign_in_at() { # PROVIDER JAR [PERSON]
    begin "$2" "/auth/$1"
    decide "${3:-harbour.bakery}"
    finish "$2"
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

# Makes one user of the bakery at Instagram and Layla at the other provider, both signed in.
one_of_two() {
    sign_in_at instagram "$WORK/bakery"
    sign_in_at other "$WORK/layla" layla.studio
    admin 0 users merge --yes "instagram:$BAKERY" "other:$LAYLA"
}

accounts() { # of all users: a line each
    site_admin users export | jq -r '[._id, (.instagram.id // "-"), (.other.id // "-")] | join(" ")' | sort
}

# import_users STATUS: of standard input.
import_users() {
    local code=0
    command_run -- users import - >"$OUT" 2>"$ERR" || code=$?
    note "users import: $(cat "$OUT" "$ERR")"
    assert_equal "$code" "$1"
}

# --- merge ---

@test "users merge says what becomes of both, asks, and makes them one, who stays signed in everywhere" {
    sign_in_at instagram "$WORK/bakery"
    sign_in_at other "$WORK/layla" layla.studio
    admin 2 users merge "instagram:$BAKERY" "other:$LAYLA"
    assert_contains "$(err)" "--yes"
    assert_contains "$(out)" "A: instagram:$BAKERY (@harbour.bakery)"
    assert_contains "$(out)" "B: other:$LAYLA (@layla.studio)"
    assert_equal "$(accounts | wc -l)" 2
    admin 0 users merge --yes "instagram:$BAKERY" "other:$LAYLA"
    assert_contains "$(out)" "They are one user now: instagram:$BAKERY (@harbour.bakery), other:$LAYLA (@layla.studio)"
    assert_equal "$(accounts)" "instagram:$BAKERY $BAKERY $LAYLA"
    assert_signed_in "$WORK/bakery"
    assert_equal "$(json .provider)" instagram
    assert_signed_in "$WORK/layla"
    assert_equal "$(json '.provider + " " + .user.username')" "other layla.studio"
    # Once more is harmless, and a login with either account makes nobody new.
    admin 0 users merge "instagram:$BAKERY" "other:$LAYLA"
    sign_in_at other "$WORK/again" layla.studio
    sign_in_at instagram "$WORK/again"
    assert_equal "$(accounts)" "instagram:$BAKERY $BAKERY $LAYLA"
    assert_equal "$(user "$BAKERY" '.mergedFrom | map(._id) | tojson')" "[\"other:$LAYLA\"]"
    assert_equal "$(log_lines)" ""
}

@test "users merge refuses two people of one provider, and whom there is not" {
    local before
    sign_in_at instagram "$WORK/bakery"
    sign_in_at instagram "$WORK/layla" layla.studio
    sign_in_at other "$WORK/layla" layla.studio
    before=$(accounts)
    admin 1 users merge --yes "instagram:$BAKERY" "instagram:$LAYLA"
    assert_contains "$(err)" "instagram:$BAKERY and instagram:$LAYLA"
    admin 3 users merge --yes "instagram:$BAKERY" other:1
    assert_contains "$(err)" "there is no user other:1"
    admin 3 users merge --yes other:1 "instagram:$BAKERY"
    assert_contains "$(err)" "there is no user other:1"
    admin 2 users merge --yes "instagram:$BAKERY"
    assert_contains "$(err)" "which two users"
    assert_equal "$(accounts)" "$before"
}

@test "whoever types yes at the terminal is taken at their word, and nobody else" {
    local word command
    sign_in_at instagram "$WORK/bakery"
    sign_in_at other "$WORK/layla" layla.studio
    printf -v command '%q ' "${SITE_ENTER[@]}" "$SITE_PRODUCT/bin/cgi-login" users merge --config "$SITE_CONFIG" \
        "instagram:$BAKERY" "other:$LAYLA"
    for word in no yes; do
        printf '%s\n' "$word" | script -qec "$command" /dev/null >"$OUT" || true
        note "$word: $(out)"
        assert_contains "$(out)" "Make them one user? Type yes: "
        if [[ $word == no ]]; then
            assert_contains "$(out)" "Nothing was changed."
            assert_equal "$(accounts | wc -l)" 2
        fi
    done
    assert_equal "$(accounts)" "instagram:$BAKERY $BAKERY $LAYLA"
}

# --- several accounts in the other commands ---

@test "users list, show, export and delete know a user by each account" {
    one_of_two
    admin 0 users list
    assert_equal "$(awk 'NR > 1 { print $1, $2 }' "$OUT" | head -n 1 | cut -d' ' -f1)" "instagram:$BAKERY"
    assert_regex "$(out)" "\+ other:$LAYLA +@layla.studio"
    assert_equal "$(wc -l <"$OUT")" 3
    admin 0 users show "other:$LAYLA"
    assert_equal "$(jq -r '._id, .instagram.username, .other.username' "$OUT" | xargs)" \
        "instagram:$BAKERY harbour.bakery layla.studio"
    refute_contains "$(out)" accessToken
    admin 0 users export --with-token
    assert_equal "$(wc -l <"$OUT")" 1
    token_works "$(jq -r .instagram.accessToken "$OUT")"
    token_works "$(jq -r .other.accessToken "$OUT")"
    admin 0 users delete --yes "other:$LAYLA"
    assert_equal "$(user_count)" 0
    assert_signed_out "$WORK/bakery"
    assert_signed_out "$WORK/layla"
}

@test "refresh and token treat each account of a user" {
    one_of_two
    admin 0 refresh --within 3650
    assert_regex "$(out)" '^refresh: [02] refreshed'
    admin 0 token "other:$LAYLA"
    token_works "$(out)"
    admin 0 token "instagram:$BAKERY"
    token_works "$(out)"
}

@test "migrate moves a user with all accounts and the sessions that show them" {
    local before target=sqlite://$SITE_PRODUCT/moved.db
    one_of_two
    before=$(site_admin users export --with-token | jq -cS .)
    admin 0 migrate --from "$(jq -r .store "$SITE_CONFIG")" --to "$target"
    assert_contains "$(out)" "1 users and 2 sessions copied; 1 users compared, 0 differ."
    site_config_edit --arg to "$target" '.store = $to'
    assert_equal "$(site_admin users export --with-token | jq -cS .)" "$before"
    assert_signed_in "$WORK/layla"
    assert_equal "$(json .provider)" other
    assert_signed_in "$WORK/bakery"
    assert_equal "$(json .provider)" instagram
    rm -f "$SITE_PRODUCT/moved.db"
}

# --- Meta's requests ---

@test "deauthorize takes one account's token and all sessions of the user, and nothing else of the other account" {
    one_of_two
    meta deauthorize '{}'
    assert_status 200
    assert_signed_out "$WORK/bakery"
    assert_signed_out "$WORK/layla"
    assert_equal "$(user "$BAKERY" '[.instagram.accessToken, (.other.accessToken | type)] | tojson' --with-token)" '[null,"string"]'
}

@test "deletion takes one account, says that the user stays, and takes the user with the last one" {
    local good
    one_of_two
    good=$(signed '{}')
    for times in 1 2; do # the second is a retry
        post_signed deletion "$good"
        assert_status 200
        http "${AS_JSON[@]}" "$(json .url)"
        assert_equal "$(json '"\(.status) \(.user_kept)"')" "deleted true"
    done
    assert_equal "$(accounts)" "instagram:$BAKERY - $LAYLA"
    assert_signed_out "$WORK/bakery"
    assert_signed_out "$WORK/layla"
    post_signed deletion "$(signed '{"user_id": "1"}')"
    http "$(json .url)"
    assert_contains "$(body)" "There was nothing to delete"
    # The account comes back as another user, who has another _id: the first one kept that.
    sign_in_at instagram "$WORK/bakery"
    assert_equal "$(accounts)" "instagram:$BAKERY - $LAYLA
instagram:$BAKERY+1 $BAKERY -"
    meta deletion '{}'
    http "$(json .url)"
    assert_contains "$(body)" "what it held about you"
    assert_equal "$(accounts)" "instagram:$BAKERY - $LAYLA"
}

@test "the page of a deletion tells who stays a user" {
    one_of_two
    meta deletion '{}'
    http "$(json .url)"
    assert_status 200
    assert_contains "$(body)" "You also log in here with another service."
    refute_contains "$(body)" "what it held about you"
}

# --- import ---

@test "users import takes what users export wrote, with its tokens sealed, as often as one likes" {
    local before
    one_of_two
    sign_in_at instagram "$WORK/sakura" sakura_zine
    before=$(site_admin users export --with-token | jq -cS . | sort)
    site_admin users export --with-token >"$WORK/exported"
    store_wipe
    import_users 0 <"$WORK/exported"
    assert_equal "$(out)" "2 users added, 0 were there already, 0 documents not added."
    assert_equal "$(err)" ""
    assert_equal "$(site_admin users export --with-token | jq -cS . | sort)" "$before"
    token_works "$(stored_token "$BAKERY")"
    # Whoever logs in meanwhile stays as they are.
    standin_control '{"person": {"biography": "new"}}'
    sign_in_at instagram "$WORK/bakery"
    import_users 0 <"$WORK/exported"
    assert_equal "$(out)" "0 users added, 2 were there already, 0 documents not added."
    assert_equal "$(user "$BAKERY" .instagram.bio)" new
    assert_equal "$(user_count)" 2
}

# A user as each kind of mongoexport writes it.
passport() { # canonical|relaxed|old
    local -A forms=(
        [canonical]='{"_id":{"$oid":"54e6f1b2c3d4e5f60718293a"},"__v":{"$numberInt":"3"},"big":{"$numberLong":"9007199254740993"},"joined":{"$date":{"$numberLong":"1424421298123"}},"instagram":{"id":"25014620183746519","accessToken":"IGAAplain","username":"old.name"},"score":{"$numberDouble":"2.5"}}'
        [relaxed]='{"_id":{"$oid":"54e6f1b2c3d4e5f60718293a"},"__v":3,"big":9007199254740993,"joined":{"$date":"2015-02-20T08:34:58.123Z"},"instagram":{"id":25014620183746519,"accessToken":"IGAAplain","username":"old.name"},"score":2.5}'
        [old]='{"_id":{"$oid":"54e6f1b2c3d4e5f60718293a"},"__v":3,"big":{"$numberLong":"9007199254740993"},"joined":{"$date":"2015-02-20T08:34:58.123+0000"},"instagram":{"id":{"$numberLong":"25014620183746519"},"accessToken":"IGAAplain","username":"old.name"},"score":2.5}')
    printf '%s' "${forms[$1]}"
}

@test "users import takes a Passport application's mongoexport: canonical, relaxed or old, as lines or as a list" {
    local form shape
    for form in canonical relaxed old; do
        for shape in lines list; do
            note "$form $shape"
            store_wipe
            if [[ $shape == lines ]]; then passport "$form"; else printf '[%s]\n' "$(passport "$form" | jq .)"; fi >"$WORK/file"
            # jq rounds long numbers, as mongoexport does not.
            [[ $form != relaxed || $shape != list ]] || printf '[%s,\n{"no": "user"}]' "$(passport relaxed)" >"$WORK/file"
            import_users "$([[ $form == relaxed && $shape == list ]] && echo 1 || echo 0)" <"$WORK/file"
            assert_equal "$(site_admin users export --with-token | jq -cS .)" \
                '{"__v":3,"_id":{"$oid":"54e6f1b2c3d4e5f60718293a"},"big":{"$numberLong":"9007199254740993"},"instagram":{"accessToken":"IGAAplain","id":"25014620183746519","username":"old.name"},"joined":{"$date":"2015-02-20T08:34:58.123Z"},"score":2.5}'
        done
    done
    # The person logs in, and is that user; the token was sealed.
    sign_in_at instagram "$JAR" layla.studio
    assert_equal "$(site_admin users export | jq -r '._id["$oid"], .joined["$date"], .instagram.username' | xargs)" \
        "54e6f1b2c3d4e5f60718293a 2015-02-20T08:34:58.123Z layla.studio"
}

@test "users import names what it cannot add, adds the rest, and overwrites nobody" {
    local before
    one_of_two
    before=$(site_admin users export --with-token)
    import_users 1 <<JSON
{"_id": "x1", "instagram": {"id": "$BAKERY", "username": "impostor"}}
{"_id": "instagram:$BAKERY", "instagram": {"id": "1"}}
{"_id": "instagram:$BAKERY", "instagram": {"id": "$BAKERY"}, "third": {"id": "3"}}
{"_id": "x2", "third": {"id": "3"}, "other": {"id": "$LAYLA"}}
{"_id": "x3", "name": "nobody"}
[1]
{"_id": "x4", "instagram": {"id": "4"}, "instagram": {"id": "5"}}
{"_id": "x5", "instagram": {"id": "6", "accessToken": "sealed:AAAA"}}
{"instagram": {"id": "7"}}
{"_id": "x6", "instagram": {"id": "8"
JSON
    assert_equal "$(sed 's/^cgi-login: //' "$ERR" | sort)" "line 10: it has no end; it was not added
line 1: instagram:$BAKERY is an account of another user there; it was not added
line 2: another user there has its _id; it was not added
line 3: its user is there without all of these accounts; it was not added
line 4: other:$LAYLA is an account of another user there; it was not added
line 5: it holds no provider's account; it was not added
line 6: it is no JSON object; it was not added
line 7: it has a member twice; it was not added
line 8: the accessToken of instagram:6 was kept, but no key of the config opens it
the rest of the file could not be read"
    assert_equal "$(out)" "2 users added, 0 were there already, 8 documents not added."
    assert_equal "$(accounts)" "instagram:$BAKERY $BAKERY $LAYLA
instagram:7 7 -
x5 6 -"
    assert_equal "$(site_admin users export --with-token 2>/dev/null | head -n 1)" "$before"
    assert_equal "$(mode_of_token 6)" "sealed:AAAA"
    assert_no_secrets
}

# As it is stored.
mode_of_token() {
    if [[ -n ${E2E_MONGODB-} ]]; then
        mongo dump users "{\"instagram.id\": \"$1\"}" | jq -r .instagram.accessToken
    else
        site_run sqlite3 "$(store_path)" "SELECT document FROM users" | jq -r "select(.instagram.id == \"$1\") | .instagram.accessToken"
    fi
}

@test "users import shows progress at a terminal, and stops where the file or the store is not there" {
    local command
    jq -nc 'range(120) | {_id: "instagram:\(. + 1000)", instagram: {id: "\(. + 1000)"}}' >"$SITE_PRODUCT/users.json"
    _site_give_away "$SITE_PRODUCT/users.json"
    printf -v command '%q ' "${SITE_ENTER[@]}" "$SITE_PRODUCT/bin/cgi-login" users import --config "$SITE_CONFIG" \
        "$SITE_PRODUCT/users.json"
    script -qec "$command" /dev/null >"$OUT" </dev/null
    assert_contains "$(sed 's/\x1b\[K//g' "$OUT")" $'\r50 documents read\r100 documents read\r120 documents read'
    assert_contains "$(out)" "120 users added, 0 were there already, 0 documents not added."
    admin 1 users import "$SITE_PRODUCT/nonexistent"
    assert_contains "$(err)" "$SITE_PRODUCT/nonexistent: No such file"
    admin 2 users import
    assert_contains "$(err)" "say which file"
    store_break
    import_users 1 <"$SITE_PRODUCT/users.json"
    assert_contains "$(err)" "stopped: "
    store_mend
    rm "$SITE_PRODUCT/users.json"
}

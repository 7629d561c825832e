#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# What of a profile is stored and shown: every shape of token and profile, ids to the last digit, the document, a second
# login, fields that the person has removed, missing fields, markup.

load helpers
export E2E_CLOCK=1

@test "every shape of token and profile, with ids as integers and as texts, gives the same user" {
    local token_shape profile_shape ids
    for token_shape in flat data; do
        for profile_shape in flat data legacy; do
            for ids in integer string; do
                note "$token_shape token, $profile_shape profile, ids as $ids"
                standin_control "{\"token_shape\": \"$token_shape\", \"profile_shape\": \"$profile_shape\",
                    \"token_ids\": \"$ids\", \"profile_ids\": \"$ids\"}"
                rm -f "$JAR"
                sign_in "$JAR"
                profile "$JAR"
                assert_equal "$(json '[.provider, .user.id, .user.user_id, .user.username, .user.full_name,
                    (.user.counts | .media, .follows, .followed_by)] | join("|")')" \
                    "instagram|17841405793187218123|17841405793187218123|harbour.bakery|Harbour Bakery|1320|420|3410"
            done
        done
    done
    assert_equal "$(user_count)" 1
}

@test "the stored document has the shape that Passport applications use" {
    sign_in "$JAR"
    user 17841405793187218123 . >"$WORK/document"
    assert_equal "$(jq -r 'keys_unsorted | sort | join(" ")' "$WORK/document")" "_id createdAt instagram lastLoginAt"
    assert_equal "$(jq -r ._id "$WORK/document")" instagram:17841405793187218123
    assert_equal "$(jq -cS '.instagram | del(.token, .profile_picture)' "$WORK/document")" "$(jq -cSn '{
        id: "17841405793187218123", user_id: "17841405793187218123", username: "harbour.bakery",
        full_name: "Harbour Bakery", account_type: "BUSINESS", website: "https://bakery.example/menu?lang=en&season=winter",
        bio: "Sourdough since 1987 🥖🌊\nOpen every day but Monday 👩🏽‍🍳",
        counts: {media: 1320, follows: 420, followed_by: 3410}}')"
    assert_equal "$(jq -r .instagram.profile_picture "$WORK/document")" "$STANDIN_URL/picture/harbour.bakery.svg"
    assert_equal "$(jq -c .instagram.token.scopes "$WORK/document")" '["instagram_business_basic"]'
    assert_regex "$(jq -r '.createdAt["$date"]' "$WORK/document")" '^20[0-9-]{8}T[0-9:]{8}\.[0-9]{3}Z$'
    assert_equal "$(jq -r '.createdAt == .lastLoginAt' "$WORK/document")" true
}

@test "an id beyond 2^63 goes through to the last digit, as a bare integer and as a text" {
    local ids
    for ids in integer string; do
        standin_control "{\"token_ids\": \"$ids\", \"profile_ids\": \"$ids\"}"
        sign_in "$JAR"
        # Not with jq: its numbers are doubles.
        assert_contains "$(site_admin users export)" '"user_id":"17841405793187218123"'
        assert_contains "$(site_admin users show instagram:17841405793187218123)" '"17841405793187218123"'
        profile "$JAR"
        assert_contains "$(body)" '"id":"17841405793187218123"'
        assert_contains "$(body)" '"user_id":"17841405793187218123"'
    done
}

@test "ids that differ only past the precision of a double stay two people" {
    local id
    for id in 17841405793187219 17841405793187220; do
        standin_control "{\"person\": {\"id\": $id, \"user_id\": $id, \"username\": \"user_$id\"}}"
        rm -f "$JAR"
        sign_in "$JAR"
        profile "$JAR"
        assert_equal "$(json .user.id)" "$id"
    done
    assert_equal "$(user_count)" 2
    assert_equal "$(user 17841405793187219 .instagram.username)" user_17841405793187219
    assert_equal "$(user 17841405793187220 .instagram.username)" user_17841405793187220
}

@test "the user_id beside the token is kept where the profile has none" {
    standin_control '{"person": {"user_id": null}, "token": {"user_id": 17841405793187219}}'
    sign_in "$JAR"
    assert_equal "$(user 17841405793187218123 .instagram.user_id)" 17841405793187219
}

# Prints the profile that a page shows, and after it what it shows once the store was asked.
profile_twice() { # JAR
    profile "$1"
    jq -cS .user "$BODY"
    site_config_edit '.session.recheck_minutes = 0'
    profile "$1"
    jq -cS .user "$BODY"
    site_config_edit '.session.recheck_minutes = 5'
}

@test "a second login refreshes fields, removes what is left out and makes no second user" {
    local created first
    sign_in "$JAR"
    created=$(user 17841405793187218123 '.createdAt["$date"]')
    first=$(user 17841405793187218123 .instagram.accessToken --with-token)
    standin_control '{"person": {"username": "harbour.bakery.2", "followers_count": 3411, "media_count": null,
        "biography": null, "website": null}}'
    rm -f "$JAR"
    begin "$JAR"
    decide
    finish "$JAR" -H 'X-Test-Clock: 300'
    assert_equal "$LOCATION" "$SITE_URL/profile"
    user 17841405793187218123 . >"$WORK/document"
    assert_equal "$(user_count)" 1
    assert_equal "$(jq -r .instagram.username "$WORK/document")" harbour.bakery.2
    assert_equal "$(jq -cS '.instagram | del(.token, .profile_picture)' "$WORK/document")" "$(jq -cSn '{
        id: "17841405793187218123", user_id: "17841405793187218123", username: "harbour.bakery.2",
        full_name: "Harbour Bakery", account_type: "BUSINESS", counts: {follows: 420, followed_by: 3411}}')"
    assert_equal "$(jq -r '.createdAt["$date"]' "$WORK/document")" "$created"
    assert_equal "$(jq -r '[.lastLoginAt, .createdAt] | map(.["$date"][0:19] + "Z" | fromdate) | .[0] - .[1] | . >= 299 and . < 330' \
        "$WORK/document")" true
    assert_not_equal "$(user 17841405793187218123 .instagram.accessToken --with-token)" "$first"
}

@test "what a person removed at the provider does not come back, in the session or in the store" {
    local change after nulls
    nulls=$(jq -cn '{raw_profile: ({id: "17841405793187218123", user_id: "17841405793187218123",
        username: "harbour.bakery", name: "Harbour Bakery", account_type: "BUSINESS", followers_count: 3410,
        follows_count: 420, biography: null, website: null, profile_picture_url: null, media_count: null} | tojson)}')
    for change in "$nulls" \
        '{"person": {"biography": null, "website": null, "profile_picture_url": null, "media_count": null}}'; do
        note "$change"
        rm -f "$JAR"
        standin_reset
        sign_in "$JAR"
        profile "$JAR"
        assert_equal "$(json '.user | [has("bio", "website", "profile_picture")] + [.counts.media] | map(tostring) | join(" ")')" \
            "true true true 1320"
        rm -f "$JAR"
        standin_control "$change"
        sign_in "$JAR"
        profile_twice "$JAR" >"$WORK/profiles"
        after=$(jq -cSn '{id: "17841405793187218123", user_id: "17841405793187218123", username: "harbour.bakery",
            full_name: "Harbour Bakery", account_type: "BUSINESS", counts: {follows: 420, followed_by: 3410}}')
        assert_equal "$(cat "$WORK/profiles")" "$after"$'\n'"$after"
        assert_equal "$(user 17841405793187218123 '.instagram | del(.token)' | jq -cS .)" "$after"
        assert_equal "$(user 17841405793187218123 '.instagram.token | has("expiresAt", "obtainedAt", "scopes")' | sort -u)" true
    done
}

@test "an answer of nulls removes all but the ids" {
    sign_in "$JAR"
    rm -f "$JAR"
    standin_control '{"profile_fault": "null_fields"}'
    sign_in "$JAR"
    profile_twice "$JAR" >"$WORK/profiles"
    assert_equal "$(sort -u "$WORK/profiles")" '{"id":"17841405793187218123","user_id":"17841405793187218123"}'
    http -b "$JAR" /profile
    assert_status 200
}

@test "a field that the provider refuses stays in the store, and the next page shows it" {
    local field
    sign_in "$JAR"
    rm -f "$JAR"
    standin_control '{"refused_fields": ["website", "media_count"], "person": {"biography": null}}'
    sign_in "$JAR"
    for field in "the first page" "the next one"; do
        note "$field"
        profile "$JAR"
        assert_equal "$(json '.user | [.website, .counts.media, has("bio")] | map(tostring) | join(" ")')" \
            "https://bakery.example/menu?lang=en&season=winter 1320 false"
    done
    assert_equal "$(user 17841405793187218123 '.instagram | [.website, .counts.media, has("bio")] | map(tostring) | join(" ")')" \
        "https://bakery.example/menu?lang=en&season=winter 1320 false"
}

@test "a field that was not asked for stays in the store" {
    site_config_edit '.providers.instagram.profile = {id: "/id", username: "/username", bio: "/biography",
        counts: {media: "/media_count", follows: "/follows_count"}}'
    sign_in "$JAR"
    site_config_edit '.providers.instagram.profile = {id: "/id", username: "/username", website: "/website",
        counts: {follows: "/follows_count"}}'
    standin_control '{"person": {"biography": null, "website": null, "media_count": null, "follows_count": null}}'
    rm -f "$JAR"
    sign_in "$JAR"
    profile_twice "$JAR" >"$WORK/profiles"
    assert_equal "$(sort -u "$WORK/profiles")" \
        '{"id":"17841405793187218123","user_id":"17841405793187218123","username":"harbour.bakery"}'
    assert_contains "$(user 17841405793187218123 .instagram.bio)" Sourdough
    assert_equal "$(user 17841405793187218123 .instagram.counts | jq -cS .)" '{"media":1320}'
}

@test "a person without bio, website and picture signs in" {
    sign_in "$JAR" sakura_zine
    profile "$JAR"
    assert_equal "$(json '[.user.id, .user.full_name, (.user | has("bio", "website", "profile_picture"))] | map(tostring) | join(" ")')" \
        "9007199254740993 山田さくら false false false"
    http -b "$JAR" /profile
    assert_status 200
}

@test "markup and script in a profile are shown as text" {
    sign_in "$JAR" bobby_tables
    http -b "$JAR" /profile
    assert_status 200
    refute_contains "$(body)" "<script"
    refute_contains "$(body)" "<b>Sons"
    assert_contains "$(body)" "&lt;script&gt;alert(1)&lt;/script&gt;"
    refute_contains "$(body)" 'href="javascript:'
}

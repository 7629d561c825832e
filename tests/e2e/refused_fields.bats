#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# A provider that refuses the whole profile for one field: the login goes on without it, and the log says which.

load helpers

asked_fields() { standin_log | jq -r 'select(.path == "/v26.0/me").query.fields'; }

# refuses FIELDS WORDS: with these fields refused (a JSON list) a sign-in works, and WORDS are in the one line of the log.
refuses() {
    note "$*"
    standin_control "{\"refused_fields\": $1}"
    site_clear_logs
    rm -f "$JAR"
    sign_in "$JAR"
    assert_one_line callback "$2"
}

@test "a field that is refused is left out, and the log says what to do" {
    refuses '["website"]' "(#100) Tried accessing nonexisting field (website) on node type (IGUser)"
    assert_one_line callback "the profile was read without website. Put profile_params with a \"fields\""
    assert_equal "$(asked_fields | wc -l)" 2
    refute_contains "$(asked_fields | tail -n 1)" website
    profile "$JAR"
    assert_equal "$(json '[.user.username, .user.website, .user.counts.media] | tojson')" '["harbour.bakery",null,1320]'
    assert_no_secrets
}

@test "several fields that are refused cost a request each, and then the least are asked for" {
    refuses '["website", "biography"]' "the profile was read without biography, website. "
    assert_equal "$(asked_fields | wc -l)" 3
    refuses '["website", "biography", "media_count", "name"]' "the profile was read with no more than id, username. "
    assert_equal "$(asked_fields | wc -l)" 4
    assert_equal "$(asked_fields | tail -n 1)" id,username
    profile "$JAR"
    assert_equal "$(json .user.username)" harbour.bakery
}

@test "a refusal that names no field leads to the least fields" {
    standin_control '{"refused_words": "(#100) Something is not right"}'
    refuses '["website"]' "the profile was read with no more than id, username. "
    assert_equal "$(asked_fields | wc -l)" 2
}

@test "a field that was left out is as it was in the store" {
    local id=17841405793187218123
    sign_in "$JAR"
    refuses '["website", "biography"]' "without"
    assert_not_equal "$(user "$id" .instagram.website)" null
    assert_not_equal "$(user "$id" .instagram.bio)" null
    # What was asked for and is not there any more is gone all the same.
    standin_control '{"person": {"profile_picture_url": null, "media_count": null}}'
    refuses '["website", "biography"]' "without"
    assert_equal "$(user "$id" '[.instagram.profile_picture, .instagram.counts.media] | tojson')" '[null,null]'
    assert_not_equal "$(user "$id" .instagram.website)" null
    standin_control '{"refused_words": "no"}'
    refuses '["website"]' "with no more than"
    assert_not_equal "$(user "$id" .instagram.counts.followed_by)" null
}

@test "what is not asked for any more is on the page from the first moment, as it is in the store" {
    local id=17841405793187218123
    sign_in "$JAR"
    site_config_edit '.providers.instagram.profile_params.fields = "username, id, biography"'
    standin_control '{"person": {"biography": null}}'
    rm -f "$JAR"
    sign_in "$JAR"
    assert_equal "$(standin_log | jq -r 'select(.path == "/v26.0/me").query.fields' | tail -n 1)" username,id,biography
    assert_equal "$(user "$id" '[.instagram.bio, .instagram.counts.media] | tojson')" '[null,1320]'
    profile "$JAR"
    assert_equal "$(json '[.user.bio, .user.counts.media, .user.website] | tojson')" \
        "$(user "$id" '[.instagram.bio, .instagram.counts.media, .instagram.website] | tojson')"
}

@test "where even the least is refused the login fails in the provider's words, after a few requests" {
    standin_control '{"refused_fields": ["id"]}'
    begin "$JAR"
    decide
    assert_login_fails "$JAR" provider_error
    assert_one_line callback "nonexisting field (id)"
    [[ $(asked_fields | wc -l) -le 5 ]]
    standin_control '{"refused_words": "(#100) Unsupported get request"}'
    site_clear_logs
    begin "$JAR"
    decide
    assert_login_fails "$JAR" provider_error
    assert_one_line callback "Unsupported get request"
    [[ $(asked_fields | wc -l) -le 5 ]]
    assert_no_secrets
}

@test "without field_list nothing is tried again" {
    jq 'del(.field_list)' "$SITE_PRODUCT/providers/instagram.json" >"$SITE_PRODUCT/providers/whole.json"
    chmod 644 "$SITE_PRODUCT/providers/whole.json"
    site_config_edit '.providers.instagram.preset = "whole"'
    standin_control '{"refused_fields": ["website"]}'
    begin "$JAR"
    decide
    assert_login_fails "$JAR" provider_error
    assert_equal "$(asked_fields | wc -l)" 1
}

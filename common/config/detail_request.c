/* SPDX-License-Identifier: MIT */
#include "config/detail_request.h"

#include "base/placeholder.h"

#define TEXT_AT(member) SETTING_AT(struct detail_request, const char *, member)
#define JSON_AT(member) SETTING_AT(struct detail_request, const cJSON *, member)

// clang-format off
const struct setting email_request_settings[] = {
    {.key = "url", .type = SETTING_URL, .otherwise = "the list is in the profile",
     .offset = TEXT_AT(url), .example = "\"https://api.github.com/user/emails\"",
     .meaning = "where the e-mail addresses are read"},
    {.key = "headers", .type = SETTING_TEXT_MAP, .otherwise = "none",
     .offset = JSON_AT(headers), .example = "{\"X-Version\": \"2026-01\"}",
     .meaning = "more headers of that request, as in `profile_headers`"},
    {.key = "list", .type = SETTING_POINTER_OR_LIST, .otherwise = "the response itself",
     .offset = JSON_AT(list), .example = "\"/values\"",
     .meaning = "where the list of addresses stands"},
    {.key = "where", .type = SETTING_OBJECT, .otherwise = "the first counts",
     .offset = JSON_AT(where), .example = "{\"/primary\": true}",
     .what = "an object of JSON Pointers to what stands there: a text, a number, true or false",
     .meaning = "which of them counts: the first of which all of this holds"},
    {.key = "email", .type = SETTING_VALUE, .required = true,
     .offset = JSON_AT(value), .example = "\"/email\"",
     .what = "a JSON Pointer, a text with such in braces, or a list of these",
     .meaning = "the address, in an entry of the list"},
    {.key = "verified", .type = SETTING_VALUE, .otherwise = "that is not known",
     .offset = JSON_AT(verified), .example = "\"/verified\"",
     .what = "true, false, a JSON Pointer, a list of them, or {\"all\": [JSON Pointers]}",
     .meaning = "whether it is verified, as in `email_verified`"},
    {0}};

const struct setting groups_request_settings[] = {
    {.key = "url", .type = SETTING_URL, .required = true,
     .offset = TEXT_AT(url), .example = "\"https://discord.com/api/users/@me/guilds/41771983423143937/member\"",
     .meaning = "where groups are read. `$id` in it stands for the account's id, but costs the person a further wait"},
    {.key = "headers", .type = SETTING_TEXT_MAP, .otherwise = "none",
     .offset = JSON_AT(headers), .example = "{\"Client-Id\": \"$client_id\"}",
     .meaning = "more headers of that request, as in `profile_headers`"},
    {.key = "list", .type = SETTING_POINTER_OR_LIST, .otherwise = "the response itself",
     .offset = JSON_AT(list), .example = "\"/roles\"",
     .meaning = "where the list stands"},
    {.key = "where", .type = SETTING_OBJECT, .otherwise = "all count",
     .offset = JSON_AT(where), .example = "{\"/state\": \"active\"}",
     .what = "an object of JSON Pointers to what stands there: a text, a number, true or false",
     .meaning = "which entries of the list count: those of which all of this holds"},
    {.key = "group", .type = SETTING_VALUE, .otherwise = "the entry itself",
     .offset = JSON_AT(value), .example = "\"role-{}\"",
     .what = "a JSON Pointer, a text with such in braces, or a list of these",
     .meaning = "the group, in an entry of the list"},
    {0}};
// clang-format on

struct detail_request detail_request_read(const cJSON *written, const struct setting *table) {
    struct detail_request request = {.written = written};
    settings_read(written, table, &request);
    return request;
}

bool detail_request_wants_id(const struct detail_request *request) {
    size_t len;
    return request->url != NULL && placeholder_find(request->url, &len) != NULL;
}

/* SPDX-License-Identifier: MIT */
#include "config/provider_checks.h"

#include "base/json.h"
#include "base/text.h"
#include "config/profile_field.h"

#include <stdio.h>

/* The program puts the token there itself. */
static void check_params(const struct provider_sources *sources, struct problems *problems) {
    char name[LOG_LINE_MAX];
    if (text_equal(json_string(sources->settings, "profile_auth"), "query") &&
        json_member(json_member(sources->settings, "profile_params"), "access_token") != NULL)
        problems_add(problems, "%s.access_token: is set by the program; remove it",
                     provider_sources_key(sources, "profile_params", name));
}

/* True if the file has `key`, and the config has replaced what the file had for it under `needed`. */
static bool is_left_over(const struct provider_sources *sources, const char *key, const char *needed) {
    return !provider_sources_is_own(sources, key) && provider_sources_is_own(sources, needed);
}

/* A setting that does nothing is refused. A `profile` of the config's own may do without what the file has for it. */
static void check_account_types(const struct provider_sources *sources, struct problems *problems) {
    static const char key[] = "account_types";
    const cJSON *profile = json_member(sources->settings, "profile");
    char name[LOG_LINE_MAX];
    if (json_member(sources->settings, key) == NULL || json_member(profile, PROFILE_ACCOUNT_TYPE) != NULL ||
        is_left_over(sources, key, "profile"))
        return;
    problems_add(problems,
                 "%s: has no effect, since profile maps no " PROFILE_ACCOUNT_TYPE
                 "; add that to profile, or remove account_types",
                 provider_sources_key(sources, key, name));
}

/* A setting that does nothing is refused, as above. */
static void check_field_list(const struct provider_sources *sources, struct problems *problems) {
    static const char key[] = "field_list";
    const char *param = json_string(json_member(sources->settings, key), "param");
    char name[LOG_LINE_MAX];
    if (param == NULL || json_string(json_member(sources->settings, "profile_params"), param) != NULL ||
        is_left_over(sources, key, "profile_params"))
        return;
    problems_add(problems, "%s.param: profile_params has no \"%.40s\"; add it there, or remove field_list",
                 provider_sources_key(sources, key, name), param);
}

/* The entries of `profile`, or of its `counts`. */
static void check_entries(const char *where, const cJSON *map, int most, struct problems *problems) {
    for (const cJSON *entry = map->child; entry != NULL; entry = entry->next) {
        const enum profile_kind kind = profile_field_kind(entry->string);
        if (profile_field_is_token(entry->string))
            problems_add(problems, "%s: \"%.40s\" cannot be the name of a field: tokens are kept under it; rename it",
                         where, entry->string);
        else if (!profile_field_can_be_mapped(entry->string))
            problems_add(problems,
                         "%s: \"%.60s\" cannot be the name of a field; expected a letter, then letters, digits, _ or "
                         "-, at most %d in all, and not \"" PROFILE_RECONNECT "\"",
                         where, entry->string, PROFILE_FIELD_NAME_MAX);
        else if (kind != PROFILE_KIND_COUNTS && !settings_is_pointer_or_list(entry))
            problems_add(problems, "%s.%s: expected a JSON Pointer, such as \"/id\", or a list of them", where,
                         entry->string);
    }
    if (cJSON_GetArraySize(map) > most)
        problems_add(problems, "%s: expected at most %d entries; remove some", where, most);
}

/* Checks `profile`, which maps our fields to JSON Pointers, and whose `counts` is such a map. */
static void check_map(const struct provider_sources *sources, struct problems *problems) {
    const cJSON *map = json_member(sources->settings, "profile");
    const cJSON *counts = json_member(map, PROFILE_COUNTS);
    char where[LOG_LINE_MAX], counts_where[LOG_LINE_MAX];
    if (!cJSON_IsObject(map))
        return; /* the table has told that already */
    provider_sources_key(sources, "profile", where);
    snprintf(counts_where, sizeof counts_where, "%.*s." PROFILE_COUNTS, (int)sizeof where - 16, where);
    check_entries(where, map, PROFILE_FIELDS_MAX, problems);
    if (cJSON_IsObject(counts) && counts->child != NULL)
        check_entries(counts_where, counts, PROFILE_COUNTS_MAX, problems);
    else if (counts != NULL)
        problems_add(problems,
                     "%s: expected an object of counts to JSON Pointers, such as {\"media\": \"/media_count\"}",
                     counts_where);
    if (json_member(map, PROFILE_ID) == NULL)
        problems_add(problems, "%s." PROFILE_ID ": is missing; expected a JSON Pointer, such as \"/id\"", where);
}

void provider_check_profile(const struct provider_sources *sources, struct problems *problems) {
    check_map(sources, problems);
    check_account_types(sources, problems);
    check_field_list(sources, problems);
    check_params(sources, problems);
}

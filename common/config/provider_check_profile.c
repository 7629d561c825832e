/* SPDX-License-Identifier: MIT */
#include "config/provider_checks.h"

#include "base/json.h"
#include "config/profile_value.h"

/* True if the file has `key`, and the config has replaced what the file had for it under `needed`. */
static bool is_left_over(const struct provider_sources *sources, const char *key, const char *needed) {
    return !provider_sources_is_own(sources, key) && json_member(sources->own, needed) != NULL;
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

static void check_map(const struct provider_sources *sources, struct problems *problems) {
    const cJSON *map = json_member(sources->settings, "profile");
    char where[LOG_LINE_MAX];
    if (cJSON_IsObject(map)) /* otherwise the table has told that already */
        profile_map_check(provider_sources_key(sources, "profile", where), map, problems);
}

void provider_check_profile(const struct provider_sources *sources, struct problems *problems) {
    check_map(sources, problems);
    check_account_types(sources, problems);
    check_field_list(sources, problems);
}

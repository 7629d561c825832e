/* SPDX-License-Identifier: MIT */
#include "config/provider_allow.h"

#include "base/json.h"
#include "base/text.h"
#include "config/profile_field.h"

#include <string.h>
#include <strings.h>

static bool entry_matches(const char *entry, const cJSON *profile) {
    const char *username = json_string(profile, PROFILE_USERNAME);
    const bool digits = entry[strspn(entry, "0123456789")] == '\0';
    return text_equal(entry, json_string(profile, PROFILE_ID)) ||
           text_equal(entry, json_string(profile, PROFILE_USER_ID)) ||
           (!digits && username != NULL && strcasecmp(entry, username) == 0);
}

bool provider_allow_is_usable(const cJSON *allow) {
    for (const cJSON *entry = cJSON_IsArray(allow) ? allow->child : NULL; entry != NULL; entry = entry->next)
        if (!cJSON_IsString(entry))
            return false;
    return allow == NULL || cJSON_IsArray(allow);
}

bool provider_allows(const cJSON *allow, const cJSON *profile) {
    if (allow == NULL)
        return true;
    if (!provider_allow_is_usable(allow))
        return false;
    for (const cJSON *entry = allow->child; entry != NULL; entry = entry->next)
        if (entry_matches(entry->valuestring, profile))
            return true;
    return false;
}

/* SPDX-License-Identifier: MIT */
#include "config/provider_allow.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

static bool entry_matches(const char *entry, const cJSON *account) {
    const char *username = json_string(account, "username");
    const bool digits = entry[strspn(entry, "0123456789")] == '\0';
    return text_equal(entry, json_string(account, "id")) || text_equal(entry, json_string(account, "user_id")) ||
           (!digits && username != NULL && strcasecmp(entry, username) == 0);
}

bool provider_allows(const struct provider *provider, const cJSON *account) {
    if (provider->allow == NULL)
        return true;
    for (const cJSON *entry = provider->allow->child; entry != NULL; entry = entry->next)
        if (entry_matches(entry->valuestring, account))
            return true;
    return false;
}

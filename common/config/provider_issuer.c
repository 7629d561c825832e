/* SPDX-License-Identifier: MIT */
#include "config/provider_issuer.h"

#include "base/json.h"
#include "config/profile_field.h"

#include <stddef.h>

/* The standard claims that have a field, as JSON Pointers. */
static const struct {
    const char *field;
    const char *pointer;
} claims[] = {{PROFILE_ID, "/sub"},
              {PROFILE_USERNAME, "/preferred_username"},
              {PROFILE_FULL_NAME, "/name"},
              {PROFILE_PICTURE, "/picture"},
              {PROFILE_WEBSITE, "/website"},
              {PROFILE_EMAIL, "/email"},
              {PROFILE_EMAIL_VERIFIED, "/email_verified"}};

static cJSON *make_profile(void) {
    cJSON *profile = cJSON_CreateObject();
    for (size_t i = 0; profile != NULL && i < sizeof claims / sizeof *claims; i++)
        if (!json_add(profile, claims[i].field, cJSON_CreateString(claims[i].pointer))) {
            json_free(profile);
            return NULL;
        }
    return profile;
}

static cJSON *make_reauth(void) {
    cJSON *params = cJSON_CreateObject();
    if (params != NULL && json_add(params, "prompt", cJSON_CreateString("login")))
        return params;
    json_free(params);
    return NULL;
}

static bool has(const cJSON *settings, const cJSON *own, const char *key) {
    return json_member(settings, key) != NULL || json_member(own, key) != NULL;
}

bool provider_issuer_add_defaults(cJSON *settings, const cJSON *own, const char *name) {
    if (!has(settings, own, "issuer"))
        return true;
    return (has(settings, own, "title") || json_add(settings, "title", cJSON_CreateString(name))) &&
           (has(settings, own, "scope") || json_add(settings, "scope", cJSON_CreateString("openid profile email"))) &&
           (has(settings, own, "profile") || json_add(settings, "profile", make_profile())) &&
           (has(settings, own, "reauth_params") || json_add(settings, "reauth_params", make_reauth()));
}

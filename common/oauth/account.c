/* SPDX-License-Identifier: MIT */
#include "oauth/account.h"

#include "base/json.h"
#include "base/json_pointer.h"
#include "base/query.h"
#include "config/profile_field.h"
#include "oauth/provider_response.h"

#include <math.h>
#include <string.h>

/* These functions return false only when memory runs out. For a value that the field cannot hold nothing is added. */

static bool add_text(cJSON *profile, const char *field, const char *text) {
    return strlen(text) >= PROFILE_FIELD_MAX || json_add(profile, field, cJSON_CreateString(text));
}

static bool add_identifier(cJSON *profile, const char *field, const cJSON *value, size_t size) {
    char text[PROFILE_FIELD_MAX];
    return !json_identifier(value, text, size) || add_text(profile, field, text);
}

/* Adds a field that the product does not know by name: a text, a number, true or false, as the provider has it. A whole
 * number that a double would round comes as a text (json.h). */
static bool add_further(cJSON *profile, const char *field, const cJSON *value) {
    if (cJSON_IsString(value))
        return add_text(profile, field, value->valuestring);
    if (cJSON_IsNumber(value) ? isfinite(value->valuedouble) : cJSON_IsBool(value))
        return json_add(profile, field, cJSON_Duplicate(value, false));
    return true;
}

/* Adds the counts; null for one that the provider did not give. */
static bool add_counts(cJSON *profile, const cJSON *map, const cJSON *root) {
    cJSON *counts = cJSON_CreateObject();
    bool added = counts != NULL;
    for (const cJSON *entry = map->child; added && entry != NULL; entry = entry->next) {
        int64_t count;
        const bool given =
            json_integer(json_pointer_first(root, entry), &count) && count >= 0 && count <= JSON_EXACT_MAX;
        added = json_add(counts, entry->string, given ? cJSON_CreateNumber((double)count) : cJSON_CreateNull());
    }
    if (added)
        return json_add(profile, PROFILE_COUNTS, counts);
    json_free(counts);
    return false;
}

static bool add_field(cJSON *profile, const cJSON *entry, const cJSON *root) {
    const char *field = entry->string;
    const enum profile_kind kind = profile_field_kind(field);
    const cJSON *value = kind == PROFILE_KIND_COUNTS ? NULL : json_pointer_first(root, entry);
    switch (kind) {
    case PROFILE_KIND_COUNTS: return add_counts(profile, entry, root);
    case PROFILE_KIND_ID:
    case PROFILE_KIND_OTHER_ID: return add_identifier(profile, field, value, PROVIDER_ID_MAX + 1);
    case PROFILE_KIND_FURTHER: return add_further(profile, field, value);
    default:
        return cJSON_IsString(value) ? add_text(profile, field, value->valuestring)
                                     : add_identifier(profile, field, value, PROFILE_FIELD_MAX);
    }
}

/* Adds null for each field of the map that the profile lacks. */
static bool add_missing(cJSON *profile, const cJSON *map) {
    bool added = true;
    for (const cJSON *entry = map->child; added && entry != NULL; entry = entry->next)
        if (json_member(profile, entry->string) == NULL)
            added = json_add(profile, entry->string, cJSON_CreateNull());
    return added;
}

static enum error_code map_profile(const struct provider *provider, const cJSON *root, const struct token *token,
                                   cJSON **profile, struct error *error) {
    cJSON *mapped = cJSON_CreateObject();
    bool added = mapped != NULL;
    enum error_code code = ERROR_NONE;
    for (const cJSON *entry = provider->profile->child; added && entry != NULL; entry = entry->next)
        added = add_field(mapped, entry, root);
    if (added && token->user_id[0] != '\0' && json_string(mapped, PROFILE_USER_ID) == NULL)
        added = add_text(mapped, PROFILE_USER_ID, token->user_id);
    if (added)
        added = add_missing(mapped, provider->profile);
    if (!added)
        code = error_out_of_memory(error);
    else if (json_string(mapped, PROFILE_ID) == NULL)
        code = error_set(error, ERROR_PROVIDER,
                         "the profile has no usable id: expected a text or whole number of at most %d characters",
                         PROVIDER_ID_MAX);
    if (code != ERROR_NONE) {
        json_free(mapped);
        return code;
    }
    *profile = mapped;
    return ERROR_NONE;
}

static void build_url(const struct provider *provider, const struct token *token, struct buffer *url) {
    const cJSON *params = provider->profile_params;
    buffer_append_text(url, provider->profile_url);
    for (const cJSON *item = params != NULL ? params->child : NULL; item != NULL; item = item->next)
        query_append_to_url(url, item->string, item->valuestring);
    if (!provider->profile_auth_bearer)
        query_append_to_url(url, "access_token", secret_text(token->access_token));
}

enum error_code account_read(struct http_client *client, const struct provider *provider, const struct token *token,
                             cJSON **profile, struct error *error) {
    struct buffer url = BUFFER_EMPTY;
    struct http_response http = {.status = 0};
    struct provider_response response = {.document = NULL};
    const char *const secrets[] = {secret_text(token->access_token), secret_text(provider->client_secret), NULL};
    const struct provider_call what = {provider, "profile endpoint", json_member(provider->profile, PROFILE_ID),
                                       secrets};
    *profile = NULL;
    build_url(provider, token, &url);
    const struct http_request call = {.url = buffer_text(&url),
                                      .bearer = provider->profile_auth_bearer ? secret_text(token->access_token) : NULL,
                                      .ca_file = provider->ca_file};
    enum error_code code = url.failed ? error_out_of_memory(error) : http_client_call(client, &call, &http, error);
    if (code == ERROR_NONE)
        code = provider_response_read(&what, &http, &response, error);
    if (code == ERROR_NONE)
        code = map_profile(provider, response.root, token, profile, error);
    json_free(response.document);
    http_response_free(&http);
    buffer_free(&url);
    return code;
}

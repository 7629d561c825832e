/* SPDX-License-Identifier: MIT */
#include "oauth/account_map.h"

#include "base/json.h"
#include "base/json_pointer.h"
#include "oauth/detail_map.h"
#include "oauth/mapped_value.h"

#include <math.h>
#include <string.h>

/* These functions return false only when memory runs out. For a value that the field cannot hold nothing is added. */

static bool add_text(cJSON *profile, const char *field, const char *text) {
    return strlen(text) >= PROFILE_FIELD_MAX || json_add(profile, field, cJSON_CreateString(text));
}

/* Adds who it is, unless that is nobody. */
static bool add_person(cJSON *profile, const char *field, const cJSON *value) {
    char id[PROVIDER_ID_MAX + 1];
    return !json_identifier(value, id, sizeof id) || !profile_id_is_somebody(id) || add_text(profile, field, id);
}

static bool add_identifier(cJSON *profile, const char *field, const cJSON *value) {
    char text[PROFILE_FIELD_MAX];
    return !json_identifier(value, text, sizeof text) || add_text(profile, field, text);
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

/* Adds the counts; null for one that was asked for and that the provider did not give. */
static bool add_counts(cJSON *profile, const cJSON *map, const cJSON *root, const struct profile_fields *asked) {
    cJSON *counts = cJSON_CreateObject();
    bool added = counts != NULL;
    for (const cJSON *entry = map->child; added && entry != NULL; entry = entry->next) {
        int64_t count;
        const bool given =
            json_integer(json_pointer_first(root, entry), &count) && count >= 0 && count <= JSON_EXACT_MAX;
        if (given || profile_fields_ask_for(asked, entry))
            added = json_add(counts, entry->string, given ? cJSON_CreateNumber((double)count) : cJSON_CreateNull());
    }
    if (added && counts->child != NULL)
        return json_add(profile, PROFILE_COUNTS, counts);
    json_free(counts);
    return added;
}

static bool add_email(cJSON *profile, const char *field, const cJSON *value) {
    const char *text = cJSON_GetStringValue(value);
    return text == NULL || !profile_email_is_usable(text) || add_text(profile, field, text);
}

/* Adds the groups, if there are any. */
static bool add_groups(cJSON *profile, const cJSON *entry, const cJSON *root, bool *cut) {
    cJSON *groups = cJSON_CreateArray();
    const bool added = groups != NULL && mapped_groups(entry, root, groups, cut);
    if (added && groups->child != NULL)
        return json_add(profile, PROFILE_GROUPS, groups);
    json_free(groups);
    return added;
}

static bool add_value(cJSON *profile, const char *field, enum profile_kind kind, const cJSON *value) {
    switch (kind) {
    case PROFILE_KIND_ID:
    case PROFILE_KIND_OTHER_ID: return add_person(profile, field, value);
    case PROFILE_KIND_EMAIL: return add_email(profile, field, value);
    case PROFILE_KIND_FURTHER: return add_further(profile, field, value);
    default:
        return cJSON_IsString(value) ? add_text(profile, field, value->valuestring)
                                     : add_identifier(profile, field, value);
    }
}

/* Adds a field that is one value. */
static bool add_found(cJSON *profile, const cJSON *entry, enum profile_kind kind, const cJSON *root) {
    struct mapped_value found;
    const bool added = mapped_value_find(entry, root, profile_value_use(kind), &found) &&
                       add_value(profile, entry->string, kind, found.value);
    mapped_value_clear(&found);
    return added;
}

/* What is known of the e-mail address is added once that one is. */
static bool add_field(cJSON *profile, const cJSON *entry, const cJSON *root, const struct profile_fields *asked,
                      bool *cut) {
    const enum profile_kind kind = profile_field_kind(entry->string);
    switch (kind) {
    case PROFILE_KIND_COUNTS: return add_counts(profile, entry, root, asked);
    case PROFILE_KIND_GROUPS: return add_groups(profile, entry, root, cut);
    case PROFILE_KIND_VERIFIED: return true;
    default: return add_found(profile, entry, kind, root);
    }
}

/* Adds what the provider says of the address that the profile has. Without one, or where it says nothing, null takes
 * away what the store has of an older one. */
static bool add_verified(cJSON *profile, const cJSON *map, const cJSON *root) {
    const cJSON *entry = json_member(map, PROFILE_EMAIL_VERIFIED), *email = json_member(profile, PROFILE_EMAIL);
    if (entry == NULL || email == NULL)
        return true;
    const enum mapped_truth truth = cJSON_IsString(email) ? mapped_truth(entry, root) : TRUTH_UNKNOWN;
    return json_add(profile, PROFILE_EMAIL_VERIFIED,
                    truth == TRUTH_UNKNOWN ? cJSON_CreateNull() : cJSON_CreateBool(truth == TRUTH_YES));
}

/* False for the counts, which are looked at one by one, and for what is known of the e-mail address. */
static bool stands_alone(const cJSON *entry) {
    const enum profile_kind kind = profile_field_kind(entry->string);
    return kind != PROFILE_KIND_COUNTS && kind != PROFILE_KIND_VERIFIED;
}

/* Adds null for each field of the map that was asked for and that the profile lacks. */
static bool add_missing(cJSON *profile, const cJSON *map, const struct profile_fields *asked) {
    bool added = true;
    for (const cJSON *entry = map->child; added && entry != NULL; entry = entry->next)
        if (json_member(profile, entry->string) == NULL && stands_alone(entry) && profile_fields_ask_for(asked, entry))
            added = json_add(profile, entry->string, cJSON_CreateNull());
    return added;
}

/* True if `object`, the profile or its counts, lacks the entry, which was not asked for. */
static bool lacks(const cJSON *object, const cJSON *entry, const struct profile_fields *asked) {
    return json_member(object, entry->string) == NULL && !profile_fields_ask_for(asked, entry);
}

bool account_map_is_in_part(const cJSON *profile, const struct profile_fields *asked) {
    const cJSON *map = asked->provider->profile;
    const cJSON *counts = json_member(map, PROFILE_COUNTS);
    for (const cJSON *entry = map->child; entry != NULL; entry = entry->next)
        if (stands_alone(entry) && lacks(profile, entry, asked))
            return true;
    for (const cJSON *entry = counts != NULL ? counts->child : NULL; entry != NULL; entry = entry->next)
        if (lacks(json_member(profile, PROFILE_COUNTS), entry, asked))
            return true;
    return false;
}

/* Adds the address from a list in the profile itself (`email_request` without a URL). */
static bool add_listed_email(const struct provider *provider, const cJSON *root, cJSON *profile) {
    if (provider->email_request == NULL)
        return true;
    const struct detail_request request = detail_request_read(provider->email_request, email_request_settings);
    return request.url != NULL || detail_map_email(&request, root, profile);
}

cJSON *account_map(const struct profile_fields *asked, const cJSON *root, const struct token *token, bool *groups_cut) {
    const cJSON *map = asked->provider->profile;
    cJSON *mapped = cJSON_CreateObject();
    bool added = mapped != NULL;
    for (const cJSON *entry = map->child; added && entry != NULL; entry = entry->next)
        added = add_field(mapped, entry, root, asked, groups_cut);
    if (added && token->user_id[0] != '\0' && json_string(mapped, PROFILE_USER_ID) == NULL)
        added = add_text(mapped, PROFILE_USER_ID, token->user_id);
    if (added && add_missing(mapped, map, asked) && add_verified(mapped, map, root) &&
        add_listed_email(asked->provider, root, mapped))
        return mapped;
    json_free(mapped);
    return NULL;
}

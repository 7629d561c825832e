/* SPDX-License-Identifier: MIT */
#include "oauth/detail_map.h"

#include "base/json.h"
#include "base/json_pointer.h"
#include "oauth/mapped_value.h"

/* True if all that `where` wants holds of the item. */
static bool counts(const struct detail_request *request, const cJSON *item) {
    for (const cJSON *wanted = request->where != NULL ? request->where->child : NULL; wanted != NULL;
         wanted = wanted->next)
        if (!mapped_value_equals(json_pointer_get(item, wanted->string), wanted))
            return false;
    return true;
}

static const cJSON *find_list(const struct detail_request *request, const cJSON *root) {
    return request->list != NULL && root != NULL ? json_pointer_first(root, request->list) : root;
}

/* Returns the first item from `item` on that counts, or NULL. */
static const cJSON *find_item(const struct detail_request *request, const cJSON *item) {
    while (item != NULL && !counts(request, item))
        item = item->next;
    return item;
}

/* Where there is no list, but one thing, that one is looked at. */
static const cJSON *first_item(const struct detail_request *request, const cJSON *list) {
    if (list == NULL)
        return NULL;
    if (cJSON_IsArray(list))
        return find_item(request, list->child);
    return counts(request, list) ? list : NULL;
}

/* Puts the value in the place of what the profile has under the name. */
static bool put(cJSON *profile, const char *name, cJSON *value) {
    cJSON_DeleteItemFromObjectCaseSensitive(profile, name);
    return json_add(profile, name, value);
}

bool detail_map_email(const struct detail_request *request, const cJSON *root, cJSON *profile) {
    const cJSON *list = find_list(request, root);
    const cJSON *item = first_item(request, list);
    struct mapped_value found = {.value = NULL};
    if (item != NULL && !mapped_value_find(request->value, item, JSON_TEMPLATE_TEXT, &found))
        return false;
    const char *text = cJSON_GetStringValue(found.value);
    const bool usable = text != NULL && profile_email_is_usable(text);
    const enum mapped_truth truth =
        usable && request->verified != NULL ? mapped_truth(request->verified, item) : TRUTH_UNKNOWN;
    const bool whole = put(profile, PROFILE_EMAIL, usable ? cJSON_CreateString(text) : cJSON_CreateNull()) &&
                       put(profile, PROFILE_EMAIL_VERIFIED,
                           truth == TRUTH_UNKNOWN ? cJSON_CreateNull() : cJSON_CreateBool(truth == TRUTH_YES));
    mapped_value_clear(&found);
    return whole;
}

/* The list that the profile has of groups, made where it has none. NULL when memory runs out. */
static cJSON *groups_of(cJSON *profile) {
    cJSON *groups = json_member(profile, PROFILE_GROUPS);
    if (cJSON_IsArray(groups))
        return groups;
    return put(profile, PROFILE_GROUPS, cJSON_CreateArray()) ? json_member(profile, PROFILE_GROUPS) : NULL;
}

bool detail_map_groups(const struct detail_request *request, const cJSON *root, cJSON *profile, bool *cut) {
    const cJSON *list = find_list(request, root);
    const cJSON *item = first_item(request, list);
    cJSON *groups = groups_of(profile);
    bool added = groups != NULL;
    for (; added && item != NULL; item = item == list ? NULL : find_item(request, item->next))
        added = mapped_groups_add(item, request->value, groups, cut);
    return added;
}

/* SPDX-License-Identifier: MIT */
#include "oauth/mapped_value.h"

#include "base/json.h"
#include "base/json_pointer.h"
#include "base/text.h"

#include <string.h>

/* Makes the text of a template. A text that no field could hold is nothing. */
static bool make(const char *template, const cJSON *root, enum json_template_use use, struct mapped_value *found) {
    struct buffer text = {.limit = PROFILE_FIELD_MAX};
    const bool whole = json_template_append(&text, template, root, use) && !text.failed;
    const bool out_of_memory = text.failed && !text.too_large;
    if (whole)
        found->value = found->made = cJSON_CreateString(buffer_text(&text));
    buffer_free(&text);
    return !out_of_memory && (!whole || found->made != NULL);
}

static bool find_one(const cJSON *value, const cJSON *root, enum json_template_use use, struct mapped_value *found) {
    const char *text = cJSON_GetStringValue(value);
    if (text != NULL && !profile_value_is_pointer(text))
        return make(text, root, use, found);
    found->value = json_pointer_first(root, value);
    return true;
}

bool mapped_value_find(const cJSON *value, const cJSON *root, enum json_template_use use, struct mapped_value *found) {
    *found = (struct mapped_value){.value = NULL};
    if (!cJSON_IsArray(value))
        return find_one(value, root, use, found);
    bool made = true;
    for (const cJSON *item = value->child; made && found->value == NULL && item != NULL; item = item->next)
        made = find_one(item, root, use, found);
    return made;
}

void mapped_value_clear(struct mapped_value *found) {
    json_free(found->made);
    *found = (struct mapped_value){.value = NULL};
}

static bool is_there(const char *pointer, const void *root) {
    const cJSON *value = json_pointer_get(root, pointer);
    return value != NULL && !cJSON_IsNull(value);
}

bool mapped_value_is_there(const cJSON *value, const cJSON *root) {
    return profile_value_any_pointer(value, is_there, root);
}

/* Truth. */

static enum mapped_truth read_truth(const cJSON *value) {
    const char *text = cJSON_GetStringValue(value);
    if (cJSON_IsTrue(value) || (cJSON_IsNumber(value) && value->valuedouble == 1) || text_equal(text, "true") ||
        text_equal(text, "1"))
        return TRUTH_YES;
    if (cJSON_IsFalse(value) || (cJSON_IsNumber(value) && value->valuedouble == 0) || text_equal(text, "false") ||
        text_equal(text, "0"))
        return TRUTH_NO;
    return TRUTH_UNKNOWN;
}

/* True only where each of them is; no where one is not. */
static enum mapped_truth all_true(const cJSON *pointers, const cJSON *root) {
    enum mapped_truth truth = TRUTH_YES;
    for (const cJSON *pointer = pointers->child; pointer != NULL; pointer = pointer->next) {
        const enum mapped_truth one = read_truth(json_pointer_first(root, pointer));
        if (one == TRUTH_NO)
            return TRUTH_NO;
        if (one == TRUTH_UNKNOWN)
            truth = TRUTH_UNKNOWN;
    }
    return truth;
}

enum mapped_truth mapped_truth(const cJSON *value, const cJSON *root) {
    const cJSON *all = json_member(value, VALUE_ALL);
    if (cJSON_IsBool(value))
        return read_truth(value);
    return all != NULL ? all_true(all, root) : read_truth(json_pointer_first(root, value));
}

bool mapped_value_equals(const cJSON *value, const cJSON *expected) {
    char a[PROFILE_FIELD_MAX], b[PROFILE_FIELD_MAX];
    if (cJSON_IsBool(expected))
        return read_truth(value) == read_truth(expected);
    return json_identifier(value, a, sizeof a) && json_identifier(expected, b, sizeof b) && strcmp(a, b) == 0;
}

/* Groups. */

static bool has_text(const cJSON *list, const char *text) {
    for (const cJSON *item = list->child; item != NULL; item = item->next)
        if (strcmp(item->valuestring, text) == 0)
            return true;
    return false;
}

/* Adds one group. What cannot be told apart by whom reads it, or is too long, is none. */
static bool add_group(cJSON *groups, const cJSON *value, bool *cut) {
    char text[GROUP_MAX + 1];
    if (!json_identifier(value, text, sizeof text) || text_is_blank(text) || !text_is_printable(text) ||
        has_text(groups, text))
        return true;
    if (cJSON_GetArraySize(groups) < GROUPS_MAX)
        return json_append(groups, cJSON_CreateString(text));
    *cut = true;
    return true;
}

bool mapped_groups_add(const cJSON *item, const cJSON *value, cJSON *groups, bool *cut) {
    struct mapped_value found = {.value = item};
    bool added = value == NULL || mapped_value_find(value, item, JSON_TEMPLATE_TEXT, &found);
    if (added && found.value != NULL)
        added = add_group(groups, found.value, cut);
    mapped_value_clear(&found);
    return added;
}

/* Adds those of one list. Some providers write a list of one as that one. */
static bool add_list(const cJSON *source, const cJSON *root, cJSON *groups, bool *cut) {
    const cJSON *value = json_member(source, VALUE_ITEM);
    const cJSON *list = json_pointer_first(root, cJSON_IsObject(source) ? json_member(source, VALUE_LIST) : source);
    bool added = true;
    if (list != NULL && !cJSON_IsArray(list))
        return mapped_groups_add(list, value, groups, cut);
    for (const cJSON *item = list != NULL ? list->child : NULL; added && item != NULL; item = item->next)
        added = mapped_groups_add(item, value, groups, cut);
    return added;
}

bool mapped_groups(const cJSON *value, const cJSON *root, cJSON *groups, bool *cut) {
    bool added = true;
    if (!cJSON_IsArray(value))
        return add_list(value, root, groups, cut);
    for (const cJSON *source = value->child; added && source != NULL; source = source->next)
        added = add_list(source, root, groups, cut);
    return added;
}

/* SPDX-License-Identifier: MIT */
#include "config/profile_value.h"

#include "base/json.h"
#include "base/text.h"
#include "config/settings.h"

#include <stdio.h>
#include <string.h>

enum { VALUE_SHOWN_MAX = 80 };

bool profile_value_is_pointer(const char *text) {
    return *text == '\0' || *text == '/';
}

enum json_template_use profile_value_use(enum profile_kind kind) {
    return kind == PROFILE_KIND_ID || kind == PROFILE_KIND_OTHER_ID ? JSON_TEMPLATE_ID : JSON_TEMPLATE_TEXT;
}

/* Checking. */

static const char *describe(enum profile_kind kind) {
    switch (kind) {
    case PROFILE_KIND_VERIFIED:
        return "true, false, a JSON Pointer, such as \"/email_verified\", a list of them, which are tried in turn, or "
               "{\"" VALUE_ALL "\": [\"/is_valid\", \"/is_verified\"]}";
    case PROFILE_KIND_GROUPS:
        return "a JSON Pointer, such as \"/groups\", {\"" VALUE_LIST "\": \"/teams\", \"" VALUE_ITEM
               "\": \"/name\"}, or a list of these, all of which count";
    default: return "a JSON Pointer, such as \"/id\", a text with such in braces, or a list of these, tried in turn";
    }
}

static void add_expected(const char *where, enum profile_kind kind, struct problems *problems) {
    problems_add(problems, "%s: expected %s", where, describe(kind));
}

/* Checks a JSON Pointer or a template. */
static void check_text(const char *where, enum profile_kind kind, const cJSON *value, struct problems *problems) {
    const char *text = cJSON_GetStringValue(value);
    const char *fault =
        text != NULL && !profile_value_is_pointer(text) ? json_template_fault(text, profile_value_use(kind)) : NULL;
    if (text == NULL || (!profile_value_is_pointer(text) && strpbrk(text, "{}") == NULL)) {
        add_expected(where, kind, problems);
    } else if (fault != NULL) {
        struct buffer shown = BUFFER_EMPTY;
        text_append_printable(&shown, text, VALUE_SHOWN_MAX);
        problems_add(problems, "%s: \"%s\": %s", where, buffer_text(&shown), fault);
        problems->out_of_memory = problems->out_of_memory || shown.failed;
        buffer_free(&shown);
    }
}

/* True for a list of pointers; an empty one is none. */
static bool is_pointer_list(const cJSON *value) {
    return cJSON_IsArray(value) && settings_is_pointer_or_list(value);
}

static void check_truth(const char *where, const cJSON *value, struct problems *problems) {
    const bool all =
        cJSON_IsObject(value) && cJSON_GetArraySize(value) == 1 && is_pointer_list(json_member(value, VALUE_ALL));
    if (!cJSON_IsBool(value) && !all && !settings_is_pointer_or_list(value))
        add_expected(where, PROFILE_KIND_VERIFIED, problems);
}

static void check_group(const char *where, const cJSON *value, struct problems *problems) {
    const cJSON *list = json_member(value, VALUE_LIST), *item = json_member(value, VALUE_ITEM);
    char item_where[LOG_LINE_MAX];
    const bool whole = cJSON_IsObject(value) ? cJSON_IsString(list) && item != NULL && cJSON_GetArraySize(value) == 2
                                             : cJSON_IsString(value);
    if (!whole || !profile_value_is_pointer(cJSON_GetStringValue(cJSON_IsObject(value) ? list : value))) {
        add_expected(where, PROFILE_KIND_GROUPS, problems);
    } else if (item != NULL) {
        snprintf(item_where, sizeof item_where, "%.*s." VALUE_ITEM, (int)sizeof item_where - 16, where);
        check_text(item_where, PROFILE_KIND_FURTHER, item, problems);
    }
}

void profile_value_check(const char *where, enum profile_kind kind, const cJSON *value, struct problems *problems) {
    if (kind == PROFILE_KIND_VERIFIED) {
        check_truth(where, value, problems);
        return;
    }
    void (*const check)(const char *, const cJSON *, struct problems *) =
        kind == PROFILE_KIND_GROUPS ? check_group : NULL;
    const cJSON *item = cJSON_IsArray(value) ? value->child : value;
    if (item == NULL)
        add_expected(where, kind, problems);
    for (; item != NULL; item = item == value ? NULL : item->next) {
        if (check != NULL)
            check(where, item, problems);
        else
            check_text(where, kind, item, problems);
    }
}

/* The entries of `profile`, or of its `counts`. */
static void check_entries(const char *where, const cJSON *map, bool counts, struct problems *problems) {
    const int most = counts ? PROFILE_COUNTS_MAX : PROFILE_FIELDS_MAX;
    char name[LOG_LINE_MAX];
    for (const cJSON *entry = map->child; entry != NULL; entry = entry->next) {
        const enum profile_kind kind = profile_field_kind(entry->string);
        snprintf(name, sizeof name, "%.*s.%.*s", (int)sizeof name / 2, where, PROFILE_FIELD_NAME_MAX, entry->string);
        if (profile_field_is_token(entry->string))
            problems_add(problems, "%s: \"%.40s\" cannot be the name of a field: tokens are kept under it; rename it",
                         where, entry->string);
        else if (!profile_field_can_be_mapped(entry->string))
            problems_add(problems,
                         "%s: \"%.60s\" cannot be the name of a field; expected a letter, then letters, digits, _ or "
                         "-, at most %d in all, and not \"" PROFILE_RECONNECT "\"",
                         where, entry->string, PROFILE_FIELD_NAME_MAX);
        else if (counts && !settings_is_pointer_or_list(entry))
            problems_add(problems, "%s: expected a JSON Pointer, such as \"/media_count\", or a list of them", name);
        else if (!counts && kind != PROFILE_KIND_COUNTS)
            profile_value_check(name, kind, entry, problems);
    }
    if (cJSON_GetArraySize(map) > most)
        problems_add(problems, "%s: expected at most %d entries; remove some", where, most);
}

void profile_map_check(const char *where, const cJSON *map, struct problems *problems) {
    const cJSON *counts = json_member(map, PROFILE_COUNTS);
    char counts_where[LOG_LINE_MAX];
    snprintf(counts_where, sizeof counts_where, "%.*s." PROFILE_COUNTS, (int)sizeof counts_where - 16, where);
    check_entries(where, map, false, problems);
    if (cJSON_IsObject(counts) && counts->child != NULL)
        check_entries(counts_where, counts, true, problems);
    else if (counts != NULL)
        problems_add(problems,
                     "%s: expected an object of counts to JSON Pointers, such as {\"media\": \"/media_count\"}",
                     counts_where);
    if (json_member(map, PROFILE_ID) == NULL)
        problems_add(problems, "%s." PROFILE_ID ": is missing; expected a JSON Pointer, such as \"/id\"", where);
}

/* Reading. */

static bool any_in_text(const char *text, bool (*test)(const char *pointer, const void *context), const void *context) {
    char pointer[JSON_TEMPLATE_MAX];
    if (profile_value_is_pointer(text))
        return test(text, context);
    while (json_template_next_pointer(&text, pointer))
        if (test(pointer, context))
            return true;
    return false;
}

static bool any_in_item(const cJSON *item, bool (*test)(const char *pointer, const void *context),
                        const void *context) {
    const cJSON *list = json_member(item, VALUE_LIST);
    const cJSON *text = list != NULL ? list : json_member(item, VALUE_ALL);
    if (cJSON_IsArray(text))
        text = text->child;
    else if (text == NULL)
        text = item;
    for (; text != NULL && cJSON_IsString(text); text = text == item || text == list ? NULL : text->next)
        if (any_in_text(text->valuestring, test, context))
            return true;
    return false;
}

bool profile_value_any_pointer(const cJSON *value, bool (*test)(const char *pointer, const void *context),
                               const void *context) {
    if (!cJSON_IsArray(value))
        return value != NULL && any_in_item(value, test, context);
    for (const cJSON *item = value->child; item != NULL; item = item->next)
        if (any_in_item(item, test, context))
            return true;
    return false;
}

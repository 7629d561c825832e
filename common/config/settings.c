/* SPDX-License-Identifier: MIT */
#include "config/settings.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/redirect.h"
#include "base/text.h"
#include "base/url.h"

#include <stdio.h>
#include <string.h>

/* The key as a person finds it in the file: "session.lifetime_days". */
static const char *full_key(char *out, size_t size, const char *where, const char *key) {
    struct buffer printable = BUFFER_EMPTY;
    text_append_printable(&printable, key, 80);
    snprintf(out, size, "%s%s%s", where, *where != '\0' ? "." : "", buffer_text(&printable));
    buffer_free(&printable);
    return out;
}

static bool is_text(const cJSON *value) {
    const char *text = cJSON_GetStringValue(value);
    return text != NULL && *text != '\0';
}

bool settings_is_pointer(const cJSON *value) {
    const char *text = cJSON_GetStringValue(value);
    return text != NULL && (*text == '\0' || *text == '/');
}

static bool all_children(const cJSON *value, bool (*test)(const cJSON *)) {
    for (const cJSON *child = value->child; child != NULL; child = child->next)
        if (!test(child))
            return false;
    return true;
}

static bool is_choice(const cJSON *value, const char *const *choices) {
    for (; *choices != NULL; choices++)
        if (text_equal(cJSON_GetStringValue(value), *choices))
            return true;
    return false;
}

static bool is_in_range(const cJSON *value, const struct setting *setting) {
    int64_t number;
    return cJSON_IsNumber(value) && json_integer(value, &number) && number >= setting->minimum &&
           number <= setting->maximum;
}

static bool has_type(const cJSON *value, const struct setting *setting) {
    const char *text = cJSON_GetStringValue(value);
    switch (setting->type) {
    case SETTING_TEXT: return is_text(value);
    case SETTING_URL: return text != NULL && url_is_secure(text);
    case SETTING_LOCAL_PATH: return text != NULL && redirect_is_local_path(text);
    case SETTING_FILE: return text != NULL && *text == '/';
    case SETTING_BOOLEAN: return cJSON_IsBool(value);
    case SETTING_NUMBER: return is_in_range(value, setting);
    case SETTING_CHOICE: return is_choice(value, setting->choices);
    case SETTING_TEXT_LIST: return cJSON_IsArray(value) && value->child != NULL && all_children(value, is_text);
    case SETTING_TEXT_OR_LIST:
        return is_text(value) || (cJSON_IsArray(value) && value->child != NULL && all_children(value, is_text));
    case SETTING_POINTER_LIST:
        return cJSON_IsArray(value) && value->child != NULL && all_children(value, settings_is_pointer);
    case SETTING_TEXT_MAP: return cJSON_IsObject(value) && all_children(value, is_text);
    case SETTING_OBJECT: return cJSON_IsObject(value);
    }
    return false;
}

static const struct setting *find_setting(const struct setting *table, const char *key) {
    for (; table->key != NULL; table++)
        if (strcmp(table->key, key) == 0)
            return table;
    return NULL;
}

static void report_unknown(const char *where, const char *key, const struct setting *table, struct problems *problems) {
    char name[256];
    struct buffer known = BUFFER_EMPTY;
    for (const struct setting *setting = table; setting->key != NULL; setting++)
        buffer_append_format(&known, "%s%s", setting == table ? "" : ", ", setting->key);
    problems_add(problems, "%s: there is no such key; remove it, or correct it to one of: %s",
                 full_key(name, sizeof name, where, key), buffer_text(&known));
    buffer_free(&known);
}

void settings_check(const cJSON *object, const char *where, const struct setting *table, struct problems *problems) {
    char name[256];
    for (const cJSON *value = object->child; value != NULL; value = value->next) {
        const struct setting *setting = find_setting(table, value->string);
        if (setting == NULL)
            report_unknown(where, value->string, table, problems);
        else if (!has_type(value, setting))
            problems_add(problems, "%s: expected %s", full_key(name, sizeof name, where, setting->key),
                         setting->expected);
        else if (setting->members != NULL)
            settings_check(value, full_key(name, sizeof name, where, setting->key), setting->members, problems);
    }
    for (const struct setting *setting = table; setting->key != NULL; setting++)
        if (setting->required && json_member(object, setting->key) == NULL)
            problems_add(problems, "%s: is missing; expected %s", full_key(name, sizeof name, where, setting->key),
                         setting->expected);
}

int settings_number(const cJSON *object, const char *key, int fallback) {
    int64_t number;
    return json_integer(json_member(object, key), &number) ? (int)number : fallback;
}

const char *settings_text(const cJSON *object, const char *key, const char *fallback) {
    const char *text = json_string(object, key);
    return text != NULL ? text : fallback;
}

/* SPDX-License-Identifier: MIT */
#include "config/settings.h"

#include "base/colour.h"
#include "base/date.h"
#include "base/json.h"
#include "base/redirect.h"
#include "base/text.h"
#include "base/url.h"

#include <stdio.h>
#include <string.h>

enum { KEY_SHOWN_MAX = 80, NEAR_KEY_MAX = 40 };

/* Types. */

struct number_type {
    const char *unit; /* of several; NULL: no number */
    int seconds;      /* of one */
};

static struct number_type number_type(enum setting_type type) {
    switch (type) {
    case SETTING_DAYS: return (struct number_type){"days", SECONDS_PER_DAY};
    case SETTING_MINUTES: return (struct number_type){"minutes", SECONDS_PER_MINUTE};
    case SETTING_SECONDS: return (struct number_type){"seconds", 1};
    default: return (struct number_type){NULL, 0};
    }
}

static bool is_text(const cJSON *value) {
    const char *text = cJSON_GetStringValue(value);
    return text != NULL && *text != '\0';
}

static bool is_pointer(const cJSON *value) {
    const char *text = cJSON_GetStringValue(value);
    return text != NULL && (*text == '\0' || *text == '/');
}

static bool all_children(const cJSON *value, bool (*test)(const cJSON *)) {
    for (const cJSON *child = value->child; child != NULL; child = child->next)
        if (!test(child))
            return false;
    return true;
}

static bool is_object(const cJSON *value) {
    return cJSON_IsObject(value);
}

static bool is_list(const cJSON *value, bool (*test)(const cJSON *)) {
    return cJSON_IsArray(value) && value->child != NULL && all_children(value, test);
}

bool settings_is_pointer_or_list(const cJSON *value) {
    return is_pointer(value) || is_list(value, is_pointer);
}

static bool is_code(const cJSON *value) {
    int64_t number;
    return is_text(value) || (cJSON_IsNumber(value) && json_integer(value, &number));
}

/* Returns the place of the text among the words of a choice; -1 if it is none of them. */
static int find_choice(const struct setting *setting, const char *text) {
    for (int i = 0; i < SETTING_CHOICES_MAX && setting->choices[i] != NULL; i++)
        if (text_equal(text, setting->choices[i]))
            return i;
    return -1;
}

static bool read_number(const cJSON *value, const struct setting *setting, int64_t *number) {
    return cJSON_IsNumber(value) && json_integer(value, number) && *number >= setting->minimum &&
           *number <= setting->maximum;
}

/* True for a text of at most `max` characters, none of which steers what is around it. */
static bool is_line(const char *text, int max) {
    int count = 0;
    if (text == NULL || text_is_blank(text) || !text_is_printable(text))
        return false;
    for (; *text != '\0' && count <= max; count++)
        text += text_character(text, strlen(text));
    return count <= max;
}

static bool has_type(const cJSON *value, const struct setting *setting) {
    const char *text = cJSON_GetStringValue(value);
    int64_t number;
    switch (setting->type) {
    case SETTING_TEXT: return is_text(value);
    case SETTING_URL: return text != NULL && url_is_secure(text);
    case SETTING_LOCAL_PATH: return text != NULL && redirect_check(text) == REDIRECT_IS_LOCAL;
    case SETTING_LINE: return is_line(text, setting->maximum);
    case SETTING_PICTURE: return text != NULL && (redirect_check(text) == REDIRECT_IS_LOCAL || url_is_secure(text));
    case SETTING_COLOUR: return colour_parse(text, &(struct colour){0});
    case SETTING_FILE: return text != NULL && *text == '/';
    case SETTING_DATE: return date_is_valid(text);
    case SETTING_BOOLEAN: return cJSON_IsBool(value);
    case SETTING_CHOICE:
    case SETTING_WORD: return find_choice(setting, text) >= 0;
    case SETTING_DAYS:
    case SETTING_MINUTES:
    case SETTING_SECONDS: return read_number(value, setting, &number);
    case SETTING_TEXT_LIST: return is_list(value, is_text);
    case SETTING_TEXTS: return cJSON_IsArray(value) && all_children(value, is_text);
    case SETTING_RULES: return cJSON_IsObject(value) || is_list(value, is_text);
    case SETTING_TEXT_OR_LIST: return is_text(value) || is_list(value, is_text);
    case SETTING_POINTER_LIST: return is_list(value, is_pointer);
    case SETTING_POINTER_OR_LIST: return settings_is_pointer_or_list(value);
    case SETTING_CODE_LIST: return is_list(value, is_code);
    case SETTING_SCALAR: return cJSON_IsString(value) || cJSON_IsNumber(value) || cJSON_IsBool(value);
    case SETTING_TEXT_MAP: return cJSON_IsObject(value) && all_children(value, is_text);
    case SETTING_VALUE: return true;
    case SETTING_OBJECT:
    case SETTING_PART: return cJSON_IsObject(value);
    case SETTING_PART_LIST: return is_list(value, is_object);
    case SETTING_PARTS: return cJSON_IsArray(value) && all_children(value, is_object);
    }
    return false;
}

static const char *describe_type(enum setting_type type) {
    switch (type) {
    case SETTING_TEXT: return "a text";
    case SETTING_URL: return "an https URL (http only on localhost, 127.0.0.1 and [::1])";
    case SETTING_LOCAL_PATH: return "a path of this site, percent-encoded";
    case SETTING_PICTURE: return "a path of this site, percent-encoded, or an https URL";
    case SETTING_COLOUR: return "a colour as \"#rrggbb\"";
    case SETTING_FILE: return "an absolute path";
    case SETTING_DATE: return "a day as YYYY-MM-DD";
    case SETTING_BOOLEAN: return "true or false";
    case SETTING_TEXT_LIST:
    case SETTING_TEXTS: return "a list of texts";
    case SETTING_TEXT_OR_LIST: return "a text, or a list of texts";
    case SETTING_POINTER_LIST: return "a list of JSON Pointers";
    case SETTING_POINTER_OR_LIST: return "a JSON Pointer, or a list of them";
    case SETTING_CODE_LIST: return "a list of error codes, numbers or words";
    case SETTING_SCALAR: return "a text, a number, true or false";
    case SETTING_TEXT_MAP: return "an object of texts";
    case SETTING_PART_LIST:
    case SETTING_PARTS: return "a list of objects";
    default: return "an object";
    }
}

static bool is_word(const struct setting *setting) {
    return setting->type == SETTING_CHOICE || setting->type == SETTING_WORD;
}

static void append_choices(struct buffer *out, const struct setting *setting) {
    const char *const *choices = setting->choices;
    for (int i = 0; i < SETTING_CHOICES_MAX && choices[i] != NULL; i++) {
        const bool last = i + 1 == SETTING_CHOICES_MAX || choices[i + 1] == NULL;
        buffer_append_format(out, "%s\"%s\"", i == 0 ? "" : last ? " or " : ", ", choices[i]);
    }
}

void settings_append_expected(struct buffer *out, const struct setting *setting) {
    const char *unit = number_type(setting->type).unit;
    if (unit != NULL)
        buffer_append_format(out, "a whole number of %s from %d to %d", unit, setting->minimum, setting->maximum);
    else if (setting->type == SETTING_LINE && setting->what == NULL)
        buffer_append_format(out, "one line of text of at most %d characters", setting->maximum);
    else if (is_word(setting))
        append_choices(out, setting);
    else
        buffer_append_text(out, setting->what != NULL ? setting->what : describe_type(setting->type));
}

/* Messages. */

/* The key as a person finds it: "session.lifetime_days", or after a file's name and ": ". */
static const char *full_key(char *out, size_t size, const char *where, const char *key, struct problems *problems) {
    struct buffer printable = BUFFER_EMPTY;
    const size_t len = strlen(where);
    text_append_printable(&printable, key, KEY_SHOWN_MAX);
    snprintf(out, size, "%s%s%s", where, len == 0 || where[len - 1] == ' ' ? "" : ".", buffer_text(&printable));
    problems->out_of_memory = problems->out_of_memory || printable.failed;
    buffer_free(&printable);
    return out;
}

static bool is_of_texts(enum setting_type type) {
    return type == SETTING_TEXT_LIST || type == SETTING_TEXTS || type == SETTING_RULES ||
           type == SETTING_TEXT_OR_LIST || type == SETTING_TEXT_MAP;
}

/* Appends which value is the slip, and what to do about it: an id that was written as a number or the other way round,
 * or an empty entry. */
static void append_slip(struct buffer *out, const cJSON *value, const struct setting *setting) {
    int index = 0;
    if (cJSON_IsNumber(value) && (setting->type == SETTING_TEXT || is_of_texts(setting->type)))
        buffer_append_text(out, "; put the number in quotes");
    if (cJSON_IsString(value) && (setting->type == SETTING_BOOLEAN || number_type(setting->type).unit != NULL))
        buffer_append_text(out, "; write it without quotes");
    for (const cJSON *entry = is_of_texts(setting->type) && value != NULL ? value->child : NULL; entry != NULL;
         entry = entry->next, index++) {
        if (is_text(entry))
            continue;
        buffer_append_text(out, "; ");
        if (entry->string != NULL)
            text_append_printable(out, entry->string, KEY_SHOWN_MAX);
        else
            buffer_append_format(out, "[%d]", index);
        buffer_append_text(out, cJSON_IsNumber(entry)   ? " is a number: put it in quotes"
                                : cJSON_IsString(entry) ? " is empty: remove it"
                                                        : " is no text");
        return;
    }
}

/* `value` is what stands there; NULL: nothing does. */
static void report_expected(const char *name, const cJSON *value, const struct setting *setting,
                            struct problems *problems) {
    struct buffer expected = BUFFER_EMPTY;
    settings_append_expected(&expected, setting);
    /* A choice needs no example: what is expected lists its words. */
    const bool shown = setting->example != NULL && !is_word(setting) && setting->type != SETTING_BOOLEAN;
    if (shown)
        buffer_append_format(&expected, ", such as %s", setting->example);
    append_slip(&expected, value, setting);
    problems_add(problems, "%s: %sexpected %s", name, value == NULL ? "is missing; " : "", buffer_text(&expected));
    problems->out_of_memory = problems->out_of_memory || expected.failed;
    buffer_free(&expected);
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Counts the letters to change, add or leave out to make one word of the other (Levenshtein's distance). `a` is not
 * longer than NEAR_KEY_MAX. */
static size_t edit_distance(const char *a, const char *b) {
    size_t row[NEAR_KEY_MAX + 1];
    const size_t len = strlen(a);
    for (size_t i = 0; i <= len; i++)
        row[i] = i;
    for (size_t j = 1; b[j - 1] != '\0'; j++) {
        size_t diagonal = row[0];
        row[0] = j;
        for (size_t i = 1; i <= len; i++) {
            const size_t above = row[i];
            row[i] = least(least(above, row[i - 1]) + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[len];
}

/* Returns the key of the table that `key` may be a misspelling of, or NULL. */
static const char *find_nearest(const struct setting *table, const char *key) {
    const char *nearest = NULL;
    size_t best = strlen(key) / 3 + 1;
    for (; strlen(key) <= NEAR_KEY_MAX && table->key != NULL; table++) {
        const size_t distance = edit_distance(key, table->key);
        if (distance < best && table->unsupported == NULL) {
            best = distance;
            nearest = table->key;
        }
    }
    return nearest;
}

static void report_unknown(const char *name, const char *key, const struct setting *table, struct problems *problems) {
    struct buffer known = BUFFER_EMPTY;
    const char *nearest = find_nearest(table, key);
    for (const struct setting *setting = table; nearest == NULL && setting->key != NULL; setting++)
        if (setting->unsupported == NULL)
            buffer_append_format(&known, "%s%s", known.len == 0 ? "" : ", ", setting->key);
    if (nearest != NULL)
        problems_add(problems, "%s: there is no such key; correct it to %s, or remove it", name, nearest);
    else
        problems_add(problems, "%s: there is no such key; remove it, or correct it to one of: %s", name,
                     buffer_text(&known));
    problems->out_of_memory = problems->out_of_memory || known.failed;
    buffer_free(&known);
}

/* Checking. */

static const struct setting *find_setting(const struct setting *table, const char *key) {
    for (; table->key != NULL; table++)
        if (*table->key == *key && strcmp(table->key, key) == 0)
            return table;
    return NULL;
}

static bool is_right(const cJSON *value, const struct setting *setting, bool in_provider_file) {
    return setting->unsupported == NULL && !(in_provider_file && setting->config_only) && has_type(value, setting);
}

bool settings_has_right(const cJSON *object, const struct setting *table, const char *key) {
    const struct setting *setting = find_setting(table, key);
    const cJSON *value = json_member(object, key);
    return setting != NULL && value != NULL && is_right(value, setting, false);
}

static void check_members(const cJSON *object, const char *where, const struct setting *table, bool in_provider_file,
                          struct problems *problems) {
    settings_check(object, where, table, in_provider_file, problems);
    settings_require(object, where, table, problems);
}

/* True if each value has members that are checked here. */
static bool has_members(const struct setting *setting) {
    return setting->members != NULL && setting->type != SETTING_RULES;
}

/* Checks the object, or each of the list. */
static void check_value(const cJSON *value, const char *name, const struct setting *setting, bool in_provider_file,
                        struct problems *problems) {
    char item[LOG_LINE_MAX];
    int index = 0;
    const bool several = setting->type == SETTING_PART_LIST || setting->type == SETTING_PARTS;
    if (!several)
        check_members(value, name, setting->members, in_provider_file, problems);
    for (const cJSON *part = several ? value->child : NULL; part != NULL; part = part->next) {
        snprintf(item, sizeof item, "%.*s[%d]", LOG_LINE_MAX - 16, name, index++);
        check_members(part, item, setting->members, in_provider_file, problems);
    }
}

void settings_check(const cJSON *object, const char *where, const struct setting *table, bool in_provider_file,
                    struct problems *problems) {
    char name[LOG_LINE_MAX];
    for (const cJSON *value = object->child; value != NULL; value = value->next) {
        const struct setting *setting = find_setting(table, value->string);
        if (setting != NULL && !has_members(setting) && is_right(value, setting, in_provider_file))
            continue;
        full_key(name, sizeof name, where, value->string, problems);
        if (setting == NULL)
            report_unknown(name, value->string, table, problems);
        else if (setting->unsupported != NULL)
            problems_add(problems, "%s: is not part of this version: %s; remove it", name, setting->unsupported);
        else if (in_provider_file && setting->config_only)
            problems_add(problems, "%s: belongs in `providers` of config.json; move it there", name);
        else if (!has_type(value, setting))
            report_expected(name, value, setting, problems);
        else if (has_members(setting))
            check_value(value, name, setting, in_provider_file, problems);
    }
}

static bool is_required(const cJSON *object, const struct setting *setting) {
    return setting->required && (setting->unless == NULL || json_member(object, setting->unless) == NULL) &&
           (setting->needed == NULL || setting->needed(object));
}

void settings_require(const cJSON *object, const char *where, const struct setting *table, struct problems *problems) {
    char name[LOG_LINE_MAX];
    for (; table->key != NULL; table++)
        if (is_required(object, table) && json_member(object, table->key) == NULL)
            report_expected(full_key(name, sizeof name, where, table->key, problems), NULL, table, problems);
}

/* Reading. */

static void read_value(const cJSON *value, const struct setting *setting, void *place) {
    const char *text = cJSON_GetStringValue(value);
    int64_t number;
    switch (setting->type) {
    case SETTING_TEXT:
    case SETTING_URL:
    case SETTING_LOCAL_PATH:
    case SETTING_LINE:
    case SETTING_PICTURE:
    case SETTING_COLOUR:
    case SETTING_FILE:
    case SETTING_DATE: *(const char **)place = text != NULL ? text : setting->text; break;
    case SETTING_BOOLEAN: *(bool *)place = cJSON_IsBool(value) ? cJSON_IsTrue(value) : setting->number != 0; break;
    case SETTING_CHOICE: *(bool *)place = find_choice(setting, text != NULL ? text : setting->text) == 0; break;
    case SETTING_WORD: *(int *)place = find_choice(setting, text != NULL ? text : setting->text); break;
    case SETTING_DAYS:
    case SETTING_MINUTES:
    case SETTING_SECONDS:
        if (!read_number(value, setting, &number))
            number = setting->number;
        *(int64_t *)place = number * number_type(setting->type).seconds;
        break;
    default: *(const cJSON **)place = value;
    }
}

void settings_read(const cJSON *object, const struct setting *table, void *out) {
    for (; table->key != NULL; table++) {
        const cJSON *value = json_member(object, table->key);
        if (table->offset != 0)
            read_value(value, table, (char *)out + table->offset);
        if (table->members != NULL && table->type == SETTING_OBJECT)
            settings_read(value, table->members, out);
    }
}

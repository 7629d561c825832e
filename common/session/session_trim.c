/* SPDX-License-Identifier: MIT */
#include "session/session.h"

#include "base/json.h"
#include "base/text.h"
#include "base/view.h"
#include "config/profile_field.h"

#include <string.h>

/* How many bytes of a text a profile may hold at each step. A text that is cut ends in "…"; a link, an address or an id
 * would be another one when cut, so it is dropped. */
struct text_limit {
    bool cut;
    size_t limits[SESSION_TRIM_STEPS];
};

// clang-format off
static const struct text_limit text_limits[] = {
    [PROFILE_KIND_ID]       = {false, {128, 128, 128, 128}},
    [PROFILE_KIND_OTHER_ID] = {false, {128, 128, 128, 0}},
    [PROFILE_KIND_HANDLE]   = {true,  {160, 128, 96, 64}},
    [PROFILE_KIND_NAME]     = {true,  {400, 260, 128, 64}},
    [PROFILE_KIND_PICTURE]  = {false, {1024, 800, 400, 0}},
    [PROFILE_KIND_PROSE]    = {true,  {900, 604, 200, 64}},
    [PROFILE_KIND_LINK]     = {false, {512, 256, 100, 0}},
    [PROFILE_KIND_WORD]     = {false, {32, 32, 32, 32}},
    [PROFILE_KIND_FURTHER]  = {true,  {512, 256, 128, 64}}};
// clang-format on

/* How many bytes all further fields together may take as JSON, and how many counts there may be. Those that the
 * provider file maps first are kept first. */
static const size_t further_limits[SESSION_TRIM_STEPS] = {1500, 800, 400, 200};
static const size_t count_limits[SESSION_TRIM_STEPS] = {PROFILE_COUNTS_MAX, PROFILE_COUNTS_MAX, 6, 3};

/* Tells a link or an address by its form, since a further field has no type of its own. */
static bool is_of_no_use_cut(const char *text) {
    return strpbrk(text, " \t\r\n") == NULL && (strstr(text, "://") != NULL || strchr(text, '@') != NULL);
}

static void trim_text(struct view *out, const cJSON *value, const struct text_limit *limit, size_t step) {
    static const char ellipsis[] = "…";
    struct buffer text = BUFFER_EMPTY;
    const size_t max = limit->limits[step];
    const char *whole = value->valuestring;
    if (strlen(whole) <= max) {
        view_text(out, value->string, whole);
    } else if (limit->cut) {
        buffer_append(&text, whole, text_cut(whole, max - strlen(ellipsis)));
        buffer_append_text(&text, ellipsis);
        view_buffer(out, value->string, &text);
        buffer_free(&text);
    }
}

/* Returns how many bytes a member takes as JSON at most, with its key and comma. */
static size_t printed_size(const cJSON *member) {
    enum { NUMBER_SIZE = 24, ESCAPED_SIZE = 6 };
    const char *text = cJSON_GetStringValue(member);
    size_t size = strlen(member->string) + sizeof "\"\":\"\",";
    for (; text != NULL && *text != '\0'; text++) {
        const unsigned char byte = (unsigned char)*text;
        if (byte < 0x20)
            size += ESCAPED_SIZE;
        else
            size += byte == '"' || byte == '\\' ? 2 : 1;
    }
    return text != NULL ? size : size + NUMBER_SIZE;
}

static void trim_further(struct view *out, const cJSON *value, size_t step) {
    struct text_limit limit = text_limits[PROFILE_KIND_FURTHER];
    if (cJSON_IsString(value)) {
        limit.cut = !is_of_no_use_cut(value->valuestring);
        trim_text(out, value, &limit, step);
    } else {
        view_copy(out, value->string, value);
    }
}

static bool is_further(const cJSON *value) {
    return profile_field_kind(value->string) == PROFILE_KIND_FURTHER && !profile_field_is_token(value->string) &&
           (cJSON_IsString(value) || cJSON_IsNumber(value) || cJSON_IsBool(value));
}

/* Adds the fields that the product does not know by name, as far as there is room for them. */
static void trim_all_further(struct view *out, const cJSON *profile, size_t step) {
    size_t left = further_limits[step];
    for (const cJSON *value = profile->child; value != NULL; value = value->next) {
        if (!is_further(value))
            continue;
        struct view trimmed = view_new();
        trim_further(&trimmed, value, step);
        const cJSON *json = view_json(&trimmed);
        const cJSON *member = json != NULL ? json->child : NULL;
        if (json == NULL) {
            view_add(out, value->string, NULL);
        } else if (member != NULL && printed_size(member) <= left) {
            left -= printed_size(member);
            view_copy(out, member->string, member);
        }
        view_free(&trimmed);
    }
}

static void trim_counts(struct view *out, const cJSON *counts, size_t step) {
    const cJSON *count = counts->child;
    size_t left = count_limits[step];
    while (count != NULL && !cJSON_IsNumber(count))
        count = count->next;
    if (count == NULL)
        return;
    struct view kept = view_object(out, PROFILE_COUNTS);
    for (; count != NULL && left != 0; count = count->next) {
        if (cJSON_IsNumber(count)) {
            view_copy(&kept, count->string, count);
            left--;
        }
    }
}

cJSON *session_trim(const cJSON *profile, size_t step) {
    struct view trimmed = view_new();
    const cJSON *counts = json_member(profile, PROFILE_COUNTS);
    for (const struct profile_field *field = profile_texts; field->name != NULL; field++) {
        const cJSON *value = json_member(profile, field->name);
        if (cJSON_IsString(value))
            trim_text(&trimmed, value, &text_limits[field->kind], step);
    }
    trim_all_further(&trimmed, profile, step);
    if (cJSON_IsTrue(json_member(profile, PROFILE_RECONNECT)))
        view_bool(&trimmed, PROFILE_RECONNECT, true);
    if (cJSON_IsObject(counts))
        trim_counts(&trimmed, counts, step);
    cJSON *taken = view_take(&trimmed);
    view_free(&trimmed);
    return taken;
}

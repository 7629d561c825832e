/* SPDX-License-Identifier: MIT */
#include "session/session.h"

#include "base/json.h"
#include "base/text.h"
#include "base/view.h"
#include "config/profile_field.h"

#include <stdint.h>
#include <string.h>

/* How many bytes of a text a profile may hold. A text that is cut ends in "…"; a link, an address or an id would be
 * another one when cut, so it is dropped. */
struct text_limit {
    bool cut;
    size_t max;
};

// clang-format off
static const struct text_limit text_limits[] = {
    [PROFILE_KIND_ID]       = {false, PROVIDER_ID_MAX},
    [PROFILE_KIND_OTHER_ID] = {false, PROVIDER_ID_MAX},
    [PROFILE_KIND_HANDLE]   = {true,  160},
    [PROFILE_KIND_NAME]     = {true,  400},
    [PROFILE_KIND_PICTURE]  = {false, PROFILE_LINK_MAX},
    [PROFILE_KIND_PROSE]    = {true,  2400},
    [PROFILE_KIND_LINK]     = {false, PROFILE_LINK_MAX},
    [PROFILE_KIND_WORD]     = {false, 32},
    [PROFILE_KIND_EMAIL]    = {false, EMAIL_MAX},
    [PROFILE_KIND_FURTHER]  = {true,  512}};
// clang-format on

/* A text that has to make room keeps this much. */
enum { TEXT_LEAST = 48 };

static const char ellipsis[] = "…";

/* Tells a link or an address by its form, since a further field has no type of its own. */
static bool is_of_no_use_cut(const char *text) {
    return strpbrk(text, " \t\r\n") == NULL && (strstr(text, "://") != NULL || strchr(text, '@') != NULL);
}

static bool can_be_cut(const cJSON *text) {
    const enum profile_kind kind = profile_field_kind(text->string);
    return text_limits[kind].cut && (kind != PROFILE_KIND_FURTHER || !is_of_no_use_cut(text->valuestring));
}

static void trim_text(struct view *out, const cJSON *value) {
    const size_t max = text_limits[profile_field_kind(value->string)].max;
    const char *whole = value->valuestring;
    if (strlen(whole) <= max) {
        view_text(out, value->string, whole);
    } else if (can_be_cut(value)) {
        struct buffer text = BUFFER_EMPTY;
        buffer_append(&text, whole, text_cut(whole, max - strlen(ellipsis)));
        buffer_append_text(&text, ellipsis);
        view_buffer(out, value->string, &text);
        buffer_free(&text);
    }
}

/* Adds the fields that the product does not know by name. */
static void trim_all_further(struct view *out, const cJSON *profile) {
    for (const cJSON *value = profile->child; value != NULL; value = value->next) {
        if (profile_field_kind(value->string) != PROFILE_KIND_FURTHER || profile_field_is_token(value->string))
            continue;
        if (cJSON_IsString(value))
            trim_text(out, value);
        else if (cJSON_IsNumber(value) || cJSON_IsBool(value))
            view_copy(out, value->string, value);
    }
}

static void trim_counts(struct view *out, const cJSON *counts) {
    const cJSON *count = counts->child;
    while (count != NULL && !cJSON_IsNumber(count))
        count = count->next;
    if (count == NULL)
        return;
    struct view kept = view_object(out, PROFILE_COUNTS);
    for (; count != NULL; count = count->next)
        if (cJSON_IsNumber(count))
            view_copy(&kept, count->string, count);
}

/* Adds as many groups as there is room for: those that the provider names first. */
static void trim_groups(struct view *out, const cJSON *groups) {
    size_t size = 0;
    int count = 0;
    cJSON *kept = NULL;
    for (const cJSON *group = groups->child; cJSON_IsString(group) && count < SESSION_GROUPS_MAX; group = group->next) {
        size += strlen(group->valuestring) + sizeof "\"\"";
        if (size > SESSION_GROUPS_BYTES)
            break;
        count++;
    }
    if (count != 0 && (kept = cJSON_Duplicate(groups, true)) != NULL)
        while (cJSON_GetArraySize(kept) > count)
            cJSON_DeleteItemFromArray(kept, count);
    if (count != 0)
        view_add(out, PROFILE_GROUPS, kept);
}

/* Adds what rules ask for beside the id, the username and the address. */
static void trim_facts(struct view *out, const cJSON *profile) {
    const cJSON *verified = json_member(profile, PROFILE_EMAIL_VERIFIED),
                *groups = json_member(profile, PROFILE_GROUPS);
    if (cJSON_IsBool(verified))
        view_copy(out, PROFILE_EMAIL_VERIFIED, verified);
    if (cJSON_IsArray(groups))
        trim_groups(out, groups);
}

cJSON *session_trim(const cJSON *profile) {
    struct view trimmed = view_new();
    const cJSON *counts = json_member(profile, PROFILE_COUNTS);
    for (const struct profile_field *field = profile_texts; field->name != NULL; field++) {
        const cJSON *value = json_member(profile, field->name);
        if (cJSON_IsString(value))
            trim_text(&trimmed, value);
    }
    trim_facts(&trimmed, profile);
    trim_all_further(&trimmed, profile);
    if (cJSON_IsTrue(json_member(profile, PROFILE_RECONNECT)))
        view_bool(&trimmed, PROFILE_RECONNECT, true);
    if (cJSON_IsObject(counts))
        trim_counts(&trimmed, counts);
    cJSON *taken = view_take(&trimmed);
    view_free(&trimmed);
    return taken;
}

bool session_text_is_cut(const char *text) {
    const size_t len = strlen(text);
    return len >= strlen(ellipsis) && strcmp(text + len - strlen(ellipsis), ellipsis) == 0;
}

/* What follows makes a trimmed profile shorter where it is, which needs no memory. */

static void drop(cJSON *object, cJSON *member) {
    json_free(cJSON_DetachItemViaPointer(object, member));
}

/* Cuts the longest text by the excess, but not to less than TEXT_LEAST or the next longest, with which it takes turns
 * from there. */
static bool cut_longest(cJSON *profile, size_t excess) {
    cJSON *longest = NULL;
    size_t len = TEXT_LEAST, next = TEXT_LEAST;
    for (cJSON *field = profile->child; field != NULL; field = field->next) {
        const size_t size = cJSON_IsString(field) && can_be_cut(field) ? strlen(field->valuestring) : 0;
        if (size > len) {
            next = len;
            len = size;
            longest = field;
        } else if (size > next) {
            next = size;
        }
    }
    if (longest == NULL)
        return false;
    const size_t most = len > next ? len - next : (len - TEXT_LEAST + 1) / 2;
    const size_t max = len - (excess < most ? excess : most);
    const size_t kept = text_cut(longest->valuestring, max - strlen(ellipsis));
    memcpy(longest->valuestring + kept, ellipsis, sizeof ellipsis);
    return true;
}

/* Drops the last field of this kind: of further ones, those that the provider file maps first are kept first. */
static bool drop_last(cJSON *profile, enum profile_kind kind) {
    cJSON *last = NULL;
    for (cJSON *field = profile->child; field != NULL; field = field->next)
        if (profile_field_kind(field->string) == kind)
            last = field;
    if (last != NULL)
        drop(profile, last);
    return last != NULL;
}

/* Drops the shortest link whose loss is enough; where none is, the longest. */
static bool drop_link(cJSON *profile, size_t excess) {
    cJSON *dropped = NULL;
    size_t least = SIZE_MAX;
    for (cJSON *field = profile->child; field != NULL; field = field->next) {
        const enum profile_kind kind = profile_field_kind(field->string);
        if (kind != PROFILE_KIND_PICTURE && kind != PROFILE_KIND_LINK)
            continue;
        const size_t len = strlen(field->valuestring) + sizeof "\"9\":\"\"";
        const size_t loss = len >= excess ? len : SIZE_MAX - 1 - len;
        if (loss < least) {
            least = loss;
            dropped = field;
        }
    }
    if (dropped != NULL)
        drop(profile, dropped);
    return dropped != NULL;
}

static bool drop_count(cJSON *profile) {
    cJSON *counts = json_member(profile, PROFILE_COUNTS), *last = NULL;
    for (cJSON *count = counts != NULL ? counts->child : NULL; count != NULL; count = count->next)
        last = count;
    if (last == NULL)
        return false;
    drop(counts, last);
    if (counts->child == NULL)
        drop(profile, counts);
    return true;
}

/* Drops the last text but those that rules ask for. */
static bool drop_text(cJSON *profile) {
    cJSON *last = NULL;
    for (cJSON *field = profile->child; field != NULL; field = field->next) {
        const enum profile_kind kind = profile_field_kind(field->string);
        if (cJSON_IsString(field) && kind != PROFILE_KIND_ID && kind != PROFILE_KIND_EMAIL)
            last = field;
    }
    if (last != NULL)
        drop(profile, last);
    return last != NULL;
}

/* Drops what rules ask for: without it they let nobody in. First the groups, from the last one on; then the address and
 * what is known of it. */
static bool drop_fact(cJSON *profile) {
    cJSON *groups = json_member(profile, PROFILE_GROUPS);
    if (groups != NULL) {
        drop(groups, cJSON_GetArrayItem(groups, cJSON_GetArraySize(groups) - 1));
        if (groups->child == NULL)
            drop(profile, groups);
        return true;
    }
    return drop_last(profile, PROFILE_KIND_VERIFIED) || drop_last(profile, PROFILE_KIND_EMAIL);
}

bool session_shorten(cJSON *profile, size_t excess) {
    return cut_longest(profile, excess) || drop_last(profile, PROFILE_KIND_FURTHER) ||
           drop_last(profile, PROFILE_KIND_PROSE) || drop_link(profile, excess) || drop_count(profile) ||
           drop_text(profile) || drop_fact(profile);
}

/* SPDX-License-Identifier: MIT */
#include "session/session_keys.h"

#include "config/profile_field.h"

#include <stddef.h>
#include <string.h>

/* The short key is one character: a list's first and the place in it. No name of a field begins with one: they begin
 * with letters (profile_field_can_be_mapped). Cookies are out there that count on it: never move one, add at the end of
 * `further`. JSON writes each of these characters as it is. */
// clang-format off
static const char *const names[] = {
    SESSION_ID, SESSION_PROVIDER, SESSION_SIGNED_IN, SESSION_CHECKED, SESSION_EXPIRES, SESSION_PROFILE,
    PROFILE_USER_ID, PROFILE_USERNAME, PROFILE_FULL_NAME, PROFILE_PICTURE, PROFILE_BIO, PROFILE_WEBSITE,
    PROFILE_ACCOUNT_TYPE, PROFILE_COUNTS, "media", "follows", "followed_by"};
static const char *const further[] = {PROFILE_EMAIL, PROFILE_EMAIL_VERIFIED, PROFILE_GROUPS, SESSION_JUDGED};
// clang-format on

static const struct key_list {
    const char *const *names;
    char first;
    char count;
} lists[] = {{names, '0', sizeof names / sizeof *names}, {further, '#', sizeof further / sizeof *further}};

_Static_assert('0' + sizeof names / sizeof *names <= 'A', "a short key is no letter");
_Static_assert('#' + sizeof further / sizeof *further <= '0', "a short key stands for one name");

static const char *make_short(const char *key, char text[2]) {
    for (const struct key_list *list = lists; list < lists + sizeof lists / sizeof *lists; list++)
        for (char i = 0; i < list->count; i++)
            if (strcmp(list->names[(size_t)i], key) == 0) {
                text[0] = (char)(list->first + i);
                text[1] = '\0';
                return text;
            }
    return key;
}

static const char *make_long(const char *key) {
    for (const struct key_list *list = lists; list < lists + sizeof lists / sizeof *lists; list++)
        if (key[0] >= list->first && key[0] < list->first + list->count && key[1] == '\0')
            return list->names[key[0] - list->first];
    return key;
}

static void copy_members(struct view *to, const cJSON *from, bool shorten) {
    for (const cJSON *member = from->child; member != NULL; member = member->next) {
        char text[2];
        const char *key = shorten ? make_short(member->string, text) : make_long(member->string);
        if (cJSON_IsObject(member)) {
            struct view part = view_object(to, key);
            copy_members(&part, member, shorten);
        } else {
            view_copy(to, key, member);
        }
    }
}

static cJSON *copy(const cJSON *value, bool shorten) {
    struct view copied = view_new();
    if (cJSON_IsObject(value))
        copy_members(&copied, value, shorten);
    cJSON *taken = view_take(&copied);
    view_free(&copied);
    return taken;
}

cJSON *session_keys_short(const cJSON *value) {
    return copy(value, true);
}

cJSON *session_keys_long(const cJSON *value) {
    return copy(value, false);
}

void session_keys_list(struct view *view) {
    for (const struct key_list *list = lists; list < lists + sizeof lists / sizeof *lists; list++)
        for (char i = 0; i < list->count; i++)
            view_text(view, (char[]){(char)(list->first + i), '\0'}, list->names[(size_t)i]);
}

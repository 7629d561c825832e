/* SPDX-License-Identifier: MIT */
#include "session/session_keys.h"

#include "base/view.h"
#include "config/profile_field.h"

#include <stddef.h>
#include <string.h>

/* The short key is one character: FIRST and the place in this list. They end before the letters, with which the name of
 * each field begins (profile_field_can_be_mapped). Cookies are out there that count on it: never move one. */
// clang-format off
static const char *const names[] = {
    SESSION_ID, SESSION_PROVIDER, SESSION_SIGNED_IN, SESSION_CHECKED, SESSION_EXPIRES, SESSION_PROFILE,
    PROFILE_USER_ID, PROFILE_USERNAME, PROFILE_FULL_NAME, PROFILE_PICTURE, PROFILE_BIO, PROFILE_WEBSITE,
    PROFILE_ACCOUNT_TYPE, PROFILE_COUNTS, "media", "follows", "followed_by"};
// clang-format on

enum { FIRST = '0', NAMES = sizeof names / sizeof *names };

_Static_assert(FIRST + NAMES <= 'A', "a short key is no letter");

static const char *make_short(const char *key, char text[2]) {
    for (size_t i = 0; i < NAMES; i++) {
        if (strcmp(names[i], key) == 0) {
            text[0] = (char)(FIRST + i);
            text[1] = '\0';
            return text;
        }
    }
    return key;
}

static const char *make_long(const char *key) {
    const bool is_short = key[0] >= FIRST && key[0] < FIRST + NAMES && key[1] == '\0';
    return is_short ? names[key[0] - FIRST] : key;
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

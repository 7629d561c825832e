/* Checks a JSON object of settings against a table: unknown keys, wrong types, missing values.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SETTINGS_H
#define CGI_LOGIN_SETTINGS_H

#include "base/problems.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

enum setting_type {
    SETTING_TEXT,       /* a string that is not empty */
    SETTING_URL,        /* https, or http on this machine */
    SETTING_LOCAL_PATH, /* a path of this site (redirect.h) */
    SETTING_FILE,       /* an absolute path */
    SETTING_BOOLEAN,
    SETTING_NUMBER,       /* a whole number from `minimum` to `maximum` */
    SETTING_CHOICE,       /* one of the words in `expected`, which is "this or that" */
    SETTING_TEXT_LIST,    /* an array of strings that are not empty, and not an empty array */
    SETTING_TEXT_OR_LIST, /* either */
    SETTING_POINTER_LIST, /* an array of JSON Pointers (RFC 6901), "" allowed */
    SETTING_TEXT_MAP,     /* an object of strings */
    SETTING_OBJECT        /* an object; of `members` if there are any */
};

struct setting {
    const char *key;
    enum setting_type type;
    bool required;
    const char *expected;          /* what to write there, for the messages */
    const struct setting *members; /* of an object: ends with a NULL key */
    int minimum, maximum;
    const char *const *choices; /* ends with NULL */
};

/* Checks `object` against `table` (which ends with a NULL key). `where` is the object's own key, such as
 * "providers.instagram", or "" at the top. Adds a line to `problems` for each fault. */
void settings_check(const cJSON *object, const char *where, const struct setting *table, struct problems *problems);

/* True for a JSON Pointer (RFC 6901). */
bool settings_is_pointer(const cJSON *value);

/* The whole number under `key`, or `fallback`. */
int settings_number(const cJSON *object, const char *key, int fallback);

/* The string under `key`, or `fallback`. */
const char *settings_text(const cJSON *object, const char *key, const char *fallback);

#endif

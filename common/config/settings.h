/* A setting is one row of a table: its type, range, default, meaning, and where its value goes. From the rows come the
 * check of a file, the values the programs use, what `cgi-login help config` prints, and the tables in the manual.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SETTINGS_H
#define CGI_LOGIN_SETTINGS_H

#include "base/buffer.h"
#include "base/problems.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each type names the C type of the member that takes the value. */
enum setting_type {
    SETTING_TEXT,       /* a string that is not empty: const char * */
    SETTING_URL,        /* https, or http on this machine: const char * */
    SETTING_LOCAL_PATH, /* a path of this site (redirect.h): const char * */
    SETTING_LINE,       /* a string of 1 to `maximum` characters that are shown on one line: const char * */
    SETTING_PICTURE,    /* SETTING_LOCAL_PATH or SETTING_URL: const char * */
    SETTING_COLOUR,     /* "#rrggbb": const char * */
    SETTING_FILE,       /* an absolute path: const char * */
    SETTING_DATE,       /* a day, YYYY-MM-DD: const char * */
    SETTING_BOOLEAN,    /* bool */
    SETTING_CHOICE,     /* one of two words: bool, true for the first */
    SETTING_WORD,       /* one of several words: int, its place in `choices` */
    SETTING_DAYS,       /* a whole number of them from `minimum` to `maximum`: int64_t, in seconds */
    SETTING_MINUTES,
    SETTING_SECONDS,
    SETTING_TEXT_LIST,       /* an array of strings that are not empty, and not an empty array: const cJSON * */
    SETTING_TEXTS,           /* the same, but for the empty array, which is taken: const cJSON * */
    SETTING_TEXT_OR_LIST,    /* either: const cJSON * */
    SETTING_POINTER_LIST,    /* an array of JSON Pointers (RFC 6901), "" allowed: const cJSON * */
    SETTING_POINTER_OR_LIST, /* one of them, or such an array: const cJSON * */
    SETTING_CODE_LIST,       /* an array, not empty, of whole numbers and strings that are not empty: const cJSON * */
    SETTING_SCALAR,          /* a string, a number, true or false: const cJSON * */
    SETTING_TEXT_MAP,        /* an object of strings: const cJSON * */
    SETTING_VALUE,           /* from where a value comes; checked elsewhere (profile_value.h): const cJSON * */
    SETTING_RULES,           /* SETTING_TEXT_LIST, or an object that is checked elsewhere (allow.h): const cJSON * */
    SETTING_OBJECT,          /* an object, of `members` if there are any: const cJSON * */
    SETTING_PART,            /* an object of `members` that are read apart: const cJSON * */
    SETTING_PART_LIST,       /* an array of such, and not an empty array: const cJSON * */
    SETTING_PARTS            /* the same, but for the empty array, which is taken: const cJSON * */
};

enum { SETTING_CHOICES_MAX = 4 };

struct setting {
    const char *key;
    enum setting_type type;
    bool required;
    bool config_only;   /* one of a provider that must not stand in the provider's own file */
    const char *unless; /* a key beside it with which it is not required */
    /* Of a required one: whether it is, with what else the object holds; NULL: always. */
    bool (*needed)(const cJSON *object);
    const char *meaning; /* what it is for: a phrase for the manual */
    const char *what;    /* what to write, where the type does not say it; NULL: the type does */
    const char *example; /* as JSON text */
    int minimum, maximum;
    const char *choices[SETTING_CHOICES_MAX];
    const char *text;              /* the default of a string or a choice */
    int number;                    /* the default of a number (in its own unit) or a boolean */
    const char *otherwise;         /* what holds without it, in words, where the default is no value */
    const char *unsupported;       /* this version does not carry it out; what the owner must know of that */
    const struct setting *members; /* of an object: ends with a NULL key */
    size_t offset;                 /* where the value goes, from SETTING_AT; 0: nowhere */
};

/* The place of `member` in `structure`; the compiler refuses a member of another type. A member at the very start
 * cannot take a value. A type cannot stand in parentheses. */
// NOLINTNEXTLINE(bugprone-macro-parentheses)
#define SETTING_AT(structure, type, member) _Generic(((structure *)NULL)->member, type : offsetof(structure, member))

/* Checks what is in `object` against `table` (which ends with a NULL key): unknown keys, those of another version,
 * wrong values, and what an inner object lacks. `where` names the object for the messages: "" at the top, a key such as
 * "providers.instagram", or a file's name and ": ". `in_provider_file`: a `config_only` key is refused. Adds a line to
 * `problems` for each fault. */
void settings_check(const cJSON *object, const char *where, const struct setting *table, bool in_provider_file,
                    struct problems *problems);

/* Adds a line to `problems` for each required key that is not in `object`. */
void settings_require(const cJSON *object, const char *where, const struct setting *table, struct problems *problems);

/* Puts each value of `object` (or its default) where its row says, in the structure `out`, which was zeroed. What is
 * put there points into `object` and the table. */
void settings_read(const cJSON *object, const struct setting *table, void *out);

/* True if `object` has the key, which is in `table`, with a value that settings_check takes; of one with members, which
 * have a check of their own, they are not looked at. */
bool settings_has_right(const cJSON *object, const struct setting *table, const char *key);

/* Appends what to write for a setting, such as "a whole number of days from 1 to 400". */
void settings_append_expected(struct buffer *out, const struct setting *setting);

/* True for a JSON Pointer (RFC 6901), or a list of them that is not empty. */
bool settings_is_pointer_or_list(const cJSON *value);

#endif

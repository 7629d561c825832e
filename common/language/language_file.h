/* One language's words: languages/NAME.json, a flat JSON object of sentences by their keys.
 *
 * An owner edits the file, and each page reads it. So its text is only walked through once, to find the keys; a
 * sentence is judged and decoded when it is asked for.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_LANGUAGE_FILE_H
#define CGI_LOGIN_LANGUAGE_FILE_H

#include "base/bounds.h"
#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct language_file;

enum language_result {
    LANGUAGE_FOUND,
    LANGUAGE_ABSENT, /* there is no such file, or no such key */
    LANGUAGE_FAULTY,
    LANGUAGE_NO_MEMORY
};

/* True for the name of a language's file without its suffix: a language tag (RFC 5646, section 2.1) in small letters,
 * such as "pt" or "zh-hant". It leads out of no folder. */
bool language_name_is_valid(const char *name);

/* Reads a file. On LANGUAGE_FOUND *file belongs to the caller (language_file_free), on anything else it is NULL; on
 * LANGUAGE_FAULTY `fault` says what is wrong with which line of it. */
enum language_result language_file_open(const char *path, struct language_file **file, struct error *fault);

/* Appends the sentence of a key. LANGUAGE_FAULTY, with nothing appended, for one that is empty, too long, not UTF-8, or
 * holds a control character. */
enum language_result language_file_append(struct language_file *file, const char *key, struct buffer *out);

/* True if the file has the key. */
bool language_file_has(struct language_file *file, const char *key);

/* The key in place `index`, as the file has them; "" behind the last. */
const char *language_file_key(const struct language_file *file, size_t index, char key[LANGUAGE_KEY_MAX + 1]);

/* The path of the file. */
const char *language_file_path(const struct language_file *file);

/* NULL is fine. */
void language_file_free(struct language_file *file);

#endif

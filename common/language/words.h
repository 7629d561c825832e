/* The words of the pages, in one visitor's language. What that language lacks is said in English.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_WORDS_H
#define CGI_LOGIN_WORDS_H

#include "base/buffer.h"
#include "base/error.h"
#include "language/sentence.h"

#include <stdbool.h>

/* The language that every key is looked for in at last. */
#define LANGUAGE_LAST "en"

struct words;

/* Opens the words of `fixed`, the name of a language, or where that is NULL of the language that the Accept-Language
 * header `accepted` (NULL: there is none) prefers of those whose files lie in `folder`. A file that cannot be used
 * counts as none, and words_fault tells. ERROR_CONFIG if the English one cannot be used and is needed, ERROR_INTERNAL
 * when memory runs out. On ERROR_NONE *words belongs to the caller (words_free), otherwise it is NULL. */
enum error_code words_open(const char *folder, const char *fixed, const char *accepted, struct words **words,
                           struct error *error);

/* Appends the sentence of a key as it is written, with its names in braces. False if no language has it. A buffer for
 * which memory ran out has failed. */
bool words_append(struct words *words, const char *key, struct buffer *out);

/* Appends the sentence with what the names stand for, as text. False likewise. */
bool words_append_with(struct words *words, const char *key, const struct sentence_value *values, struct buffer *out);

/* The language's tag (RFC 5646), as `lang` and Content-Language have it, and "ltr" or "rtl". */
const char *words_tag(const struct words *words);
const char *words_direction(const struct words *words);

/* What is wrong with a file of words that was wanted, for the operator; "" if nothing is. */
const char *words_fault(const struct words *words);

/* NULL is fine. */
void words_free(struct words *words);

#endif

/* A sentence of a language file: text with names in braces, "{name}", which stand for what is known only when it is
 * shown. A brace that begins no name is text.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SENTENCE_H
#define CGI_LOGIN_SENTENCE_H

#include "base/bounds.h"
#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* A run of text, or a name. */
struct sentence_part {
    const char *text; /* points into the sentence; of a name: behind the brace */
    size_t len;
    bool is_name;
};

/* Takes the next part from `*at` on, which is moved behind it. False at the end. */
bool sentence_next(const char **at, struct sentence_part *part);

/* What a name stands for. */
struct sentence_value {
    const char *name; /* NULL ends a list */
    const char *text;
};

/* Appends the sentence as text, with the values of the list in it. A name that is not in the list stands for
 * nothing. */
void sentence_expand(struct buffer *out, const char *sentence, const struct sentence_value *values);

#endif

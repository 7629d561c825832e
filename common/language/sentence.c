/* SPDX-License-Identifier: MIT */
#include "language/sentence.h"

#include <string.h>

/* The length of the name behind a brace; 0 if there is none. */
static size_t name_length(const char *text) {
    static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
    const size_t len = strspn(text, characters);
    return len <= LANGUAGE_KEY_MAX && text[len] == '}' ? len : 0;
}

bool sentence_next(const char **at, struct sentence_part *part) {
    const char *start = *at;
    const size_t name = *start == '{' ? name_length(start + 1) : 0;
    if (*start == '\0')
        return false;
    if (name != 0) {
        *part = (struct sentence_part){start + 1, name, true};
        *at = start + name + 2;
        return true;
    }
    size_t len = 1;
    while (start[len += strcspn(start + len, "{")] == '{' && name_length(start + len + 1) == 0)
        len++;
    *part = (struct sentence_part){start, len, false};
    *at = start + len;
    return true;
}

void sentence_expand(struct buffer *out, const char *sentence, const struct sentence_value *values) {
    struct sentence_part part;
    while (sentence_next(&sentence, &part)) {
        if (!part.is_name) {
            buffer_append(out, part.text, part.len);
            continue;
        }
        for (const struct sentence_value *value = values; value->name != NULL; value++)
            if (strlen(value->name) == part.len && memcmp(value->name, part.text, part.len) == 0)
                buffer_append_text(out, value->text);
    }
}

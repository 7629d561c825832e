/* SPDX-License-Identifier: MIT */
#include "base/json_excerpt.h"

#include "base/text.h"

#include <string.h>

enum { EXCERPT_MAX = 72, KEY_MAX = 40 };

/* What stays as it is. A run of anything else is drawn as one mark. */
static const char punctuation[] = "{}[]:,\"'`=;#\\ ";

static bool is_punctuation(char byte) {
    return byte != '\0' && strchr(punctuation, byte) != NULL;
}

/* Returns the end of a key that stands at `quote`, with its quotes, or NULL. Such names are made of small letters; a
 * secret hardly is. */
static const char *key_end(const char *quote, const char *end) {
    const char *at = quote + 1;
    while (at < end && at - quote <= KEY_MAX && ((*at >= 'a' && *at <= 'z') || *at == '_'))
        at++;
    const char *after = at;
    while (++after < end && (*after == ' ' || *after == '\t'))
        ;
    return at > quote + 1 && at < end && *at == '"' && after < end && *after == ':' ? at + 1 : NULL;
}

/* Appends one piece of the line, and returns what follows it. */
static const char *append_piece(struct buffer *out, const char *at, const char *end) {
    const char *key = *at == '"' ? key_end(at, end) : NULL;
    const size_t quote = text_is_typographic_quote(at) ? text_character(at, (size_t)(end - at)) : 0;
    const char *next = at + 1;
    if (key != NULL || quote != 0) {
        next = key != NULL ? key : at + quote;
        buffer_append(out, at, (size_t)(next - at));
    } else if (is_punctuation(*at)) {
        buffer_append(out, at, 1);
    } else {
        while (next < end && !is_punctuation(*next) && !text_is_typographic_quote(next))
            next++;
        buffer_append_text(out, "…");
    }
    return next;
}

void json_excerpt_append(struct buffer *out, const char *line, const char *at, const char *end) {
    const char *last = at;
    while (last < end && *last != '\n' && *last != '\r' && last - at < EXCERPT_MAX)
        last++;
    line += strspn(line, " \t");
    if (line > at)
        line = at;
    if (at - line > EXCERPT_MAX)
        line = at - EXCERPT_MAX;
    while (line < at)
        line = append_piece(out, line, at);
    buffer_append_text(out, ">>>");
    while (at < last)
        at = append_piece(out, at, last);
}

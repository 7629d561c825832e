/* SPDX-License-Identifier: MIT */
#include "base/query.h"

#include "base/text.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static int hex_value(char digit) {
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

static bool is_acceptable(const char *text, size_t len) {
    for (size_t at = 0; at < len;) {
        const size_t size = text_character(text + at, len - at);
        const unsigned char byte = (unsigned char)text[at];
        if (size == 0 || byte < 0x20 || byte == 0x7F)
            return false;
        at += size;
    }
    return true;
}

/* Decodes one byte of the `len` that are at `from` to `*byte`, and returns how many it took. What is no encoding of a
 * byte that a string can hold stays as it is written; then *whole becomes false. */
static size_t decode_byte(const char *from, size_t len, char *byte, bool *whole) {
    *byte = (char)(*from == '+' ? ' ' : *from);
    if (*from != '%')
        return 1;
    const int high = len > 2 ? hex_value(from[1]) : -1;
    const int low = high < 0 ? -1 : hex_value(from[2]);
    if (low < 0 || high + low == 0) {
        *whole = false;
        return 1;
    }
    *byte = (char)(high * 16 + low);
    return 3;
}

/* Decodes `len` bytes to `*to` as a string, and moves `*to` behind its NUL. False if the result is not text. */
static bool decode(char **to, const char *from, size_t len) {
    char *const start = *to;
    bool whole = true;
    for (size_t at = 0; at < len; (*to)++)
        at += decode_byte(from + at, len - at, *to, &whole);
    const size_t decoded = (size_t)(*to - start);
    *(*to)++ = '\0';
    return whole && is_acceptable(start, decoded);
}

/* A pair is kept as one byte that says whether its value is text, the name and the value, each with its NUL. */
enum { PAIR_TEXT = 't', PAIR_MALFORMED = 'm' };

static void add_pair(struct query *query, const char *pair, size_t len) {
    const char *equals = memchr(pair, '=', len);
    const size_t name_len = equals != NULL ? (size_t)(equals - pair) : len;
    const size_t value_at = equals != NULL ? name_len + 1 : len;
    char *to = query->pairs + query->len;
    char *const kind = to++;
    decode(&to, pair, name_len); /* a name that is not text is not one that anybody asks for */
    *kind = decode(&to, pair + value_at, len - value_at) ? PAIR_TEXT : PAIR_MALFORMED;
    query->len = (size_t)(to - query->pairs);
}

bool query_parse_form(struct query *form, const char *text) {
    /* A pair takes at most three bytes more than it has, its "&" is one of them, and the shortest has one byte. */
    *form = (struct query){.size = 2 * strlen(text) + 2};
    form->pairs = malloc(form->size);
    if (form->pairs == NULL)
        return false;
    for (const char *pair = text; *pair != '\0';) {
        const size_t pair_len = strcspn(pair, "&");
        if (pair_len != 0)
            add_pair(form, pair, pair_len);
        pair += pair_len + (pair[pair_len] == '&');
    }
    return true;
}

enum error_code query_parse(struct query *query, const char *text, struct error *error) {
    *query = (struct query){.len = 0};
    if (text == NULL || *text == '\0')
        return ERROR_NONE;
    if (strlen(text) > QUERY_STRING_MAX)
        return error_set(error, ERROR_QUERY_TOO_LONG, "the query string has more than %d bytes", QUERY_STRING_MAX);
    return query_parse_form(query, text) ? ERROR_NONE : error_out_of_memory(error);
}

struct pair {
    bool is_text;
    const char *name;
    const char *value;
};

/* Reads the pair at `*at`, and moves behind it. False if there is none. */
static bool next_pair(const struct query *query, size_t *at, struct pair *pair) {
    if (*at >= query->len)
        return false;
    pair->is_text = query->pairs[*at] == PAIR_TEXT;
    pair->name = query->pairs + *at + 1;
    pair->value = pair->name + strlen(pair->name) + 1;
    *at = (size_t)(pair->value + strlen(pair->value) + 1 - query->pairs);
    return true;
}

bool query_next(const struct query *query, size_t *at, const char **name, const char **value) {
    struct pair pair;
    while (next_pair(query, at, &pair)) {
        *name = pair.name;
        *value = pair.value;
        if (pair.is_text)
            return true;
    }
    return false;
}

/* Finds the first pair from `*at` on that has this name. */
static bool find_pair(const struct query *query, const char *name, size_t *at, struct pair *pair) {
    while (next_pair(query, at, pair))
        if (strcmp(pair->name, name) == 0)
            return true;
    return false;
}

enum query_found query_find(const struct query *query, const char *name, const char **value) {
    struct pair first, second;
    size_t at = 0;
    *value = NULL;
    if (!find_pair(query, name, &at, &first))
        return QUERY_ABSENT;
    if (find_pair(query, name, &at, &second))
        return QUERY_TWICE;
    if (!first.is_text)
        return QUERY_MALFORMED;
    *value = first.value;
    return QUERY_FOUND;
}

enum error_code query_read(const struct query *query, const char *name, const char **value, struct error *error) {
    switch (query_find(query, name, value)) {
    case QUERY_ABSENT:
    case QUERY_FOUND: break;
    case QUERY_TWICE: return error_set(error, ERROR_BAD_REQUEST, "the parameter %s stands twice", name);
    case QUERY_MALFORMED:
        return error_set(error, ERROR_BAD_REQUEST, "the parameter %s has malformed percent-encoding or characters",
                         name);
    }
    return ERROR_NONE;
}

void query_append_printable(const struct query *query, const char *name, size_t max, struct buffer *out) {
    struct pair pair;
    size_t at = 0;
    if (find_pair(query, name, &at, &pair))
        text_append_printable(out, pair.value, max);
}

void query_free(struct query *query) {
    if (query->pairs != NULL)
        sodium_memzero(query->pairs, query->size);
    free(query->pairs);
    *query = (struct query){.len = 0};
}

static bool is_unreserved(unsigned char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

void query_append_encoded(struct buffer *out, const char *text) {
    for (; *text != '\0'; text++) {
        const unsigned char byte = (unsigned char)*text;
        if (is_unreserved(byte))
            buffer_append_char(out, *text);
        else
            buffer_append_format(out, "%%%02X", byte);
    }
}

static void append_pair(struct buffer *out, const char *name, const char *value) {
    query_append_encoded(out, name);
    buffer_append_char(out, '=');
    query_append_encoded(out, value);
}

void query_append_to_url(struct buffer *url, const char *name, const char *value) {
    struct buffer fragment = BUFFER_EMPTY;
    const char *hash = strchr(buffer_text(url), '#');
    if (hash != NULL) {
        buffer_append_text(&fragment, hash);
        buffer_cut(url, (size_t)(hash - buffer_text(url)));
    }
    buffer_append_char(url, strchr(buffer_text(url), '?') != NULL ? '&' : '?');
    append_pair(url, name, value);
    buffer_append_text(url, buffer_text(&fragment));
    url->failed = url->failed || fragment.failed;
    buffer_free(&fragment);
}

void query_append_to_form(struct buffer *form, const char *name, const char *value) {
    if (form->len != 0)
        buffer_append_char(form, '&');
    append_pair(form, name, value);
}

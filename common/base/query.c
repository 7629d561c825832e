/* SPDX-License-Identifier: MIT */
#include "base/query.h"

#include "base/text.h"

#include <sodium.h>
#include <stdbool.h>
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

/* Decodes `text` in place. False if the result is not text. */
static bool decode(char *text) {
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (*from != '%') {
            *to++ = (char)(*from == '+' ? ' ' : *from);
            continue;
        }
        const int high = hex_value(from[1]);
        const int low = high < 0 ? -1 : hex_value(from[2]);
        if (low < 0)
            return false;
        *to++ = (char)(high * 16 + low);
        from += 2;
    }
    *to = '\0';
    return is_acceptable(text, (size_t)(to - text));
}

static enum error_code add_pair(struct query *query, char *name, char *value, struct error *error) {
    if (!decode(name) || !decode(value))
        return error_set(error, ERROR_BAD_REQUEST, "the query string has malformed percent-encoding or characters");
    if (query_get(query, name) != NULL)
        return error_set(error, ERROR_BAD_REQUEST, "a parameter stands twice in the query string");
    if (query->count == QUERY_PAIRS_MAX)
        return error_set(error, ERROR_BAD_REQUEST, "the query string has more than %d parameters", QUERY_PAIRS_MAX);
    query->pairs[query->count++] = (struct query_pair){name, value};
    return ERROR_NONE;
}

enum error_code query_parse(struct query *query, const char *text, struct error *error) {
    *query = (struct query){.count = 0};
    if (text == NULL || *text == '\0')
        return ERROR_NONE;
    if (strlen(text) > QUERY_STRING_MAX)
        return error_set(error, ERROR_QUERY_TOO_LONG, "the query string has more than %d bytes", QUERY_STRING_MAX);
    query->storage = strdup(text);
    if (query->storage == NULL)
        return error_out_of_memory(error);
    query->storage_size = strlen(text);
    enum error_code code = ERROR_NONE;
    for (char *pair = query->storage; code == ERROR_NONE && pair != NULL;) {
        char *next = strchr(pair, '&');
        if (next != NULL)
            *next++ = '\0';
        char *equals = strchr(pair, '=');
        char *value = equals != NULL ? equals + 1 : pair + strlen(pair);
        if (equals != NULL)
            *equals = '\0';
        if (*pair != '\0')
            code = add_pair(query, pair, value, error);
        pair = next;
    }
    return code;
}

const char *query_get(const struct query *query, const char *name) {
    for (size_t i = 0; i < query->count; i++)
        if (strcmp(query->pairs[i].name, name) == 0)
            return query->pairs[i].value;
    return NULL;
}

void query_free(struct query *query) {
    if (query->storage != NULL)
        sodium_memzero(query->storage, query->storage_size);
    free(query->storage);
    *query = (struct query){.count = 0};
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
    buffer_append_char(url, strchr(buffer_text(url), '?') != NULL ? '&' : '?');
    append_pair(url, name, value);
}

void query_append_to_form(struct buffer *form, const char *name, const char *value) {
    if (form->len != 0)
        buffer_append_char(form, '&');
    append_pair(form, name, value);
}

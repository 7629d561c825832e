/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

static bool is_within_limit(const struct buffer *buffer, size_t more) {
    const size_t limit = buffer->limit != 0 ? buffer->limit : BUFFER_DEFAULT_LIMIT;
    return buffer->len <= limit && more <= limit - buffer->len;
}

/* Marks the buffer that had no room for `more` bytes. */
static void fail(struct buffer *buffer, size_t more) {
    if (!buffer->failed)
        buffer->too_large = !is_within_limit(buffer, more);
    buffer->failed = true;
}

/* Makes room for `more` bytes and a NUL. realloc() could leave a copy of the old bytes behind, so the buffer is copied
 * by hand and wiped. */
static bool reserve(struct buffer *buffer, size_t more) {
    if (buffer->failed || !is_within_limit(buffer, more))
        return false;
    const size_t needed = buffer->len + more + 1;
    if (needed <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity != 0 ? buffer->capacity : FIRST_CAPACITY;
    while (capacity < needed)
        capacity *= 2;
    char *grown = malloc(capacity);
    if (grown == NULL)
        return false;
    if (buffer->data != NULL) {
        memcpy(grown, buffer->data, buffer->len + 1);
        sodium_memzero(buffer->data, buffer->capacity);
        free(buffer->data);
    }
    buffer->data = grown;
    buffer->capacity = capacity;
    return true;
}

void buffer_reserve(struct buffer *buffer, size_t len) {
    if (!reserve(buffer, len))
        fail(buffer, len);
}

void buffer_append(struct buffer *buffer, const void *data, size_t len) {
    if (!reserve(buffer, len)) {
        fail(buffer, len);
        return;
    }
    if (len != 0)
        memcpy(buffer->data + buffer->len, data, len);
    buffer->len += len;
    buffer->data[buffer->len] = '\0';
}

void buffer_append_text(struct buffer *buffer, const char *text) {
    buffer_append(buffer, text, strlen(text));
}

void buffer_append_char(struct buffer *buffer, char character) {
    if (!reserve(buffer, 1)) {
        fail(buffer, 1);
        return;
    }
    buffer->data[buffer->len++] = character;
    buffer->data[buffer->len] = '\0';
}

void buffer_append_format(struct buffer *buffer, const char *format, ...) {
    enum { USUAL = 127 };
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    /* Most texts fit at the first try. Printing each only to learn its length would double the work. */
    const size_t room = reserve(buffer, USUAL) ? buffer->capacity - buffer->len : 0;
    const int len = vsnprintf(room != 0 ? buffer->data + buffer->len : NULL, room, format, arguments);
    const bool fits = len >= 0 && (size_t)len < room;
    if (len < 0 || !reserve(buffer, (size_t)len)) {
        fail(buffer, len < 0 ? 0 : (size_t)len);
        if (room != 0)
            buffer->data[buffer->len] = '\0';
    } else {
        if (!fits)
            vsnprintf(buffer->data + buffer->len, (size_t)len + 1, format, again);
        buffer->len += (size_t)len;
    }
    va_end(again);
    va_end(arguments);
}

void buffer_cut(struct buffer *buffer, size_t len) {
    if (len >= buffer->len)
        return;
    sodium_memzero(buffer->data + len, buffer->len - len);
    buffer->len = len;
}

const char *buffer_text(const struct buffer *buffer) {
    return buffer->data != NULL ? buffer->data : "";
}

char *buffer_take(struct buffer *buffer) {
    buffer_append(buffer, "", 0); /* an empty buffer hands over "", not NULL */
    if (buffer->failed)
        return NULL;
    char *text = buffer->data;
    *buffer = BUFFER_EMPTY;
    return text;
}

void buffer_free(struct buffer *buffer) {
    if (buffer->data != NULL) {
        sodium_memzero(buffer->data, buffer->capacity);
        free(buffer->data);
    }
    const size_t limit = buffer->limit;
    *buffer = BUFFER_EMPTY;
    buffer->limit = limit;
}

void buffer_free_text(char *text) {
    if (text != NULL) {
        sodium_memzero(text, strlen(text));
        free(text);
    }
}

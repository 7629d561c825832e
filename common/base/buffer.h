/* A growable string of bounded size, for everything the product puts together: pages, headers, URLs, form bodies.
 *
 * Appending never fails on the spot: a buffer that ran out of memory or over its limit is marked `failed`, keeps what
 * it had and ignores the rest, and the caller looks once, at the end; `too_large` tells the one from the other. What it
 * held is wiped when it grows and when it is freed, because URLs and forms can hold tokens.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_BUFFER_H
#define CGI_LOGIN_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *data; /* NUL-terminated, or NULL while empty */
    size_t len;
    size_t capacity;
    size_t limit; /* 0: BUFFER_DEFAULT_LIMIT */
    bool failed;
    bool too_large; /* it failed because it reached its limit */
};

#define BUFFER_DEFAULT_LIMIT ((size_t)1 << 20)
#define BUFFER_EMPTY ((struct buffer){0})

/* Appends `len` bytes, a string, one character, or a printf format. */
void buffer_append(struct buffer *buffer, const void *data, size_t len);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_char(struct buffer *buffer, char character);
void buffer_append_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes room for `len` more bytes at once, where they are going to come piece by piece. */
void buffer_reserve(struct buffer *buffer, size_t len);

/* Wipes what is behind the first `len` bytes; nothing if there are no more. */
void buffer_cut(struct buffer *buffer, size_t len);

/* The content as a string; "" while empty. Valid until the next append. */
const char *buffer_text(const struct buffer *buffer);

/* Hands the content over: the caller wipes and frees it with buffer_free_text. NULL if the buffer had failed. */
char *buffer_take(struct buffer *buffer);

/* Wipes and frees; the buffer is empty and usable again. */
void buffer_free(struct buffer *buffer);

/* Wipes and frees a string from malloc; NULL is fine. */
void buffer_free_text(char *text);

#endif

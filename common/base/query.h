/* application/x-www-form-urlencoded text: reading a query string, and writing one.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_QUERY_H
#define CGI_LOGIN_QUERY_H

#include "base/bounds.h"
#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>

/* A query that has been read and not judged: what nobody asks for may be damaged (RFC 6749, section 4.1.2: the client
 * must ignore unrecognized parameters). */
struct query {
    char *pairs; /* wiped by query_free, since a code passes through it */
    size_t size;
    size_t len;
};

/* What there is of one parameter. */
enum query_found {
    QUERY_ABSENT,
    QUERY_FOUND,
    QUERY_TWICE,    /* RFC 6749, section 3.1: parameters must not be included more than once */
    QUERY_MALFORMED /* percent-encoding that is none, a control character, malformed UTF-8 */
};

/* Reads `text` (NULL is empty), however many and whatever pairs it holds. ERROR_QUERY_TOO_LONG: more than
 * QUERY_STRING_MAX bytes. `query` can be freed whatever comes back. */
enum error_code query_parse(struct query *query, const char *text, struct error *error);

/* Reads a form, whose length the caller has limited. False when memory runs out. `query` can be freed all the same. */
bool query_parse_form(struct query *form, const char *text);

/* Goes through the pairs whose value is text: `*at` is 0 to begin with. False if there is none left. */
bool query_next(const struct query *query, size_t *at, const char **name, const char **value);

/* Looks for a parameter that the request can do without. Its text, owned by the query, is in *value only where it was
 * found; else *value is NULL. */
enum query_found query_find(const struct query *query, const char *name, const char **value)
    __attribute__((warn_unused_result));

/* Reads a parameter that counts. On ERROR_NONE *value is its text, owned by the query, or NULL if there is none;
 * ERROR_BAD_REQUEST: it stands twice, or is malformed. */
enum error_code query_read(const struct query *query, const char *name, const char **value, struct error *error)
    __attribute__((warn_unused_result));

/* Appends, for a log line, what the parameter says, and the first one if there are two: printable, as it was written
 * where it is malformed, and no more than `max` bytes of it. */
void query_append_printable(const struct query *query, const char *name, size_t max, struct buffer *out);

void query_free(struct query *query);

/* Appends `text` percent-encoded: all but RFC 3986's unreserved characters. */
void query_append_encoded(struct buffer *out, const char *text);

/* Appends name=value to the query of a URL, with "?" or "&" before it as the URL so far needs, and before its fragment
 * if it has one. */
void query_append_to_url(struct buffer *url, const char *name, const char *value);

/* Appends name=value to a form body, with "&" before it unless the body is empty. */
void query_append_to_form(struct buffer *form, const char *name, const char *value);

#endif

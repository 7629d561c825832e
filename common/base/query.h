/* application/x-www-form-urlencoded text: reading a query string, and writing one.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_QUERY_H
#define CGI_LOGIN_QUERY_H

#include "base/bounds.h"
#include "base/buffer.h"
#include "base/error.h"

struct query_pair {
    const char *name;
    const char *value;
};

struct query {
    struct query_pair pairs[QUERY_PAIRS_MAX];
    size_t count;
    size_t storage_size;
    char *storage; /* what the pairs point into; wiped by query_free, since a code passes through it */
};

/* Reads `text` (NULL is empty). Refused with ERROR_BAD_REQUEST: malformed percent-encoding, a NUL or other control
 * character, malformed UTF-8, more than QUERY_PAIRS_MAX pairs, and a name that stands twice (RFC 6749, section 3.1:
 * parameters must not be included more than once); with ERROR_QUERY_TOO_LONG: more than QUERY_STRING_MAX bytes.
 * `query` can be freed whatever comes back. */
enum error_code query_parse(struct query *query, const char *text, struct error *error);

/* The value of `name`, or NULL. Owned by the query. */
const char *query_get(const struct query *query, const char *name);

void query_free(struct query *query);

/* Appends `text` percent-encoded: all but RFC 3986's unreserved characters. */
void query_append_encoded(struct buffer *out, const char *text);

/* Appends name=value to a URL, with "?" or "&" before it as the URL so far needs. */
void query_append_to_url(struct buffer *url, const char *name, const char *value);

/* Appends name=value to a form body, with "&" before it unless the body is empty. */
void query_append_to_form(struct buffer *form, const char *name, const char *value);

#endif

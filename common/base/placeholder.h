/* Names in the text of a setting that stand for what is known only when the text is used: "$client_id". A name is small
 * letters and underscores behind a "$"; any other "$" is one.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PLACEHOLDER_H
#define CGI_LOGIN_PLACEHOLDER_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define PLACEHOLDER_CLIENT_ID "$client_id"
#define PLACEHOLDER_ACCESS_TOKEN "$access_token"
#define PLACEHOLDER_STATE "$state"       /* of the login */
#define PLACEHOLDER_INSTANCE "$instance" /* the server, of a provider that runs on many */

struct placeholder {
    const char *name; /* with the "$"; NULL ends a list */
    const char *value;
};

/* Finds the first name in the text, of *len bytes with its "$". NULL if there is none. */
const char *placeholder_find(const char *text, size_t *len);

/* True if the name of `len` bytes at `at` is `name`, which is written with the "$". */
bool placeholder_is(const char *at, size_t len, const char *name);

/* Appends the text with each of the names in it replaced by its value. A name that is not in the list stays. */
void placeholder_expand(struct buffer *out, const char *text, const struct placeholder *list);

#endif

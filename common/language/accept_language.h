/* Content negotiation: the languages that a browser asks for.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ACCEPT_LANGUAGE_H
#define CGI_LOGIN_ACCEPT_LANGUAGE_H

#include "base/bounds.h"

#include <stddef.h>

/* The languages whose files are looked for, in turn. */
struct accepted_languages {
    char names[LANGUAGES_TRIED_MAX][LANGUAGE_NAME_MAX + 1];
    size_t count;
};

/* Reads an Accept-Language header (RFC 9110, section 12.5.4; NULL for none): each range in the order of its quality,
 * and behind it what its lookup shortens it to (RFC 4647, section 3.4), "de-at" and "de". "*" is `otherwise`. A range
 * of quality 0 is left out, and what is no range is ignored, as is a whole header that is too long. */
void accept_language_read(const char *header, const char *otherwise, struct accepted_languages *accepted);

#endif

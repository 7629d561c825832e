/* Content negotiation: whether a client wants JSON or a page.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ACCEPT_H
#define CGI_LOGIN_ACCEPT_H

#include <stdbool.h>

/* Whether an Accept header (RFC 9110, section 12.5.1; NULL for none) prefers JSON to HTML: a higher quality, or the
 * same and JSON is named while HTML is not. */
bool accept_prefers_json(const char *accept);

#endif

/* The body of a provider's response: JSON, or a form, as token endpoints gave it before RFC 6749 and some do still.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_BODY_H
#define CGI_LOGIN_PROVIDER_BODY_H

#include "base/json.h"
#include "http/http_client.h"

/* Reads the body by its type, and where that is neither of the two, by its shape. A form becomes an object of strings.
 * On JSON_PARSED *document belongs to the caller (json_free); otherwise it is NULL, and on JSON_MALFORMED *problem says
 * why in a few words. */
enum json_result provider_body_read(const struct http_response *http, cJSON **document, const char **problem);

#endif

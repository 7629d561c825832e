/* What a provider answered: the JSON of a token or profile endpoint, in whichever envelope, or its error in words that
 * an operator can act on and that hold no secret.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_ANSWER_H
#define CGI_LOGIN_PROVIDER_ANSWER_H

#include "http_client.h"
#include "provider.h"

/* Reads the answer of `endpoint` ("token endpoint"). The object to use is the first of the provider's response_root
 * in which `wanted` (a JSON Pointer, or a list of them) names something. Anything else (an error status, no JSON, an
 * error object, no such member) is ERROR_PROVIDER, or ERROR_TOO_MANY_CALLS (status 429, Graph codes 4 and 17), or
 * ERROR_TOKEN_DEAD (Graph code 190, RFC 6749's invalid_grant), with the provider's own text in the cause; `secrets`
 * (strings, NULL at the end) are blotted out of it. On ERROR_NONE *document belongs to the caller (json_free) and *root
 * points into it. */
enum error_code provider_answer_read(const struct provider *provider, const char *endpoint,
                                     const struct http_answer *answer, const cJSON *wanted, const char *const *secrets,
                                     cJSON **document, const cJSON **root, struct error *error);

#endif

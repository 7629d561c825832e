/* The authorization response: what the provider gives the browser to bring to the callback, in the query (RFC 6749,
 * sections 4.1.2 and 4.1.2.1).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_AUTHORIZATION_RESPONSE_H
#define CGI_LOGIN_AUTHORIZATION_RESPONSE_H

#include "base/bounds.h"
#include "base/error.h"
#include "base/query.h"

#include <stdbool.h>

/* True if it is a refusal: the provider gives no code. */
bool authorization_response_is_refusal(const struct query *query);

/* The error that a refusal stands for, with the provider's own words in its cause. */
enum error_code authorization_response_refusal(const struct query *query, struct error *error);

/* Copies the code. ERROR_BAD_REQUEST if there is none, or it is too long. */
enum error_code authorization_response_code(const struct query *query, char code[AUTHORIZATION_CODE_MAX + 1],
                                            struct error *error);

#endif

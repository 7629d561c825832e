/* The authorization response: what the provider gives the browser to bring to the callback, in the query (RFC 6749,
 * sections 4.1.2 and 4.1.2.1). Only the parameters that are read are judged; any other may be damaged.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_AUTHORIZATION_RESPONSE_H
#define CGI_LOGIN_AUTHORIZATION_RESPONSE_H

#include "base/bounds.h"
#include "base/error.h"
#include "base/query.h"
#include "config/provider.h"

#include <stdbool.h>

/* ERROR_BAD_REQUEST if it holds a token, as it does in the implicit flow and in hybrid ones, which the product does not
 * ask for: a token in a URL has been seen by histories, logs and whoever is told the address (RFC 9700, section 2.1.2).
 * The cause names the parameter without what it holds. */
enum error_code authorization_response_refuse_tokens(const struct query *query, struct error *error);

/* True if it is a refusal: the provider gives no code, or names an error beside it. */
bool authorization_response_is_refusal(const struct query *query);

/* The error that a refusal stands for, with the provider's own words in its cause, printable. ERROR_BAD_REQUEST if its
 * error stands twice, or is malformed. */
enum error_code authorization_response_refusal(const struct query *query, struct error *error);

/* Copies the state. If there is none: ERROR_BAD_REQUEST, or what a refusal stands for, since a person who refused has
 * nothing to lose by a response that anybody could have made. A state that is too long is cut, and no one's. */
enum error_code authorization_response_state(const struct query *query, char state[AUTHORIZATION_STATE_MAX + 1],
                                             struct error *error);

/* Copies the code. ERROR_BAD_REQUEST if there is none, or it is too long. */
enum error_code authorization_response_code(const struct query *query, char code[AUTHORIZATION_CODE_MAX + 1],
                                            struct error *error);

/* Checks that the response comes from the provider that the browser was sent to (RFC 9207, section 2.4), where its
 * issuer is known; otherwise `iss` is ignored. ERROR_PROVIDER if it names another one, or none though it always
 * does. */
enum error_code authorization_response_check_issuer(const struct query *query, const struct provider *provider,
                                                    struct error *error);

#endif

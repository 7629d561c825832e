/* The authorization response of a provider that has the browser post it (OAuth 2.0 Form Post Response Mode). A POST
 * from another site brings none of our cookies, which are SameSite=Lax; so it is answered by 303 to the same URL, and
 * the browser comes again with a GET, and with them.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_POSTED_RESPONSE_H
#define CGI_LOGIN_POSTED_RESPONSE_H

#include "program/context.h"

/* Sends the browser on with what the callback reads of the form, and nothing else. Nothing is judged or spent yet: who
 * posts may be anybody. ERROR_BAD_REQUEST: a parameter that counts stands there twice, or is malformed; a token in a
 * code's place; more than fits into the headers of a response. */
enum error_code posted_response_move(struct context *context, struct error *error);

#endif

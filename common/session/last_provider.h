/* Which provider this browser logged in with last, so that the login page can point at its button, and with which a
 * login has just failed, so that the page can name it: two cookies, each with a provider's name and nothing else.
 * Whoever changes them changes where a button stands out and which name a sentence has, and no more.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_LAST_PROVIDER_H
#define CGI_LOGIN_LAST_PROVIDER_H

#include "http/request.h"
#include "http/response.h"

#include <stdbool.h>

/* Sets the cookie, for LAST_PROVIDER_SECONDS. It comes before the session, which takes the room that is left. */
void last_provider_remember(const char *name, struct response *response);

/* True if the browser's cookie names this provider. */
bool last_provider_is(const struct request *request, const char *name);

/* Removes the cookie, if the request brought one. */
void last_provider_forget(const struct request *request, struct response *response);

/* Sets the cookie of the login that has failed, for FAILED_PROVIDER_SECONDS. */
void failed_provider_remember(const char *name, struct response *response);

/* True if that cookie names this provider. */
bool failed_provider_is(const struct request *request, const char *name);

#endif

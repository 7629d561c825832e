/* Watching how a provider fares, so that visitors need not all wait for one that keeps failing (provider_outage.h).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_WATCH_H
#define CGI_LOGIN_PROVIDER_WATCH_H

#include "program/context.h"

/* Says whether the login that is to make this session need not be tried now: for *left seconds; 0 if it is to go on.
 * One that has been claimed before goes on, since something has come of it. */
enum error_code provider_watch_check(struct context *context, const char *session_id, int64_t *left,
                                     struct error *error);

/* Keeps how the calls of a login ended. What the person or the settings were the reason for is a response, too. */
void provider_watch_note(struct context *context, enum error_code code);

/* Keeps how it went to fetch what an issuer publishes. Nothing in that depends on a person: a response that is wrong is
 * a failure, too, and anybody could have it fetched again and again. */
void provider_watch_note_published(struct context *context, enum error_code code);

#endif

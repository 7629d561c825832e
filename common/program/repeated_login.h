/* A login whose callback is asked for again, at once or later, by the browser that began it: its response was lost, the
 * person clicked twice, the provider sent two codes.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_REPEATED_LOGIN_H
#define CGI_LOGIN_REPEATED_LOGIN_H

#include "program/context.h"
#include "session/session.h"
#include "store/store.h"

/* Tells whether the login with this state has made this browser's session. Then its callback was reloaded. */
enum error_code repeated_login_is_reload(struct context *context, const char *state, bool *reload, struct error *error);

/* Waits for what comes of the login that another request has claimed, and gives the same. On ERROR_NONE the session,
 * which has its id and provider, is the one that the login made, with the profile that is stored; that is so for
 * LOGIN_REPEAT_SECONDS, and never once the session was ended. ERROR_EXPIRED_LOGIN afterwards; ERROR_LOGIN_INTERRUPTED
 * if nothing comes of it; else the failure that the login had. */
enum error_code repeated_login_join(struct context *context, struct store *store, struct session *session,
                                    struct error *error);

#endif

/* The profile that a session shows, as the store has it now.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_STORED_PROFILE_H
#define CGI_LOGIN_STORED_PROFILE_H

#include "program/context.h"
#include "session/session.h"
#include "store/store.h"

/* *profile becomes what the provider's file maps of the user's account that the session is of (json_free). All that is
 * stored of it is judged by the gate's rules (session->judged). ERROR_NOT_SIGNED_IN, and NULL, if the user (NULL:
 * nobody) has no such account, or `allow` does not list it any more: the owner may have taken it off after the
 * login. */
enum error_code stored_profile(struct context *context, const cJSON *user, struct session *session, cJSON **profile,
                               struct error *error);

/* Asks the store for the user of the session, which must live there: a copy of a cookie that was signed out does
 * nothing (ERROR_NOT_SIGNED_IN). *store is the context's; user->document is the caller's whatever comes back
 * (json_free). */
enum error_code stored_user_find(struct context *context, const struct session *session, struct store **store,
                                 struct session_user *user, struct error *error);

#endif

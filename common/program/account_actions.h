/* What the buttons of a signed-in person's pages do: link and unlink accounts, end sessions, delete the user.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ACCOUNT_ACTIONS_H
#define CGI_LOGIN_ACCOUNT_ACTIONS_H

#include "program/context.h"
#include "session/session.h"

/* Carries out the form that was posted to /profile, and answers. ERROR_BAD_REQUEST unless the form has the session's
 * token (anti_forgery.h) and names an action that there is; ERROR_NOT_SIGNED_IN if the session has ended in the
 * store. */
enum error_code account_action(struct context *context, const struct session *session, struct error *error);

#endif

/* Whether a session still holds: the one place that all programs ask which let a signed-in person do or see something
 * (profile, gate, whoami).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SESSION_CHECK_H
#define CGI_LOGIN_SESSION_CHECK_H

#include "program/context.h"
#include "session/session.h"
#include "store/store.h"

/* Reads the session of the request (session_read) and, where that is due, asks the store: whether it lives, and for the
 * profile that it shows now, by which `allow` and the gate's rules are judged anew. While the store cannot be asked the
 * config decides what the session is worth. session->asked tells that the store has answered: then session_check_write
 * has something to write. ERROR_NOT_SIGNED_IN if there is none that holds; other errors as they come. Freed with
 * session_clear whatever comes back. */
enum error_code session_check_read(struct context *context, struct session *session, struct error *error);

/* Writes the session back into its cookie (session_write) if the store has answered about it; the response must be made
 * before. */
enum error_code session_check_write(struct context *context, const struct session *session, struct error *error);

/* Takes into the session what the store has just answered about it: the account that it goes on with, if its own was
 * unlinked, that one's profile, and what is judged by it. The same errors. */
enum error_code session_check_take_over(struct context *context, struct session *session,
                                        const struct session_user *user, struct error *error);

#endif

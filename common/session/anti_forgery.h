/* The token in our forms, which proves that a POST comes from a page of ours. It is derived from the session with a
 * key, so that nothing has to be kept and no other site can know it (OWASP ASVS 5.0, 3.5.1).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ANTI_FORGERY_H
#define CGI_LOGIN_ANTI_FORGERY_H

#include "config/config.h"
#include "session/session.h"

#define ANTI_FORGERY_FIELD "csrf_token"
#define ANTI_FORGERY_SIZE 44

/* Writes the session's token. False when memory runs out. */
bool anti_forgery_token(const struct config *config, const struct session *session, char token[ANTI_FORGERY_SIZE]);

/* Checks in constant time that the form holds the session's token, of whichever key of the config. ERROR_BAD_REQUEST if
 * it does not. */
enum error_code anti_forgery_check(const struct config *config, const struct query *form, const struct session *session,
                                   struct error *error);

#endif

/* The permission to link another account to a session's user. `profile` gives it for a form that held the session's
 * anti-forgery token, and `start` wants it back at once: so no link elsewhere can have a person's browser link an
 * account (RFC 9700, section 4.7.1; OWASP ASVS 5.0, 3.5.1), and none that was shown or logged can be used later.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_LINK_PERMIT_H
#define CGI_LOGIN_LINK_PERMIT_H

#include "config/config.h"
#include "http/request.h"
#include "session/session.h"

#define LINK_PERMIT_PARAMETER "link"

/* Appends a permit for this session and provider, good for LINK_PERMIT_SECONDS. False when memory runs out. */
bool link_permit_append(const struct config *config, const struct request *request, const struct session *session,
                        const char *provider, struct buffer *out);

/* Checks that the permit is for this provider and for the session that the browser has, whose id comes back.
 * ERROR_LINK_REFUSED if it is not. */
enum error_code link_permit_check(const struct config *config, const struct request *request, const char *provider,
                                  const char *permit, char session_id[SESSION_ID_SIZE], struct error *error);

#endif

/* How a page names a session without showing its id: by a keyed hash of it, which nobody can work the id out from, and
 * which is good for nothing but to end that session.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SESSION_HANDLE_H
#define CGI_LOGIN_SESSION_HANDLE_H

#include "config/config.h"

#define SESSION_HANDLE_SIZE 33

/* Writes the handle of the session with this id, in hexadecimal. It changes with the config's first key. False when
 * memory runs out. */
bool session_handle(const struct config *config, const char *session_id, char handle[SESSION_HANDLE_SIZE]);

#endif

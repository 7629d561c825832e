/* Access tokens at rest: sealed, and bound to the user they belong to.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TOKEN_SEAL_H
#define CGI_LOGIN_TOKEN_SEAL_H

#include "keyring.h"

/* What is stored for a token: "sealed:" and the sealed text. To be freed with buffer_free_text; NULL when memory runs
 * out. */
char *token_seal_close(const struct keyring *ring, const char *provider, const char *id, const struct secret *token);

/* The token of what is stored; a plain one, which another program wrote, is taken as it is. Freed by secret_free. NULL
 * if it was sealed with a key that is gone, for another user, or altered. */
struct secret *token_seal_open(const struct keyring *ring, const char *provider, const char *id, const char *stored);

#endif

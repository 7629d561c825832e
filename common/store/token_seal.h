/* Access tokens at rest: sealed, and bound to the user they belong to.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TOKEN_SEAL_H
#define CGI_LOGIN_TOKEN_SEAL_H

#include "seal/seal.h"

/* Names the token: whose it is, and whether it is the "accessToken" or the "refreshToken". The seal binds all three. */
struct token_owner {
    const char *provider;
    const char *id;
    const char *kind;
};

/* Makes what is stored for a token: "sealed:" and the sealed text. On SEAL_DONE *stored is to be freed with
 * buffer_free_text; otherwise it is NULL. SEAL_REFUSED: no key, or a token or an owner's name that is too long. */
enum seal_result token_seal_close(const struct keyring *ring, struct token_owner owner, const struct secret *token,
                                  char **stored);

/* The token of what is stored; a plain one, which another program wrote, is taken as it is. Freed by secret_free.
 * SEAL_REFUSED if it was sealed with a key that is gone, for another user or kind, or altered. */
enum seal_result token_seal_open(const struct keyring *ring, struct token_owner owner, const char *stored,
                                 struct secret **token);

/* True if what is stored is sealed, by whichever key. */
bool token_seal_is_sealed(const char *stored);

/* How every token starts that is sealed with the ring's first key: to be freed with buffer_free_text. NULL when memory
 * runs out. */
char *token_seal_current_start(const struct keyring *ring);

/* True if the stored text starts that way, so that it need not be sealed anew. */
bool token_seal_is_current(const struct keyring *ring, const char *stored);

#endif

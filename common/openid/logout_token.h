/* The logout token, by which a provider tells that somebody has logged out there (OpenID Connect Back-Channel Logout
 * 1.0, sections 2.4 and 2.6).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_LOGOUT_TOKEN_H
#define CGI_LOGIN_LOGOUT_TOKEN_H

#include "jose/jws.h"

#include <stdbool.h>
#include <stdint.h>

#define LOGOUT_TOKEN_HASH_SIZE 65

struct logout_token {
    struct jws jws;                    /* what the texts below point into */
    const char *sub;                   /* who has logged out, or NULL; then there is a `sid` */
    const char *sid;                   /* which session of theirs at the provider, or NULL: all */
    int64_t expires;                   /* from then on the token is refused, the skew of clocks included */
    char hash[LOGOUT_TOKEN_HASH_SIZE]; /* of the issuer and the token's id: a token that comes again has the same one */
};

struct logout_token_expectation {
    const char *issuer;    /* as in id_token.h */
    const char *client_id; /* likewise */
    int64_t now;
};

/* Takes the token apart and checks all that it says, before anything is fetched for a token that was made up. Nobody
 * vouches for it until logout_token_verify has. `text` must stay. ERROR_BAD_REQUEST says in the cause what is wrong,
 * and shows nothing of the token. To be cleared whatever comes back. */
enum error_code logout_token_read(const char *text, const struct logout_token_expectation *expected,
                                  struct logout_token *token, struct error *error);

/* Verifies the signature, with the keys and algorithms of key_set_verify. *unknown_key is true where a newer key set
 * may verify it. */
enum error_code logout_token_verify(const struct logout_token *token, const cJSON *key_set, const cJSON *algorithms,
                                    bool *unknown_key, struct error *error);

/* Wipes and frees; an empty one, too. */
void logout_token_clear(struct logout_token *token);

#endif

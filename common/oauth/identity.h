/* Who has logged in, as the ID token says that came with the access token (OpenID Connect Core 1.0, section 3.1.3.7).
 * What is needed to judge it, and what of the issuer is old, is asked for while the token is waited for.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_IDENTITY_H
#define CGI_LOGIN_IDENTITY_H

#include "oauth/nonce.h"
#include "oauth/token.h"
#include "openid/issuer.h"
#include "openid/key_cache.h"

struct identity {
    const struct config *config;
    const struct provider *provider; /* NULL: it gives no ID token, and is not asked for anything */
    int64_t now;
    char nonce[NONCE_SIZE];
    struct key_cache keys;
    bool is_old;               /* what is kept of the issuer */
    struct published metadata; /* asked for, then */
};

/* Begins, for a login at that provider, which is complete. To be closed whatever comes back. */
enum error_code identity_open(struct identity *identity, const struct config *config, const struct provider *provider,
                              int64_t now, struct error *error);

/* Says with what the login was begun, and how old that is what is kept of the issuer. */
void identity_expect(struct identity *identity, const char *verifier, enum issuer_state state);

/* Asks for what is old, with clients beside `client`, and does not wait. Returns the last client that is in use. */
struct http_client *identity_ask(struct identity *identity, struct http_client *client);

/* Verifies the ID token that came with `token`, and waits for the keys; `client` has nothing else to do. On ERROR_NONE
 * the token has its claims, if the provider gives an ID token. ERROR_PROVIDER says what is wrong with it. */
enum error_code identity_verify(struct identity *identity, struct http_client *client, struct token *token,
                                struct error *error);

/* Keeps what has come of the issuer meanwhile, without waiting. `remark` is what the log should say of it, or "". */
void identity_refresh(struct identity *identity, struct error *remark);

/* Gives up what is under way, and frees; an empty one, too. */
void identity_close(struct identity *identity);

#endif

/* How access tokens are got from the provider: for an authorization code (RFC 6749, section 4.1.3), a long-lived one
 * for a short-lived one, and a new one for an old one.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TOKEN_ENDPOINT_H
#define CGI_LOGIN_TOKEN_ENDPOINT_H

#include "config/provider.h"
#include "http/http_client.h"
#include "oauth/token.h"

struct code_grant {
    const char *code;
    const char *verifier; /* of PKCE; used if the provider takes it */
};

/* A request to a token endpoint, and what its response has to be read with. It is made first and sent later, so that
 * the connection can be opened meanwhile (http_client_open). */
struct token_request {
    struct http_request http;
    const struct provider *provider;
    const char *secrets[4]; /* what it sends and a log must not show, NULL at the end; they belong to the caller */
    int64_t lifetime;       /* of a token whose response names none, in seconds; 0: not known */
    struct buffer form, url, user, password; /* what `http` points into */
};

/* Makes the request that exchanges the code for a token. It is to be cleared whatever comes back. */
enum error_code token_request_for_code(const struct provider *provider, const struct code_grant *grant,
                                       struct token_request *request, struct error *error);

/* Makes the request that exchanges the token for a long-lived one, of a provider that has such (`long_lived`). It is to
 * be cleared likewise. */
enum error_code token_request_for_long_lived(const struct provider *provider, const struct token *token,
                                             struct token_request *request, struct error *error);

/* Wipes and frees. */
void token_request_clear(struct token_request *request);

/* Exchanges a code for a token. On ERROR_NONE the token is the caller's (token_clear); otherwise it is empty. */
enum error_code token_exchange(struct http_client *client, const struct token_request *request, struct token *token,
                               struct error *error);

/* Exchanges the token for another one. What the response leaves out stays. On failure the token is unchanged. */
enum error_code token_replace(struct http_client *client, const struct token_request *request, struct token *token,
                              struct error *error);

/* Exchanges the token for a long-lived one, if the provider has such; otherwise does nothing. On failure the token is
 * unchanged. */
enum error_code token_exchange_long_lived(struct http_client *client, const struct provider *provider,
                                          struct token *token, struct error *error);

/* Refreshes the token as `refresh` in the provider file tells: with its refresh token (RFC 6749, section 6), which the
 * provider may replace, or with the token itself. On ERROR_NONE `token` is the new one; on failure it is unchanged.
 * ERROR_TOKEN_DEAD means that the provider says that only a new login helps, ERROR_TOO_MANY_CALLS that a pause does,
 * and ERROR_NOT_FOUND that there is no refresh token where one is wanted. */
enum error_code token_refresh(struct http_client *client, const struct provider *provider, struct token *token,
                              struct error *error);

#endif

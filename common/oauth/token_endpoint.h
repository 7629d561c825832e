/* Getting access tokens from the provider: the authorization code swapped for one (RFC 6749, section 4.1.3), a
 * short-lived one for a long-lived one, an old one for a new one.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TOKEN_ENDPOINT_H
#define CGI_LOGIN_TOKEN_ENDPOINT_H

#include "config/provider.h"
#include "oauth/http_client.h"
#include "oauth/token.h"

struct code_grant {
    const char *code;
    const char *verifier; /* of PKCE; used if the provider takes it */
};

/* Swaps the code. On ERROR_NONE the token is the caller's (token_clear); otherwise it is empty. */
enum error_code token_exchange(struct http_client *client, const struct provider *provider,
                               const struct code_grant *grant, struct token *token, struct error *error);

/* Makes the token a long-lived one, for a provider that has such (`long_lived`); for any other it does nothing. On
 * failure the token is what it was. */
enum error_code token_exchange_long_lived(struct http_client *client, const struct provider *provider,
                                          struct token *token, struct error *error);

/* Renews the token as `refresh` in the provider file tells: with its refresh token (RFC 6749, section 6), which the
 * provider may replace, or with the token itself. On ERROR_NONE `token` is the new one; on failure it is what it was:
 * ERROR_TOKEN_DEAD if only a new login helps, ERROR_TOO_MANY_CALLS if a pause does. */
enum error_code token_refresh(struct http_client *client, const struct provider *provider, struct token *token,
                              struct error *error);

#endif

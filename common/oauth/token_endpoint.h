/* How access tokens are got from the provider: for an authorization code (RFC 6749, section 4.1.3), a long-lived one
 * for a short-lived one, and a new one for an old one.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TOKEN_ENDPOINT_H
#define CGI_LOGIN_TOKEN_ENDPOINT_H

#include "oauth/token_request.h"

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

/* Giving a token back: the provider is told that it is wanted no more (RFC 7009), or what a provider without the
 * standard has in its place, as far as that is a form with the token in it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TOKEN_REVOCATION_H
#define CGI_LOGIN_TOKEN_REVOCATION_H

#include "config/provider.h"
#include "http/http_client.h"

#define TOKEN_HINT_ACCESS "access_token"
#define TOKEN_HINT_REFRESH "refresh_token"

/* True if the provider takes a refresh token back, with which all tokens of the login end (RFC 7009, section 2.1).
 * One that wants another parameter than the standard's takes access tokens alone. */
bool token_revocation_takes_refresh_token(const struct provider *provider);

/* Revokes the token. A token that the provider does not know any more is revoked, too (section 2.2). `hint`: which kind
 * it is. ERROR_NOT_FOUND: the provider has no `revocation_url`. Any other failure is the provider's, and leaves the
 * token as it may be: the cause is worth a line in the log, and nothing else has to change for it. The caller says how
 * long it may take (http_client_limit). */
enum error_code token_revoke(struct http_client *client, const struct provider *provider, const char *token,
                             const char *hint, struct error *error);

#endif

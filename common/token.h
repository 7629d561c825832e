/* The token endpoint: the authorization code swapped for an access token (RFC 6749, section 4.1.3).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TOKEN_H
#define CGI_LOGIN_TOKEN_H

#include "http_client.h"
#include "provider.h"
#include "secret.h"

struct token {
    struct secret *access_token;
    char user_id[PROVIDER_ID_MAX + 1]; /* Instagram names the user beside the token; "" if it did not */
    int64_t expires_in;                /* seconds; 0 if the provider did not say */
    cJSON *scopes;                     /* an array of strings, or NULL if the provider did not say */
};

/* Swaps the code. `verifier` is PKCE's, used if the provider takes it. On ERROR_NONE the token is the caller's
 * (token_clear); otherwise it is empty. */
enum error_code token_exchange(struct http_client *client, const struct provider *provider, const char *code,
                               const char *verifier, struct token *token, struct error *error);

/* Wipes and frees what it holds. */
void token_clear(struct token *token);

#endif

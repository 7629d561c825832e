/* The requests to a token endpoint: for an authorization code (RFC 6749, section 4.1.3), for a long-lived token, for a
 * new one in an old one's place. A request is made first and sent later, so that the connection can be opened meanwhile
 * (http_client_open).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TOKEN_REQUEST_H
#define CGI_LOGIN_TOKEN_REQUEST_H

#include "base/query.h"
#include "base/view.h"
#include "config/provider.h"
#include "http/http_client.h"
#include "oauth/token.h"

struct code_grant {
    const char *code;
    const char *verifier;         /* of PKCE; used if the provider takes it */
    const char *state;            /* of the login: some providers want it again */
    const struct query *callback; /* what the browser brought, of which `callback_params` are handed on; or NULL */
};

/* A request, and what its response has to be read with. */
struct token_request {
    struct http_request http;
    const struct provider *provider;
    const char *secrets[4];   /* what it sends and a log must not show, NULL at the end; they belong to the caller */
    int64_t lifetime;         /* of a token whose response names none, in seconds; 0: not known */
    struct view object;       /* the body, where the provider wants JSON; `form` has its text in the end */
    struct secret *assertion; /* what proves the client, where a key signs it */
    struct buffer form, url, user, password; /* what `http` points into */
};

/* Each makes a request, which is to be cleared whatever comes back (token_request_clear). */

/* Exchanges the code for a token. ERROR_BAD_REQUEST if a parameter that is handed on stands in the callback twice, or
 * is malformed or too long. */
enum error_code token_request_for_code(const struct provider *provider, const struct code_grant *grant,
                                       struct token_request *request, struct error *error);

/* Exchanges the token for a long-lived one, of a provider that has such (`long_lived`). */
enum error_code token_request_for_long_lived(const struct provider *provider, const struct token *token,
                                             struct token_request *request, struct error *error);

/* Refreshes the token as `refresh` in the provider file tells. ERROR_NOT_FOUND: that takes a refresh token, and there
 * is none. */
enum error_code token_request_for_refresh(const struct provider *provider, const struct token *token,
                                          struct token_request *request, struct error *error);

/* Revokes the token at a provider that has `revocation_url`. `hint` names its kind (RFC 7009, section 2.1). */
enum error_code token_request_for_revocation(const struct provider *provider, const char *token, const char *hint,
                                             struct token_request *request, struct error *error);

/* Wipes and frees. */
void token_request_clear(struct token_request *request);

#endif

/* SPDX-License-Identifier: MIT */
#include "token.h"

#include "json.h"

void token_clear(struct token *token) {
    secret_free(token->access_token);
    secret_free(token->refresh_token);
    json_free(token->scopes);
    *token = (struct token){.expires_in = 0};
}

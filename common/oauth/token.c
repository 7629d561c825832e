/* SPDX-License-Identifier: MIT */
#include "oauth/token.h"

#include "base/json.h"

void token_clear(struct token *token) {
    secret_free(token->access_token);
    secret_free(token->refresh_token);
    secret_free(token->id_token);
    json_free(token->claims);
    json_free(token->profile);
    json_free(token->scopes);
    *token = (struct token){.expires_in = 0};
}

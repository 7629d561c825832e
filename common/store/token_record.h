/* A token as the user's document holds it: accessToken and refreshToken, which are sealed unless the config says
 * otherwise, and token { obtainedAt, expiresAt, scopes, invalidSince }.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TOKEN_RECORD_H
#define CGI_LOGIN_TOKEN_RECORD_H

#include "config/config.h"
#include "oauth/token.h"
#include "store/credentials.h"

struct token_record {
    struct token token; /* its expires_in is not used here */
    const char *stored; /* accessToken as stored: sealed, or plain; owned by the document */
    int64_t obtained;   /* seconds since 1970; 0 if not known */
    int64_t expires;    /* likewise */
    bool invalid;       /* the provider does not take it any more: only a new login helps */
};

/* Makes what is stored of a token that was got at `now` (seconds) for the user `id`. On ERROR_NONE it is to be cleared
 * (credentials_clear); otherwise it is empty. */
enum error_code token_record_make(const struct config *config, const char *provider, const char *id,
                                  const struct token *token, int64_t now, struct credentials *credentials,
                                  struct error *error);

/* Reads the token of the account under the provider's name in a user's document. ERROR_NOT_FOUND if it holds none, and
 * ERROR_CONFIG if no key of the config opens it. Freed with token_record_clear on ERROR_NONE. */
enum error_code token_record_read(const struct config *config, const char *provider, const cJSON *document,
                                  struct token_record *record, struct error *error);

/* *patch becomes a merge patch (json_free) that seals the tokens anew with the first key, or NULL where nothing is to
 * be done. */
enum error_code token_record_reseal_patch(const struct config *config, const char *provider, const cJSON *document,
                                          const struct token_record *record, cJSON **patch, struct error *error);

/* Makes a merge patch that takes the lease on the token until `until` (seconds); 0 gives it back. NULL when memory runs
 * out. */
cJSON *token_record_lease_patch(int64_t until);

/* A merge patch that marks the token as one that the provider does not take. NULL when memory runs out. */
cJSON *token_record_invalid_patch(int64_t now);

/* A merge patch that takes the token away. NULL when memory runs out. */
cJSON *token_record_removal_patch(void);

void token_record_clear(struct token_record *record);

#endif

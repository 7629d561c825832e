/* A user's tokens as the provider gave them (RFC 6749, section 5.1).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TOKEN_H
#define CGI_LOGIN_TOKEN_H

#include "base/bounds.h"
#include "base/secret.h"

#include <cjson/cJSON.h>
#include <stdint.h>

struct token {
    struct secret *access_token;
    struct secret *refresh_token;      /* or NULL */
    struct secret *id_token;           /* of OpenID Connect, as it came; or NULL */
    cJSON *claims;                     /* what the ID token says, once it has been verified (identity.h); or NULL */
    char user_id[PROVIDER_ID_MAX + 1]; /* the person, as the response with the token names them; "" if it does not */
    int64_t expires_in;                /* seconds; 0 if neither the response nor the provider file says */
    const char *remark;                /* what of the response could not be kept, in words for the log; or NULL */
    cJSON *profile;                    /* what came beside the token, where the profile is read from that; or NULL */
    cJSON *scopes;                     /* an array of strings, or NULL if the provider did not say */
};

/* Wipes and frees what it holds. */
void token_clear(struct token *token);

#endif

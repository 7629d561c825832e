/* A user's tokens as the store keeps them. Their type keeps them apart from the profile: a session, a page and a JSON
 * response are made of a profile, so that none of them can hold a token.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CREDENTIALS_H
#define CGI_LOGIN_CREDENTIALS_H

#include "base/json.h"

struct credentials {
    /* What token_record_make puts there: members of the account under the provider's key, and null for what an older
     * token left (RFC 7396). Only the store reads it. NULL: no tokens. */
    cJSON *members;
};

/* Wipes and frees what it holds. */
static inline void credentials_clear(struct credentials *credentials) {
    json_free(credentials->members);
    credentials->members = NULL;
}

#endif

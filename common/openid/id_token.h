/* The ID token of OpenID Connect: who has logged in, signed by the provider (OpenID Connect Core 1.0, section 2).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ID_TOKEN_H
#define CGI_LOGIN_ID_TOKEN_H

#include "base/error.h"
#include "base/secret.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* What an ID token must say (section 3.1.3.7). */
struct id_token_expectation {
    const char *issuer;          /* exactly; "{tenantid}" in it stands for the token's own `tid` */
    const char *client_id;       /* in `aud`, and in `azp` where there is one or there are several audiences */
    const char *nonce;           /* NULL: the provider is known to send none */
    const char *access_token;    /* what `at_hash` is checked with, where there is one; NULL: it is not */
    const cJSON *algorithms;     /* names; NULL: every one that key_set.h takes */
    bool by_secret;              /* signed with `secret` (HS256), and no key of the set can have made it */
    const struct secret *secret; /* of the client; NULL: it has none */
    int64_t now;                 /* seconds since 1970 */
};

/* Verifies the token with the keys, and its claims. *claims becomes the payload (json_free) on ERROR_NONE, otherwise it
 * is NULL. ERROR_PROVIDER says in the cause what is wrong, and shows nothing of the token; *unknown_key is true where a
 * newer key set may verify it. */
enum error_code id_token_read(const char *text, const cJSON *key_set, const struct id_token_expectation *expected,
                              cJSON **claims, bool *unknown_key, struct error *error);

#endif

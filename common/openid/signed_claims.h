/* What every token of an OpenID Connect issuer says: who made it, for whom, and when (RFC 7519, section 4.1).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SIGNED_CLAIMS_H
#define CGI_LOGIN_SIGNED_CLAIMS_H

#include "base/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

struct signed_claims {
    const char *what;      /* "ID token", for a cause */
    const cJSON *claims;   /* the payload */
    const char *issuer;    /* that it must name, exactly; "{tenantid}" in it stands for the token's own `tid` */
    const char *client_id; /* that it must be for */
    int64_t now;           /* seconds since 1970; clocks may differ by SIGNED_TOKEN_SKEW_SECONDS */
};

/* Checks `iss`, and `aud`: the client's id, or a list with it. ERROR_PROVIDER says which is wrong. */
enum error_code signed_claims_check_parties(const struct signed_claims *claims, struct error *error);

/* Checks `exp` and `iat`, which must be there, and `nbf`. */
enum error_code signed_claims_check_times(const struct signed_claims *claims, struct error *error);

/* Checks that the header's `typ` does not say that the token was signed for something else (RFC 8725, section 3.11):
 * nothing, or "JWT", or `own`, such as "logout+jwt" (NULL: there is none). */
bool signed_claims_is_of_type(const cJSON *header, const char *own);

/* The text of a claim, if it is one of 1 to `max` bytes that can be printed; else NULL. */
const char *signed_claims_text(const cJSON *claims, const char *name, size_t max);

/* Checks `sub`, which must be there: 1 to SUBJECT_MAX bytes that can be printed. */
enum error_code signed_claims_check_subject(const struct signed_claims *claims, struct error *error);

#endif

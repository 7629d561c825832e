/* What every token of an OpenID Connect issuer says: who made it, for whom, and when (RFC 7519, section 4.1).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SIGNED_CLAIMS_H
#define CGI_LOGIN_SIGNED_CLAIMS_H

#include "base/error.h"

#include <cjson/cJSON.h>
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

/* Checks `sub`, which must be there: 1 to SUBJECT_MAX bytes that can be printed. */
enum error_code signed_claims_check_subject(const struct signed_claims *claims, struct error *error);

#endif

/* A token that is signed with a secret which both sides know (HS256, RFC 7518, section 3.2). It is apart from
 * key_set.h: a key that anybody can read must never be taken for such a secret.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_JWS_HMAC_H
#define CGI_LOGIN_JWS_HMAC_H

#include "base/secret.h"
#include "jose/jws.h"

#define JWS_HMAC_NAME "HS256"
#define JWS_HMAC_SECRET_LEAST 32 /* bytes: as many as the hash has */

/* Verifies that the token names HS256, and was signed with the secret (NULL: none is known). ERROR_PROVIDER says why
 * not, and shows nothing of either. */
enum error_code jws_hmac_verify(const struct jws *jws, const struct secret *secret, struct error *error);

#endif

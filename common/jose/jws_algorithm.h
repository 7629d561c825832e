/* The signature algorithms that are taken (RFC 7518, section 3.1; RFC 8037, section 3.1), in one table: `none` and the
 * HMACs are not in it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_JWS_ALGORITHM_H
#define CGI_LOGIN_JWS_ALGORITHM_H

#include <stdbool.h>
#include <stddef.h>

/* The names for a message. */
#define JWS_ALGORITHM_NAMES "RS256, PS256, ES256, ES384 and EdDSA"

/* The digits of half a hash in base64url, with a NUL. */
#define JWS_HALF_HASH_SIZE 44

struct jws_algorithm {
    const char *name;      /* in `alg`; case counts */
    const char *key_type;  /* `kty` of its keys */
    const char *curve;     /* `crv` of its keys; NULL: they have none */
    const char *digest;    /* what is signed, as OpenSSL calls it; NULL: the text itself */
    const char *half_hash; /* the digest for at_hash */
    size_t number_len;     /* the bytes of a coordinate, and of either number of an ECDSA signature; 0 for RSA */
    bool pss;              /* RSA's padding; false: PKCS #1 v1.5 */
};

/* Returns the algorithm of that name, or NULL if it is not taken, or the name is NULL. */
const struct jws_algorithm *jws_algorithm_find(const char *name);

/* Writes the left half of the text's hash in base64url, as at_hash has it (OpenID Connect Core 1.0, section 3.1.3.6),
 * for the algorithm of that name that has signed the token. False if OpenSSL cannot compute it. */
bool jws_algorithm_half_hash(const char *name, const char *text, char out[JWS_HALF_HASH_SIZE]);

#endif

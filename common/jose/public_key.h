/* One public key (JWK, RFC 7517; RFC 7518, section 6; RFC 8037, section 2), and a signature by it, with OpenSSL 3.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PUBLIC_KEY_H
#define CGI_LOGIN_PUBLIC_KEY_H

#include "jose/jws.h"
#include "jose/jws_algorithm.h"

#include <openssl/types.h>

enum public_key_result { PUBLIC_KEY_GOOD, PUBLIC_KEY_REFUSED, PUBLIC_KEY_NO_MEMORY };

/* Makes the key of a JWK whose type and curve are the algorithm's. On PUBLIC_KEY_GOOD *made belongs to the caller
 * (EVP_PKEY_free); otherwise it is NULL. On PUBLIC_KEY_REFUSED *fault says why: an RSA key of fewer than RSA_BITS_LEAST
 * or more than RSA_BITS_MAX bits, or whose exponent is even or has more than 32 bits; a point beside the curve; a
 * number of the wrong length; a private key. */
enum public_key_result public_key_read(const cJSON *jwk, const struct jws_algorithm *algorithm, EVP_PKEY **made,
                                       const char **fault);

/* Verifies the signature, which has one form for each algorithm: never DER. *fault says why it is refused. */
enum public_key_result public_key_verify(EVP_PKEY *key, const struct jws_algorithm *algorithm, const struct jws *jws,
                                         const char **fault);

#endif

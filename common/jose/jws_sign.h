/* Signs a JSON Web Token with a private key of our own, as a client proves itself with it (RFC 7523, section 2.2).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_JWS_SIGN_H
#define CGI_LOGIN_JWS_SIGN_H

#include "base/buffer.h"
#include "base/error.h"

#include <cjson/cJSON.h>

/* Appends the token to `token`. The key, a PEM text that is not encrypted, chooses the algorithm: ES256 for one on
 * P-256, ES384 on P-384, EdDSA for Ed25519, RS256 for RSA from RSA_BITS_LEAST bits on. `key_id` becomes `kid`. On
 * ERROR_CONFIG the cause says what is wrong with the key, as the rest of a sentence about its file, and shows nothing
 * of it. */
enum error_code jws_sign(const struct buffer *pem, const char *key_id, const cJSON *payload, struct buffer *token,
                         struct error *error);

#endif

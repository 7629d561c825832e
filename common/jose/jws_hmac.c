/* SPDX-License-Identifier: MIT */
#include "jose/jws_hmac.h"

#include "base/json.h"
#include "base/text.h"

#include <sodium.h>

enum error_code jws_hmac_verify(const struct jws *jws, const struct secret *secret, struct error *error) {
    unsigned char code[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    if (!text_equal(json_string(jws->header, "alg"), JWS_HMAC_NAME))
        return error_set(error, ERROR_PROVIDER, "the token is not signed with the algorithm " JWS_HMAC_NAME);
    if (secret == NULL || secret->len < JWS_HMAC_SECRET_LEAST)
        return error_set(error, ERROR_PROVIDER,
                         "the token cannot be verified: a client secret of less than %d bytes signs nothing",
                         JWS_HMAC_SECRET_LEAST);
    crypto_auth_hmacsha256_init(&state, secret->bytes, secret->len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)jws->signed_text, jws->signed_len);
    crypto_auth_hmacsha256_final(&state, code);
    const bool right = jws->signature_len == sizeof code && sodium_memcmp(jws->signature, code, sizeof code) == 0;
    sodium_memzero(code, sizeof code);
    sodium_memzero(&state, sizeof state);
    return right ? ERROR_NONE : error_set(error, ERROR_PROVIDER, "the token's signature is not the client secret's");
}

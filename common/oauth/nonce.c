/* SPDX-License-Identifier: MIT */
#include "oauth/nonce.h"

#include <string.h>

void nonce_derive(const char *verifier, char nonce[NONCE_SIZE]) {
    /* The word keeps it apart from the challenge of PKCE, which is a hash of the verifier, too. */
    static const char use[] = "cgi-login nonce";
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)use, sizeof use);
    crypto_hash_sha256_update(&state, (const unsigned char *)verifier, strlen(verifier));
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2base64(nonce, NONCE_SIZE, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

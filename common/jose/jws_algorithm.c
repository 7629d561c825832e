/* SPDX-License-Identifier: MIT */
#include "jose/jws_algorithm.h"

#include "base/text.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

/* The hash of EdDSA's at_hash is in no standard's text: all use SHA-512, which Ed25519 has within. */
static const struct jws_algorithm algorithms[] = {
    {.name = "RS256", .key_type = "RSA", .digest = "SHA256", .half_hash = "SHA256"},
    {.name = "PS256", .key_type = "RSA", .digest = "SHA256", .half_hash = "SHA256", .pss = true},
    {.name = "ES256", .key_type = "EC", .curve = "P-256", .digest = "SHA256", .half_hash = "SHA256", .number_len = 32},
    {.name = "ES384", .key_type = "EC", .curve = "P-384", .digest = "SHA384", .half_hash = "SHA384", .number_len = 48},
    {.name = "EdDSA", .key_type = "OKP", .curve = "Ed25519", .half_hash = "SHA512", .number_len = 32}};

const struct jws_algorithm *jws_algorithm_find(const char *name) {
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (text_equal(name, algorithms[i].name))
            return &algorithms[i];
    return NULL;
}

bool jws_algorithm_half_hash(const char *name, const char *text, char out[JWS_HALF_HASH_SIZE]) {
    /* HS256 is none of these, but has a hash like RS256. */
    const struct jws_algorithm *algorithm = jws_algorithm_find(name);
    const char *digest = algorithm != NULL ? algorithm->half_hash : "SHA256";
    unsigned char hash[EVP_MAX_MD_SIZE];
    size_t len = 0;
    const bool done = EVP_Q_digest(NULL, digest, NULL, text, strlen(text), hash, &len) == 1;
    if (done)
        sodium_bin2base64(out, JWS_HALF_HASH_SIZE, hash, len / 2, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(hash, sizeof hash);
    return done;
}

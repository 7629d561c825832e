/* The nonce of a login (OpenID Connect Core 1.0, section 15.5.2): what the provider has to repeat in the ID token, so
 * that one of another login is of no use.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_NONCE_H
#define CGI_LOGIN_NONCE_H

#include <sodium.h>

#define NONCE_SIZE sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)

/* Derives the nonce from the verifier of PKCE, which only this browser's sealed cookie holds: so the cookie needs no
 * room for it. It tells nothing of the verifier. */
void nonce_derive(const char *verifier, char nonce[NONCE_SIZE]);

#endif

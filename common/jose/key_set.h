/* A provider's public keys (JWK Set, RFC 7517), and what they signed. RS256, PS256, ES256, ES384 and EdDSA (Ed25519);
 * never `none`, and never an HMAC, whose secret would be a public key.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_KEY_SET_H
#define CGI_LOGIN_KEY_SET_H

#include "jose/jws.h"

/* What the verification of a signature came to, where it was not right. */
enum key_set_result {
    KEY_SET_VERIFIED,
    KEY_SET_UNKNOWN_KEY, /* no key of the set can have made it: the provider may have a new one */
    KEY_SET_REFUSED,     /* by its algorithm, its key or its signature */
    KEY_SET_NO_MEMORY
};

/* Verifies the signature with the keys of `set`, a JWK Set as the provider publishes it: with those that have the
 * token's `kid`, or where it names none, with KEY_SET_TRIES_MAX of them. `algorithms` lists the names of those that are
 * taken; NULL: all of the above. The cause, for anything but KEY_SET_VERIFIED, goes into `error`. */
enum key_set_result key_set_verify(const cJSON *set, const struct jws *jws, const cJSON *algorithms,
                                   struct error *error);

#endif

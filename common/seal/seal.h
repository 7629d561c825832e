/* Sealed text: what only this site can make and read again (XChaCha20-Poly1305). Cookies and tokens at rest are sealed.
 *
 *   base64url( version 1 byte | key id 4 | nonce 24 | ciphertext of ( expiry 8, big-endian | plain text ) | tag 16 )
 *
 * Version and key id are authenticated, and so are the purpose (each has its own subkey) and a context, so that one
 * sealed thing never passes for another: a pending login not for a session, one user's token not for another's.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SEAL_H
#define CGI_LOGIN_SEAL_H

#include "base/buffer.h"
#include "seal/keyring.h"

#include <stdint.h>

#define SEAL_NEVER_EXPIRES INT64_MAX

/* How many characters sealing `len` bytes gives. */
size_t seal_sealed_length(size_t len);

/* How many bytes can be sealed into so many characters. */
size_t seal_plain_length(size_t sealed_len);

/* SEAL_REFUSED: of seal_close, there is no key, or the text or the context is too long; of seal_open, the text is not
 * ours, altered, of another purpose or context, or expired. */
enum seal_result { SEAL_DONE, SEAL_REFUSED, SEAL_NO_MEMORY };

/* Seals `len` bytes with the ring's first key, all but a token so that the text can travel (text_can_travel). `context`
 * ("" for none) must be given again to open it. `expires`: seconds since 1970. Appends to `out`. */
enum seal_result seal_close(const struct keyring *ring, enum key_purpose purpose, const char *context, int64_t expires,
                            const void *plain, size_t len, struct buffer *out);

/* Opens sealed text at the time `now`. On SEAL_DONE *plain belongs to the caller (secret_free), and reads as a string;
 * otherwise it is NULL. */
enum seal_result seal_open(const struct keyring *ring, enum key_purpose purpose, const char *context, int64_t now,
                           const char *text, size_t len, struct secret **plain);

/* The first characters of everything that this key seals: those that hold nothing of the nonce. Another key's may be
 * the same, once in 2^28. */
#define SEAL_START_SIZE 7
void seal_start(const struct key *key, char start[SEAL_START_SIZE]);

#endif

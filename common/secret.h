/* A secret: a key, a client secret, a token, a code verifier. It lives in guarded memory that is wiped when freed and
 * kept out of core files (libsodium's sodium_malloc), and is compared in constant time. Never print one.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SECRET_H
#define CGI_LOGIN_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct secret {
    size_t len;
    unsigned char bytes[]; /* a NUL follows, so that text secrets read as strings */
};

/* A new secret of `len` zero bytes, or with a copy of `bytes`. NULL when memory runs out. Freed by secret_free. */
struct secret *secret_new(size_t len);
struct secret *secret_copy(const void *bytes, size_t len);

/* The secret as a string; "" for NULL. For text secrets only, and never for a log. */
const char *secret_text(const struct secret *secret);

/* Constant-time comparison. NULL and empty never equal anything. */
bool secret_equal(const struct secret *a, const struct secret *b);

/* Wipes and frees; NULL is fine. */
void secret_free(struct secret *secret);

#endif

/* A secret: a key, a client secret, a token, a code verifier. It is wiped when freed. Never print one, and
 * compare it with sodium_memcmp alone.
 *
 * Not sodium_malloc: its guard pages and locks take ten system calls a secret, a third of a short program's own time.
 * No program of ours leaves a core file or can be traced (PR_SET_DUMPABLE), and the tests find overruns with ASan.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SECRET_H
#define CGI_LOGIN_SECRET_H

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

/* Wipes and frees; NULL is fine. */
void secret_free(struct secret *secret);

#endif

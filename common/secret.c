/* SPDX-License-Identifier: MIT */
#include "secret.h"

#include <sodium.h>
#include <string.h>

struct secret *secret_new(size_t len) {
    const size_t overhead = sizeof(struct secret) + 1;
    if (len > SIZE_MAX - overhead - sizeof(size_t))
        return NULL;
    /* sodium_malloc puts the end of the block against a guard page, so a size that is no multiple of the alignment
     * would misalign `len`. */
    const size_t size = (overhead + len + sizeof(size_t) - 1) / sizeof(size_t) * sizeof(size_t);
    struct secret *secret = sodium_malloc(size);
    if (secret == NULL)
        return NULL;
    memset(secret, 0, size);
    secret->len = len;
    return secret;
}

struct secret *secret_copy(const void *bytes, size_t len) {
    struct secret *secret = secret_new(len);
    if (secret != NULL && len != 0)
        memcpy(secret->bytes, bytes, len);
    return secret;
}

const char *secret_text(const struct secret *secret) {
    return secret != NULL ? (const char *)secret->bytes : "";
}

bool secret_equal(const struct secret *a, const struct secret *b) {
    if (a == NULL || b == NULL || a->len == 0 || a->len != b->len)
        return false;
    return sodium_memcmp(a->bytes, b->bytes, a->len) == 0;
}

void secret_free(struct secret *secret) {
    sodium_free(secret);
}

/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct secret *secret_new(size_t len) {
    const size_t overhead = sizeof(struct secret) + 1;
    struct secret *secret = len <= SIZE_MAX - overhead ? calloc(1, overhead + len) : NULL;
    if (secret != NULL)
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

void secret_free(struct secret *secret) {
    if (secret == NULL)
        return;
    sodium_memzero(secret, sizeof *secret + secret->len);
    free(secret);
}

/* seal.c: no input opens; what is sealed opens again as it was; one byte changed and it does not. The first two bytes
 * of the input say which byte, and how.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "seal/seal.h"
#include "store/token_seal.h"

enum { EXPIRES = 1000 };

static const struct keyring *ring(void) {
    static struct keyring keys = {.count = 0};
    if (keys.count == 0) {
        must(sodium_init() >= 0);
        must(keyring_add(&keys, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=") == KEY_ADDED);
    }
    return &keys;
}

/* NULL where it does not open. */
static struct secret *open_sealed(int64_t now, const char *text, size_t len) {
    struct secret *plain;
    must((seal_open(ring(), KEY_FOR_SESSION, "c", now, text, len, &plain) == SEAL_DONE) == (plain != NULL));
    return plain;
}

static void check_round_trip(const uint8_t *data, size_t size, size_t place, uint8_t change) {
    struct buffer sealed = BUFFER_EMPTY;
    if (seal_close(ring(), KEY_FOR_SESSION, "c", EXPIRES, data, size, &sealed) != SEAL_DONE)
        return;
    must(sealed.len == seal_sealed_length(size));
    struct secret *plain = open_sealed(EXPIRES - 1, sealed.data, sealed.len);
    must(plain != NULL && plain->len == size && memcmp(plain->bytes, data, size) == 0);
    secret_free(plain);
    must(open_sealed(EXPIRES, sealed.data, sealed.len) == NULL);
    sealed.data[place % sealed.len] = (char)(sealed.data[place % sealed.len] ^ (change != 0 ? change : 1));
    must(open_sealed(0, sealed.data, sealed.len) == NULL);
    buffer_free(&sealed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_string(data, size);
    must(open_sealed(0, (const char *)data, size) == NULL);
    struct secret *token;
    const enum seal_result result =
        token_seal_open(ring(), (struct token_owner){"instagram", "1", "accessToken"}, text, &token);
    must((result == SEAL_REFUSED) == (strncmp(text, "sealed:", 7) == 0));
    secret_free(token);
    if (size >= 2)
        check_round_trip(data + 2, size - 2, data[0], data[1]);
    free(text);
    return 0;
}

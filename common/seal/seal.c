/* SPDX-License-Identifier: MIT */
#include "seal/seal.h"

#include "base/base64.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HEADER_BYTES = 1 + KEY_ID_BYTES,
    EXPIRY_BYTES = 8,
    OVERHEAD_BYTES = HEADER_BYTES + NONCE_BYTES + EXPIRY_BYTES + TAG_BYTES,
    SEALED_MAX = 24576, /* an access token of ACCESS_TOKEN_MAX bytes becomes 21,917 */
    CONTEXT_MAX = 256
};

size_t seal_sealed_length(size_t len) {
    return sodium_base64_ENCODED_LEN(len + OVERHEAD_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING) - 1;
}

size_t seal_plain_length(size_t sealed_len) {
    const size_t bytes = sealed_len / 4 * 3 + (sealed_len % 4 == 3 ? 2 : sealed_len % 4 == 2 ? 1 : 0);
    return bytes > OVERHEAD_BYTES ? bytes - OVERHEAD_BYTES : 0;
}

/* Makes what is authenticated beside the ciphertext: the header and the context. */
static size_t additional_data(unsigned char *data, const unsigned char *header, const char *context) {
    const size_t context_len = strnlen(context, CONTEXT_MAX);
    memcpy(data, header, HEADER_BYTES);
    memcpy(data + HEADER_BYTES, context, context_len);
    return HEADER_BYTES + context_len;
}

static void put_expiry(unsigned char *bytes, int64_t expires) {
    for (int i = 0; i < EXPIRY_BYTES; i++)
        bytes[i] = (unsigned char)((uint64_t)expires >> (8 * (EXPIRY_BYTES - 1 - i)));
}

static int64_t get_expiry(const unsigned char *bytes) {
    uint64_t expires = 0;
    for (int i = 0; i < EXPIRY_BYTES; i++)
        expires = (expires << 8) | bytes[i];
    return (int64_t)expires;
}

/* Encrypts `message` (expiry and plain text) behind header and nonce into `sealed`. */
static bool encrypt(const struct key *key, enum key_purpose purpose, const char *context, const struct secret *message,
                    unsigned char *sealed) {
    unsigned char data[HEADER_BYTES + CONTEXT_MAX];
    struct secret *subkey = keyring_subkey(key, purpose);
    if (subkey == NULL)
        return false;
    sealed[0] = SEAL_VERSION;
    memcpy(sealed + 1, key->id, KEY_ID_BYTES);
    unsigned char *nonce = sealed + HEADER_BYTES;
    randombytes_buf(nonce, NONCE_BYTES);
    const size_t data_len = additional_data(data, sealed, context);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE_BYTES, NULL, message->bytes, message->len, data, data_len,
                                               NULL, nonce, subkey->bytes);
    secret_free(subkey);
    return true;
}

/* A token at rest travels nowhere, and is so long that most of its sealings would have to be done again. */
static bool travels(enum key_purpose purpose) {
    return purpose != KEY_FOR_TOKEN;
}

enum seal_result seal_close(const struct keyring *ring, enum key_purpose purpose, const char *context, int64_t expires,
                            const void *plain, size_t len, struct buffer *out) {
    enum seal_result result = SEAL_NO_MEMORY;
    const size_t sealed_len = len + OVERHEAD_BYTES;
    const size_t text_size = seal_sealed_length(len) + 1;
    unsigned char *sealed = NULL;
    char *text = NULL;
    struct secret *message = NULL;
    if (ring->count == 0 || text_size > SEALED_MAX + 1 || strlen(context) > CONTEXT_MAX)
        return SEAL_REFUSED;
    sealed = malloc(sealed_len);
    text = malloc(text_size);
    message = secret_new(EXPIRY_BYTES + len);
    if (sealed == NULL || text == NULL || message == NULL)
        goto done;
    put_expiry(message->bytes, expires);
    memcpy(message->bytes + EXPIRY_BYTES, plain, len);
    do {
        if (!encrypt(&ring->keys[0], purpose, context, message, sealed))
            goto done;
        sodium_bin2base64(text, text_size, sealed, sealed_len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    } while (travels(purpose) && !text_can_travel(text));
    buffer_append_text(out, text);
    if (!out->failed)
        result = SEAL_DONE;
done:
    secret_free(message);
    free(text);
    free(sealed);
    return result;
}

/* Writes expiry and plain text into `message`, which has just room for them. */
static enum seal_result decrypt(const struct key *key, enum key_purpose purpose, const char *context,
                                const unsigned char *sealed, size_t len, struct secret *message) {
    unsigned char data[HEADER_BYTES + CONTEXT_MAX];
    const unsigned char *nonce = sealed + HEADER_BYTES;
    const size_t cipher_len = len - HEADER_BYTES - NONCE_BYTES;
    struct secret *subkey = keyring_subkey(key, purpose);
    if (subkey == NULL)
        return SEAL_NO_MEMORY;
    const size_t data_len = additional_data(data, sealed, context);
    const int result = crypto_aead_xchacha20poly1305_ietf_decrypt(message->bytes, NULL, NULL, nonce + NONCE_BYTES,
                                                                  cipher_len, data, data_len, nonce, subkey->bytes);
    secret_free(subkey);
    return result == 0 ? SEAL_DONE : SEAL_REFUSED;
}

static const struct key *find_key(const struct keyring *ring, const unsigned char *id) {
    for (size_t i = 0; i < ring->count; i++)
        if (keyring_key_has_id(&ring->keys[i], id))
            return &ring->keys[i];
    return NULL;
}

/* Opens the decoded text. */
static enum seal_result open_bytes(const struct keyring *ring, enum key_purpose purpose, const char *context,
                                   int64_t now, const unsigned char *sealed, size_t len, struct secret **plain) {
    const struct key *key = len >= OVERHEAD_BYTES && sealed[0] == SEAL_VERSION ? find_key(ring, sealed + 1) : NULL;
    if (key == NULL)
        return SEAL_REFUSED;
    struct secret *message = secret_new(len - HEADER_BYTES - NONCE_BYTES - TAG_BYTES);
    if (message == NULL)
        return SEAL_NO_MEMORY;
    enum seal_result result = decrypt(key, purpose, context, sealed, len, message);
    if (result == SEAL_DONE && get_expiry(message->bytes) <= now)
        result = SEAL_REFUSED;
    if (result == SEAL_DONE) {
        *plain = secret_copy(message->bytes + EXPIRY_BYTES, message->len - EXPIRY_BYTES);
        result = *plain != NULL ? SEAL_DONE : SEAL_NO_MEMORY;
    }
    secret_free(message);
    return result;
}

enum seal_result seal_open(const struct keyring *ring, enum key_purpose purpose, const char *context, int64_t now,
                           const char *text, size_t len, struct secret **plain) {
    enum seal_result result = SEAL_REFUSED;
    size_t sealed_len = 0;
    *plain = NULL;
    if (len > SEALED_MAX || strlen(context) > CONTEXT_MAX)
        return SEAL_REFUSED;
    unsigned char *sealed = malloc(len + 1);
    if (sealed == NULL)
        return SEAL_NO_MEMORY;
    if (base64url_decode(text, len, sealed, len + 1, &sealed_len))
        result = open_bytes(ring, purpose, context, now, sealed, sealed_len, plain);
    free(sealed);
    return result;
}

void seal_start(const struct key *key, char start[SEAL_START_SIZE]) {
    unsigned char header[HEADER_BYTES + 1] = {SEAL_VERSION};
    char text[sodium_base64_ENCODED_LEN(sizeof header, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    memcpy(header + 1, key->id, KEY_ID_BYTES);
    sodium_bin2base64(text, sizeof text, header, sizeof header, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    memcpy(start, text, SEAL_START_SIZE - 1); /* six characters hold 36 of the header's 40 bits */
    start[SEAL_START_SIZE - 1] = '\0';
}

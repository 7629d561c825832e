/* SPDX-License-Identifier: MIT */
#include "seal/keyring.h"

#include "base/base64.h"
#include "base/text.h"

#include <string.h>

static const char CONTEXT[crypto_kdf_CONTEXTBYTES + 1] = "cgilogin";

static bool is_placeholder(const unsigned char *bytes) {
    for (size_t i = 1; i < KEY_BYTES; i++)
        if (bytes[i] != bytes[0])
            return false;
    return true;
}

/* True if sealed text can travel though it begins with this id: what comes behind the id is random, and drawn again. */
static bool id_can_travel(const unsigned char id[KEY_ID_BYTES]) {
    unsigned char start[1 + KEY_ID_BYTES] = {SEAL_VERSION};
    char text[sodium_base64_ENCODED_LEN(sizeof start, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    memcpy(start + 1, id, KEY_ID_BYTES);
    sodium_bin2base64(text, sizeof text, start, sizeof start, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text_can_travel(text);
}

/* Derives the ids. One key in 1,400 has a first one that cannot travel; the next bytes give another. */
static void derive_ids(struct key *key, const struct secret *master) {
    unsigned char derived[crypto_kdf_BYTES_MIN];
    const unsigned char *id = derived;
    crypto_kdf_derive_from_key(derived, sizeof derived, KEY_FOR_ID, CONTEXT, master->bytes);
    memcpy(key->older_id, id, KEY_ID_BYTES);
    while (!id_can_travel(id) && id + KEY_ID_BYTES < derived + sizeof derived)
        id++;
    memcpy(key->id, id, KEY_ID_BYTES);
}

enum key_result keyring_add(struct keyring *ring, const char *text) {
    size_t len = 0;
    if (ring->count == KEYS_MAX)
        return KEY_REFUSED;
    struct secret *master = secret_new(KEY_BYTES);
    if (master == NULL)
        return KEY_NO_MEMORY;
    struct key *key = &ring->keys[ring->count];
    if (!base64_decode(text, strlen(text), master->bytes, KEY_BYTES, &len) || len != KEY_BYTES ||
        is_placeholder(master->bytes)) {
        secret_free(master);
        return KEY_REFUSED;
    }
    derive_ids(key, master);
    key->master = master;
    ring->count++;
    return KEY_ADDED;
}

bool keyring_key_has_id(const struct key *key, const unsigned char id[KEY_ID_BYTES]) {
    return memcmp(key->id, id, KEY_ID_BYTES) == 0 || memcmp(key->older_id, id, KEY_ID_BYTES) == 0;
}

struct secret *keyring_subkey(const struct key *key, enum key_purpose purpose) {
    struct secret *subkey = secret_new(KEY_BYTES);
    if (subkey != NULL)
        crypto_kdf_derive_from_key(subkey->bytes, KEY_BYTES, (uint64_t)purpose, CONTEXT, key->master->bytes);
    return subkey;
}

void keyring_generate(char text[KEY_TEXT_SIZE]) {
    unsigned char bytes[KEY_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(text, KEY_TEXT_SIZE, bytes, sizeof bytes, sodium_base64_VARIANT_ORIGINAL);
    sodium_memzero(bytes, sizeof bytes);
}

void keyring_clear(struct keyring *ring) {
    for (size_t i = 0; i < ring->count; i++)
        secret_free(ring->keys[i].master);
    *ring = (struct keyring){.count = 0};
}

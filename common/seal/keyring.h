/* The keys of the config: 32 random bytes each, never stretched. The first seals, all open, so that a key is rotated by
 * putting a new one in front.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_KEYRING_H
#define CGI_LOGIN_KEYRING_H

#include "base/bounds.h"
#include "base/secret.h"

#include <sodium.h>
#include <stdbool.h>

#define KEY_BYTES crypto_kdf_KEYBYTES
#define KEY_ID_BYTES 4
#define SEAL_VERSION 1 /* the byte before the key's id in what is sealed */
#define KEY_TEXT_SIZE sodium_base64_ENCODED_LEN(KEY_BYTES, sodium_base64_VARIANT_ORIGINAL)

/* The ids are derived from the key, and public: they tell which key sealed something. */
struct key {
    unsigned char id[KEY_ID_BYTES];       /* stands in what is sealed, and does not keep it from travelling */
    unsigned char older_id[KEY_ID_BYTES]; /* of earlier versions, and for most keys the same */
    struct secret *master;
};

struct keyring {
    struct key keys[KEYS_MAX];
    size_t count;
};

/* What a subkey is for. The numbers are bound into everything sealed: never renumber. */
enum key_purpose {
    KEY_FOR_ID = 0,
    KEY_FOR_SESSION = 1,
    KEY_FOR_PENDING_LOGIN = 2,
    KEY_FOR_DELETION_CODE = 3,
    KEY_FOR_TOKEN = 4,
    KEY_FOR_SESSION_ID = 5,
    KEY_FOR_ANTI_FORGERY = 6,
    KEY_FOR_SESSION_HANDLE = 7,
    KEY_FOR_LINK_PERMIT = 8,
    KEY_FOR_CALLBACK_USER = 9,
    KEY_FOR_SITE_REPORT = 10,
    KEY_FOR_SETUP_VISIT = 11
};

/* KEY_REFUSED: not the Base64 of exactly KEY_BYTES bytes, or all bytes are the same (a placeholder), or the ring is
 * full. */
enum key_result { KEY_ADDED, KEY_REFUSED, KEY_NO_MEMORY };

/* Adds a key from its Base64 text. */
enum key_result keyring_add(struct keyring *ring, const char *text);

/* True if what names `id` is sealed with this key. */
bool keyring_key_has_id(const struct key *key, const unsigned char id[KEY_ID_BYTES]);

/* Derives the subkey of `key` for a purpose (crypto_kdf). Freed by secret_free; NULL when memory runs out. */
struct secret *keyring_subkey(const struct key *key, enum key_purpose purpose);

/* Writes a new random key as text. */
void keyring_generate(char text[KEY_TEXT_SIZE]);

/* Wipes and empties. */
void keyring_clear(struct keyring *ring);

#endif

/* SPDX-License-Identifier: MIT */
#include "session/session_handle.h"

#include <sodium.h>
#include <string.h>

enum { HANDLE_BYTES = (SESSION_HANDLE_SIZE - 1) / 2 };

bool session_handle(const struct config *config, const char *session_id, char handle[SESSION_HANDLE_SIZE]) {
    unsigned char hash[HANDLE_BYTES];
    struct secret *key = keyring_subkey(&config->keys.keys[0], KEY_FOR_SESSION_HANDLE);
    if (key == NULL)
        return false;
    crypto_generichash(hash, sizeof hash, (const unsigned char *)session_id, strlen(session_id), key->bytes, key->len);
    sodium_bin2hex(handle, SESSION_HANDLE_SIZE, hash, sizeof hash);
    secret_free(key);
    return true;
}

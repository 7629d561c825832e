/* SPDX-License-Identifier: MIT */
#include "session/anti_forgery.h"

#include "base/text.h"

#include <sodium.h>
#include <string.h>

enum { TOKEN_BYTES = 32 };

/* Derives the token from the session's id; where that one cannot travel, from the token itself, and so on. */
static bool derive(const struct key *key, const struct session *session, char token[ANTI_FORGERY_SIZE]) {
    unsigned char hash[TOKEN_BYTES];
    const char *from = session->id;
    struct secret *subkey = keyring_subkey(key, KEY_FOR_ANTI_FORGERY);
    if (subkey == NULL)
        return false;
    do {
        crypto_generichash(hash, sizeof hash, (const unsigned char *)from, strlen(from), subkey->bytes, subkey->len);
        sodium_bin2base64(token, ANTI_FORGERY_SIZE, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        from = token;
    } while (!text_can_travel(token));
    secret_free(subkey);
    return true;
}

bool anti_forgery_token(const struct config *config, const struct session *session, char token[ANTI_FORGERY_SIZE]) {
    return derive(&config->keys.keys[0], session, token);
}

enum error_code anti_forgery_check(const struct config *config, const struct query *form, const struct session *session,
                                   struct error *error) {
    const char *given;
    char token[ANTI_FORGERY_SIZE];
    const enum error_code code = query_read(form, ANTI_FORGERY_FIELD, &given, error);
    if (code != ERROR_NONE)
        return code;
    const bool complete = given != NULL && strlen(given) == ANTI_FORGERY_SIZE - 1;
    for (size_t i = 0; complete && i < config->keys.count; i++) {
        if (!derive(&config->keys.keys[i], session, token))
            return error_out_of_memory(error);
        if (sodium_memcmp(token, given, ANTI_FORGERY_SIZE - 1) == 0)
            return ERROR_NONE;
    }
    return error_set(error, ERROR_BAD_REQUEST, "the form does not hold this session's anti-forgery token");
}

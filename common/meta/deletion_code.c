/* SPDX-License-Identifier: MIT */
#include "meta/deletion_code.h"

#include "base/base64.h"
#include "seal/seal.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { SEALED_MAX = 128, TEXT_SIZE = 32 };

/* What happened, as the code has it. */
enum { NOTHING_STORED, DELETED, DELETED_BUT_KEPT };

bool deletion_code_make(const struct keyring *ring, const char *provider, const struct deletion *deletion,
                        struct buffer *code) {
    char text[TEXT_SIZE];
    unsigned char bytes[SEALED_MAX];
    char hex[2 * SEALED_MAX + 1];
    size_t len = 0;
    struct buffer sealed = BUFFER_EMPTY;
    const int happened = !deletion->had_data ? NOTHING_STORED : deletion->kept ? DELETED_BUT_KEPT : DELETED;
    snprintf(text, sizeof text, "%d %" PRId64, happened, deletion->time);
    const bool made = seal_close(ring, KEY_FOR_DELETION_CODE, provider, SEAL_NEVER_EXPIRES, text, strlen(text),
                                 &sealed) == SEAL_DONE &&
                      base64url_decode(buffer_text(&sealed), sealed.len, bytes, sizeof bytes, &len);
    if (made) {
        sodium_bin2hex(hex, sizeof hex, bytes, len);
        buffer_append_text(code, hex);
    }
    buffer_free(&sealed);
    return made && !code->failed;
}

static enum error_code refuse(struct error *error) {
    return error_set(error, ERROR_NOT_FOUND, "there is no deletion with this code");
}

enum error_code deletion_code_read(const struct keyring *ring, const char *provider, const char *code,
                                   struct deletion *deletion, struct error *error) {
    unsigned char bytes[SEALED_MAX];
    char sealed[sodium_base64_ENCODED_LEN(SEALED_MAX, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    size_t len = 0;
    int happened = NOTHING_STORED;
    if (code == NULL || sodium_hex2bin(bytes, sizeof bytes, code, strlen(code), NULL, &len, NULL) != 0)
        return refuse(error);
    sodium_bin2base64(sealed, sizeof sealed, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    struct secret *text;
    if (seal_open(ring, KEY_FOR_DELETION_CODE, provider, 0, sealed, strlen(sealed), &text) == SEAL_NO_MEMORY)
        return error_out_of_memory(error);
    const bool read = text != NULL && sscanf(secret_text(text), "%d %" SCNd64, &happened, &deletion->time) == 2;
    deletion->had_data = happened != NOTHING_STORED;
    deletion->kept = happened == DELETED_BUT_KEPT;
    secret_free(text);
    return read ? ERROR_NONE : refuse(error);
}

/* SPDX-License-Identifier: MIT */
#include "store/token_seal.h"

#include "base/buffer.h"
#include "base/text.h"
#include "seal/seal.h"

#include <string.h>

static const char PREFIX[] = "sealed:";

static void append_context(struct buffer *context, struct token_owner owner) {
    buffer_append_format(context, "%s %s:%s", owner.kind, owner.provider, owner.id);
}

enum seal_result token_seal_close(const struct keyring *ring, struct token_owner owner, const struct secret *token,
                                  char **stored) {
    struct buffer context = BUFFER_EMPTY;
    struct buffer sealed = BUFFER_EMPTY;
    enum seal_result result = SEAL_NO_MEMORY;
    *stored = NULL;
    append_context(&context, owner);
    buffer_append_text(&sealed, PREFIX);
    if (!context.failed)
        result = seal_close(ring, KEY_FOR_TOKEN, buffer_text(&context), SEAL_NEVER_EXPIRES, token->bytes, token->len,
                            &sealed);
    if (result == SEAL_DONE && (*stored = buffer_take(&sealed)) == NULL)
        result = SEAL_NO_MEMORY;
    buffer_free(&sealed);
    buffer_free(&context);
    return result;
}

enum seal_result token_seal_open(const struct keyring *ring, struct token_owner owner, const char *stored,
                                 struct secret **token) {
    struct buffer context = BUFFER_EMPTY;
    enum seal_result result = SEAL_NO_MEMORY;
    *token = NULL;
    if (!token_seal_is_sealed(stored)) {
        *token = secret_copy(stored, strlen(stored));
        return *token != NULL ? SEAL_DONE : SEAL_NO_MEMORY;
    }
    const char *sealed = stored + strlen(PREFIX);
    append_context(&context, owner);
    if (!context.failed)
        result = seal_open(ring, KEY_FOR_TOKEN, buffer_text(&context), 0, sealed, strlen(sealed), token);
    buffer_free(&context);
    return result;
}

bool token_seal_is_sealed(const char *stored) {
    return text_starts_with(stored, PREFIX);
}

char *token_seal_current_start(const struct keyring *ring) {
    char start[SEAL_START_SIZE];
    struct buffer text = BUFFER_EMPTY;
    seal_start(&ring->keys[0], start);
    buffer_append_format(&text, "%s%s", PREFIX, start);
    char *taken = buffer_take(&text);
    buffer_free(&text);
    return taken;
}

bool token_seal_is_current(const struct keyring *ring, const char *stored) {
    char start[SEAL_START_SIZE];
    if (ring->count == 0)
        return false;
    seal_start(&ring->keys[0], start);
    return token_seal_is_sealed(stored) && text_starts_with(stored + strlen(PREFIX), start);
}

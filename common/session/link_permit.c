/* SPDX-License-Identifier: MIT */
#include "session/link_permit.h"

#include "seal/seal.h"

#include <stdio.h>
#include <string.h>

bool link_permit_append(const struct config *config, const struct request *request, const struct session *session,
                        const char *provider, struct buffer *out) {
    return seal_close(&config->keys, KEY_FOR_LINK_PERMIT, provider, request->now + LINK_PERMIT_SECONDS, session->id,
                      strlen(session->id), out) == SEAL_DONE;
}

static enum error_code refuse(struct error *error, const char *cause) {
    return error_set(error, ERROR_LINK_REFUSED, "%s", cause);
}

static enum error_code compare(const struct secret *permitted, const struct session *session, struct error *error) {
    const bool same = permitted->len == strlen(session->id) &&
                      sodium_memcmp(secret_text(permitted), session->id, permitted->len) == 0;
    return same ? ERROR_NONE : refuse(error, "the permit to link an account is of another session");
}

enum error_code link_permit_check(const struct config *config, const struct request *request, const char *provider,
                                  const char *permit, char session_id[SESSION_ID_SIZE], struct error *error) {
    struct session session;
    struct secret *permitted = NULL;
    enum error_code code = session_read(config, request, &session, error);
    if (code == ERROR_NOT_SIGNED_IN)
        code = refuse(error, "an account is to be linked, and the browser has no session");
    if (code == ERROR_NONE) {
        switch (
            seal_open(&config->keys, KEY_FOR_LINK_PERMIT, provider, request->now, permit, strlen(permit), &permitted)) {
        case SEAL_DONE: code = compare(permitted, &session, error); break;
        case SEAL_REFUSED: code = refuse(error, "the permit to link an account has expired or is none"); break;
        case SEAL_NO_MEMORY: code = error_out_of_memory(error); break;
        }
    }
    if (code == ERROR_NONE)
        snprintf(session_id, SESSION_ID_SIZE, "%s", session.id);
    secret_free(permitted);
    session_clear(&session);
    return code;
}

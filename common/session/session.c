/* SPDX-License-Identifier: MIT */
#include "session/session.h"

#include "base/json.h"
#include "base/text.h"
#include "seal/seal.h"

#include <stdio.h>
#include <string.h>

enum { SESSION_ID_BYTES = 32, ATTRIBUTES_MAX = 100 };

bool session_id_from_state(const struct config *config, const char *state, char id[SESSION_ID_SIZE]) {
    unsigned char hash[SESSION_ID_BYTES];
    struct secret *key = keyring_subkey(&config->keys.keys[0], KEY_FOR_SESSION_ID);
    if (key == NULL)
        return false;
    crypto_generichash(hash, sizeof hash, (const unsigned char *)state, strlen(state), key->bytes, key->len);
    sodium_bin2base64(id, SESSION_ID_SIZE, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    secret_free(key);
    return true;
}

/* Reads the members; the session takes over the profile. */
static bool read_value(cJSON *value, struct session *session) {
    if (!text_copy(session->id, sizeof session->id, json_string(value, "id")) || session->id[0] == '\0' ||
        !text_copy(session->provider, sizeof session->provider, json_string(value, "provider")) ||
        !json_integer(json_member(value, "signed_in"), &session->signed_in) ||
        !json_integer(json_member(value, "checked"), &session->checked) ||
        !json_integer(json_member(value, "expires"), &session->expires) ||
        !cJSON_IsObject(json_member(value, "profile")))
        return false;
    session->profile = cJSON_DetachItemFromObjectCaseSensitive(value, "profile");
    return true;
}

static enum error_code read_text(const struct config *config, const struct secret *text, struct session *session,
                                 struct error *error) {
    cJSON *value;
    if (json_parse(secret_text(text), text->len, &value, NULL) == JSON_NO_MEMORY)
        return error_out_of_memory(error);
    /* A session of a provider that the owner took out of the config is none. */
    const bool read = read_value(value, session) && json_member(config->providers, session->provider) != NULL;
    json_free(value);
    return read ? ERROR_NONE : error_set(error, ERROR_NOT_SIGNED_IN, "the session's cookie holds none of this site");
}

enum error_code session_read(const struct config *config, const struct request *request, struct session *session,
                             struct error *error) {
    size_t len = 0;
    struct secret *plain = NULL;
    enum error_code code = ERROR_NONE;
    *session = (struct session){.id = ""};
    const char *sealed = request_cookie(request, SESSION_COOKIE, &len);
    if (sealed == NULL)
        return error_set(error, ERROR_NOT_SIGNED_IN, "no session");
    switch (seal_open(&config->keys, KEY_FOR_SESSION, "", request->now, sealed, len, &plain)) {
    case SEAL_DONE: code = read_text(config, plain, session, error); break;
    case SEAL_REFUSED: code = error_set(error, ERROR_NOT_SIGNED_IN, "no session"); break;
    case SEAL_NO_MEMORY: code = error_out_of_memory(error); break;
    }
    secret_free(plain);
    return code;
}

bool session_is_due(const struct config *config, const struct request *request, const struct session *session) {
    /* A clock that was set back must not keep a session from being checked. */
    return request->now >= session->checked + config->session_recheck || request->now < session->checked;
}

/* The plain text of the cookie. */
static char *make_text(const struct session *session, size_t step) {
    struct view value = view_new();
    view_text(&value, "id", session->id);
    view_text(&value, "provider", session->provider);
    view_number(&value, "signed_in", session->signed_in);
    view_number(&value, "checked", session->checked);
    view_number(&value, "expires", session->expires);
    view_add(&value, "profile", session_trim(session->profile, step));
    char *text = view_print(&value);
    view_free(&value);
    return text;
}

enum error_code session_write(const struct config *config, const struct request *request, const struct session *session,
                              struct response *response, struct error *error) {
    const size_t room = COOKIE_MAX - sizeof SESSION_COOKIE - ATTRIBUTES_MAX;
    struct buffer sealed = BUFFER_EMPTY;
    char *text = NULL;
    enum error_code code = ERROR_NONE;
    for (size_t step = 0; step < SESSION_TRIM_STEPS; step++) {
        json_free_text(text);
        text = make_text(session, step);
        if (text == NULL || seal_sealed_length(strlen(text)) <= room)
            break;
    }
    if (text != NULL &&
        seal_close(&config->keys, KEY_FOR_SESSION, "", session->expires, text, strlen(text), &sealed) == SEAL_DONE)
        response_cookie(response, SESSION_COOKIE, buffer_text(&sealed), session->expires - request->now);
    else
        code = error_out_of_memory(error);
    json_free_text(text);
    buffer_free(&sealed);
    return code;
}

void session_remove(const struct request *request, struct response *response) {
    size_t len;
    if (request_cookie(request, SESSION_COOKIE, &len) != NULL)
        response_cookie(response, SESSION_COOKIE, "", 0);
}

void session_clear(struct session *session) {
    json_free(session->profile);
    session->profile = NULL;
}

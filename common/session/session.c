/* SPDX-License-Identifier: MIT */
#include "session/session.h"

#include "base/json.h"
#include "base/text.h"
#include "seal/seal.h"
#include "session/gate_judgement.h"
#include "session/session_keys.h"

#include <string.h>

enum { SESSION_ID_BYTES = 32 };

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
    if (!text_copy(session->id, sizeof session->id, json_string(value, SESSION_ID)) || session->id[0] == '\0' ||
        !text_copy(session->provider, sizeof session->provider, json_string(value, SESSION_PROVIDER)) ||
        !json_integer(json_member(value, SESSION_SIGNED_IN), &session->signed_in) ||
        !json_integer(json_member(value, SESSION_CHECKED), &session->checked) ||
        !json_integer(json_member(value, SESSION_EXPIRES), &session->expires) ||
        !cJSON_IsObject(json_member(value, SESSION_PROFILE)))
        return false;
    /* A cookie of a version without a gate has none, as one of a config without rules. */
    text_copy(session->judged, sizeof session->judged, json_string(value, SESSION_JUDGED));
    session->profile = cJSON_DetachItemFromObjectCaseSensitive(value, SESSION_PROFILE);
    return true;
}

static enum error_code read_text(const struct config *config, const struct secret *text, struct session *session,
                                 struct error *error) {
    cJSON *sealed = NULL, *value = NULL;
    const enum json_result parsed = json_parse(secret_text(text), text->len, &sealed, NULL);
    if (parsed == JSON_PARSED)
        value = session_keys_long(sealed);
    json_free(sealed);
    if (parsed == JSON_NO_MEMORY || (parsed == JSON_PARSED && value == NULL))
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
    return request->now >= session->checked + config->session_recheck || request->now < session->checked ||
           !gate_judgement_is_current(config, session);
}

/* Makes the plain text of the cookie, to be freed with json_free_text; NULL when memory runs out. */
static char *make_text(const struct session *session, const cJSON *profile, int64_t checked) {
    struct view value = view_new();
    view_text(&value, SESSION_ID, session->id);
    view_text(&value, SESSION_PROVIDER, session->provider);
    view_number(&value, SESSION_SIGNED_IN, session->signed_in);
    view_number(&value, SESSION_CHECKED, checked);
    view_number(&value, SESSION_EXPIRES, session->expires);
    view_copy(&value, SESSION_PROFILE, profile);
    if (session->judged[0] != '\0')
        view_text(&value, SESSION_JUDGED, session->judged);
    cJSON *shortened = view_json(&value) != NULL ? session_keys_short(view_json(&value)) : NULL;
    char *text = shortened != NULL ? json_print(shortened) : NULL;
    json_free(shortened);
    view_free(&value);
    return text;
}

/* Makes the text of at most `max` bytes. What has to be left out beside a redirect, whose Location may take the room,
 * comes back with the next page, which then asks the store. */
static char *make_fitting_text(const struct session *session, bool redirect, size_t max) {
    const int64_t checked = redirect ? 0 : session->checked;
    cJSON *profile = session_trim(session->profile);
    char *text = profile != NULL ? make_text(session, profile, session->checked) : NULL;
    while (text != NULL && strlen(text) > max && session_shorten(profile, strlen(text) - max)) {
        json_free_text(text);
        text = make_text(session, profile, checked);
    }
    json_free(profile);
    return text;
}

/* How many bytes of plain text there is room for: a browser drops a cookie that is too long, and a web server between
 * refuses the whole response. */
static size_t room(const struct response *response) {
    static const char around[] = "Set-Cookie: " SESSION_COOKIE "=; Path=/; Secure; HttpOnly; SameSite=Lax; "
                                 "Max-Age=12345678\r\n";
    const size_t left = response_room(response);
    const size_t size = left < COOKIE_MAX ? left : COOKIE_MAX;
    return size > sizeof around ? seal_plain_length(size - sizeof around) : 0;
}

enum error_code session_write(const struct config *config, const struct request *request, const struct session *session,
                              struct response *response, struct error *error) {
    struct buffer sealed = BUFFER_EMPTY;
    if (response->status == 0)
        return error_set(error, ERROR_INTERNAL, "a session is to be written before its response is made");
    char *text = make_fitting_text(session, response->status == 302 || response->status == 303, room(response));
    enum error_code code = ERROR_NONE;
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

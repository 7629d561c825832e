/* SPDX-License-Identifier: MIT */
#include "oauth/callback_user.h"

#include "base/json.h"
#include "seal/seal.h"

#include <string.h>

/* Finds the parameter, and the state that it belongs to. */
static bool find(const struct provider *provider, const struct query *query, const char **text, const char **state) {
    return provider->callback_user != NULL && query_find(query, provider->callback_user, text) == QUERY_FOUND &&
           query_find(query, "state", state) == QUERY_FOUND && strlen(*state) <= AUTHORIZATION_STATE_MAX;
}

/* Reads the object; *user is NULL for anything else. */
static enum error_code read(const char *text, size_t len, cJSON **user, struct error *error) {
    *user = NULL;
    if (json_parse(text, len, user, NULL) == JSON_NO_MEMORY)
        return error_out_of_memory(error);
    if (cJSON_IsObject(*user) && !json_has_duplicate_key(*user, NULL))
        return ERROR_NONE;
    json_free(*user);
    *user = NULL;
    return ERROR_NONE;
}

enum error_code callback_user_seal(const struct config *config, const struct provider *provider,
                                   const struct query *form, int64_t now, struct buffer *out, struct error *error) {
    const char *text, *state;
    cJSON *user;
    if (!find(provider, form, &text, &state) || strlen(text) > CALLBACK_USER_MAX)
        return ERROR_NONE;
    enum error_code code = read(text, strlen(text), &user, error);
    if (code == ERROR_NONE && user != NULL &&
        seal_close(&config->keys, KEY_FOR_CALLBACK_USER, state, now + CALLBACK_USER_SECONDS, text, strlen(text), out) ==
            SEAL_NO_MEMORY)
        code = error_out_of_memory(error);
    json_free(user);
    return code;
}

enum error_code callback_user_open(const struct config *config, const struct provider *provider,
                                   const struct query *query, int64_t now, cJSON **user, struct error *error) {
    const char *text, *state;
    struct secret *plain;
    enum error_code code = ERROR_NONE;
    *user = NULL;
    if (!find(provider, query, &text, &state))
        return ERROR_NONE;
    switch (seal_open(&config->keys, KEY_FOR_CALLBACK_USER, state, now, text, strlen(text), &plain)) {
    case SEAL_DONE: code = read(secret_text(plain), plain->len, user, error); break;
    case SEAL_REFUSED: break;
    case SEAL_NO_MEMORY: code = error_out_of_memory(error); break;
    }
    secret_free(plain);
    return code;
}

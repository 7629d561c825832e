/* SPDX-License-Identifier: MIT */
#include "store/token_record.h"

#include "base/buffer.h"
#include "base/json.h"
#include "store/token_seal.h"
#include "store/user.h"

static const char ACCESS_TOKEN[] = "accessToken", REFRESH_TOKEN[] = "refreshToken";

/* The nulls take away what an older token left. */
static cJSON *token_facts(const struct token *token, int64_t now) {
    const int64_t seconds = token->expires_in;
    cJSON *facts = cJSON_CreateObject();
    if (json_add(facts, "obtainedAt", user_date(now * 1000)) &&
        json_add(facts, "expiresAt", seconds > 0 ? user_date((now + seconds) * 1000) : cJSON_CreateNull()) &&
        json_add(facts, "invalidSince", cJSON_CreateNull()) && json_add(facts, "renewingUntil", cJSON_CreateNull()) &&
        (token->scopes == NULL || json_add(facts, "scopes", cJSON_Duplicate(token->scopes, true))))
        return facts;
    json_free(facts);
    return NULL;
}

/* A token as it is stored; null for none. */
static cJSON *stored_token(const struct config *config, const char *provider, const char *id, const char *kind,
                           const struct secret *token) {
    if (token == NULL)
        return cJSON_CreateNull();
    if (!config->seal_tokens)
        return cJSON_CreateString(secret_text(token));
    char *sealed = token_seal_close(&config->keys, (struct token_owner){provider, id, kind}, token);
    cJSON *text = sealed != NULL ? cJSON_CreateString(sealed) : NULL;
    buffer_free_text(sealed);
    return text;
}

enum error_code token_record_make(const struct config *config, const char *provider, const char *id,
                                  const struct token *token, int64_t now, struct credentials *credentials,
                                  struct error *error) {
    cJSON *members = credentials->members = cJSON_CreateObject();
    if (json_add(members, ACCESS_TOKEN, stored_token(config, provider, id, ACCESS_TOKEN, token->access_token)) &&
        json_add(members, REFRESH_TOKEN, stored_token(config, provider, id, REFRESH_TOKEN, token->refresh_token)) &&
        json_add(members, "token", token_facts(token, now)))
        return ERROR_NONE;
    credentials_clear(credentials);
    return error_out_of_memory(error);
}

static int64_t seconds_of(const cJSON *facts, const char *key) {
    const int64_t milliseconds = user_date_milliseconds(json_member(facts, key));
    return milliseconds > 0 ? milliseconds / 1000 : 0;
}

enum error_code token_record_read(const struct config *config, const char *provider, const cJSON *document,
                                  struct token_record *record, struct error *error) {
    const cJSON *account = json_member(document, provider);
    const cJSON *facts = json_member(account, "token");
    const char *id = json_string(account, "id");
    const char *refresh = json_string(account, REFRESH_TOKEN);
    *record = (struct token_record){.stored = json_string(account, ACCESS_TOKEN),
                                    .obtained = seconds_of(facts, "obtainedAt"),
                                    .expires = seconds_of(facts, "expiresAt"),
                                    .invalid = cJSON_IsObject(json_member(facts, "invalidSince"))};
    if (id == NULL || record->stored == NULL)
        return error_set(error, ERROR_NOT_FOUND, "no token is stored");
    record->token.access_token =
        token_seal_open(&config->keys, (struct token_owner){provider, id, ACCESS_TOKEN}, record->stored);
    if (refresh != NULL)
        record->token.refresh_token =
            token_seal_open(&config->keys, (struct token_owner){provider, id, REFRESH_TOKEN}, refresh);
    if (record->token.access_token != NULL && (refresh == NULL || record->token.refresh_token != NULL))
        return ERROR_NONE;
    token_record_clear(record);
    return error_set(error, ERROR_CONFIG, "the token cannot be opened: the key that sealed it is not among `keys`");
}

static bool is_current(const struct config *config, const cJSON *account, const char *key) {
    const char *stored = json_string(account, key);
    return stored == NULL || token_seal_is_current(&config->keys, stored);
}

cJSON *token_record_reseal_patch(const struct config *config, const char *provider, const cJSON *document,
                                 const struct token_record *record) {
    const cJSON *account = json_member(document, provider);
    const char *id = json_string(account, "id");
    if (!config->seal_tokens ||
        (is_current(config, account, ACCESS_TOKEN) && is_current(config, account, REFRESH_TOKEN)))
        return NULL;
    cJSON *patch = cJSON_CreateObject();
    if (json_add(patch, ACCESS_TOKEN, stored_token(config, provider, id, ACCESS_TOKEN, record->token.access_token)) &&
        (record->token.refresh_token == NULL ||
         json_add(patch, REFRESH_TOKEN,
                  stored_token(config, provider, id, REFRESH_TOKEN, record->token.refresh_token))))
        return patch;
    json_free(patch);
    return NULL;
}

cJSON *token_record_lease_patch(int64_t until) {
    cJSON *patch = cJSON_CreateObject();
    cJSON *facts = cJSON_AddObjectToObject(patch, "token");
    if (json_add(facts, "renewingUntil", until != 0 ? user_date(until * 1000) : cJSON_CreateNull()))
        return patch;
    json_free(patch);
    return NULL;
}

cJSON *token_record_invalid_patch(int64_t now) {
    cJSON *patch = cJSON_CreateObject();
    cJSON *facts = cJSON_AddObjectToObject(patch, "token");
    if (json_add(facts, "invalidSince", user_date(now * 1000)) && json_add(facts, "renewingUntil", cJSON_CreateNull()))
        return patch;
    json_free(patch);
    return NULL;
}

cJSON *token_record_removal_patch(void) {
    cJSON *patch = cJSON_CreateObject();
    if (cJSON_AddNullToObject(patch, ACCESS_TOKEN) != NULL && cJSON_AddNullToObject(patch, REFRESH_TOKEN) != NULL &&
        cJSON_AddNullToObject(patch, "token") != NULL)
        return patch;
    json_free(patch);
    return NULL;
}

void token_record_clear(struct token_record *record) {
    token_clear(&record->token);
    *record = (struct token_record){.obtained = 0};
}

/* SPDX-License-Identifier: MIT */
#include "store/token_record.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/view.h"
#include "store/token_seal.h"
#include "store/user.h"
#include "store/document_fields.h"

/* The nulls remove what an older token left. */
static cJSON *token_facts(const struct token *token, int64_t now) {
    const int64_t seconds = token->expires_in;
    cJSON *facts = cJSON_CreateObject();
    if (json_add(facts, FIELD_OBTAINED_AT, user_date(now)) &&
        json_add(facts, FIELD_EXPIRES_AT, seconds > 0 ? user_date(now + seconds) : cJSON_CreateNull()) &&
        json_add(facts, FIELD_INVALID_SINCE, cJSON_CreateNull()) && json_add(facts, FIELD_LEASE, cJSON_CreateNull()) &&
        (token->scopes == NULL || json_add(facts, FIELD_SCOPES, cJSON_Duplicate(token->scopes, true))))
        return facts;
    json_free(facts);
    return NULL;
}

/* Adds the stored form of a token to its owner's members. */
static enum error_code add_token(const struct config *config, struct token_owner owner, const struct secret *token,
                                 cJSON *members, struct error *error) {
    char *sealed = NULL;
    const enum seal_result result =
        config->seal_tokens ? token_seal_close(&config->keys, owner, token, &sealed) : SEAL_DONE;
    if (result == SEAL_REFUSED)
        return error_set(error, ERROR_INTERNAL, "the %s cannot be sealed: it has more than %d characters", owner.kind,
                         ACCESS_TOKEN_MAX);
    const bool added =
        result == SEAL_DONE &&
        json_add(members, owner.kind, cJSON_CreateString(config->seal_tokens ? sealed : secret_text(token)));
    buffer_free_text(sealed);
    return added ? ERROR_NONE : error_out_of_memory(error);
}

enum error_code token_record_make(const struct config *config, const char *provider, const char *id,
                                  const struct token *token, int64_t now, struct credentials *credentials,
                                  struct error *error) {
    const struct token_owner access = {provider, id, FIELD_ACCESS_TOKEN}, refresh = {provider, id, FIELD_REFRESH_TOKEN};
    cJSON *members = credentials->members = cJSON_CreateObject();
    enum error_code code = add_token(config, access, token->access_token, members, error);
    if (code == ERROR_NONE && token->refresh_token != NULL)
        code = add_token(config, refresh, token->refresh_token, members, error);
    else if (code == ERROR_NONE && !json_add(members, FIELD_REFRESH_TOKEN, cJSON_CreateNull()))
        code = error_out_of_memory(error);
    if (code == ERROR_NONE && !json_add(members, FIELD_TOKEN, token_facts(token, now)))
        code = error_out_of_memory(error);
    if (code != ERROR_NONE)
        credentials_clear(credentials);
    return code;
}

/* Reads a time; 0 if it is not known. */
static int64_t time_of(const cJSON *facts, const char *field) {
    const int64_t seconds = user_date_seconds(json_member(facts, field));
    return seconds > 0 ? seconds : 0;
}

enum error_code token_record_read(const struct config *config, const char *provider, const cJSON *document,
                                  struct token_record *record, struct error *error) {
    const cJSON *account = json_member(document, provider);
    const cJSON *facts = json_member(account, FIELD_TOKEN);
    const char *id = json_string(account, FIELD_ID);
    const char *refresh = json_string(account, FIELD_REFRESH_TOKEN);
    *record = (struct token_record){.stored = json_string(account, FIELD_ACCESS_TOKEN),
                                    .obtained = time_of(facts, FIELD_OBTAINED_AT),
                                    .expires = time_of(facts, FIELD_EXPIRES_AT),
                                    .invalid = cJSON_IsObject(json_member(facts, FIELD_INVALID_SINCE))};
    if (id == NULL || record->stored == NULL)
        return error_set(error, ERROR_NOT_FOUND, "no token is stored");
    enum seal_result result = token_seal_open(&config->keys, (struct token_owner){provider, id, FIELD_ACCESS_TOKEN},
                                              record->stored, &record->token.access_token);
    if (result == SEAL_DONE && refresh != NULL)
        result = token_seal_open(&config->keys, (struct token_owner){provider, id, FIELD_REFRESH_TOKEN}, refresh,
                                 &record->token.refresh_token);
    if (result == SEAL_DONE)
        return ERROR_NONE;
    token_record_clear(record);
    if (result == SEAL_NO_MEMORY)
        return error_out_of_memory(error);
    return error_set(error, ERROR_CONFIG, "the token cannot be opened: the key that sealed it is not among `keys`");
}

static bool is_current(const struct config *config, const cJSON *account, const char *key) {
    const char *stored = json_string(account, key);
    return stored == NULL || token_seal_is_current(&config->keys, stored);
}

enum error_code token_record_reseal_patch(const struct config *config, const char *provider, const cJSON *document,
                                          const struct token_record *record, cJSON **patch, struct error *error) {
    const cJSON *account = json_member(document, provider);
    const char *id = json_string(account, FIELD_ID);
    *patch = NULL;
    if (!config->seal_tokens ||
        (is_current(config, account, FIELD_ACCESS_TOKEN) && is_current(config, account, FIELD_REFRESH_TOKEN)))
        return ERROR_NONE;
    const struct token_owner access = {provider, id, FIELD_ACCESS_TOKEN}, refresh = {provider, id, FIELD_REFRESH_TOKEN};
    cJSON *sealed = cJSON_CreateObject();
    enum error_code code = add_token(config, access, record->token.access_token, sealed, error);
    if (code == ERROR_NONE && record->token.refresh_token != NULL)
        code = add_token(config, refresh, record->token.refresh_token, sealed, error);
    if (code == ERROR_NONE)
        *patch = sealed;
    else
        json_free(sealed);
    return code;
}

cJSON *token_record_lease_patch(int64_t until) {
    struct view patch = view_new();
    struct view facts = view_object(&patch, FIELD_TOKEN);
    view_add(&facts, FIELD_LEASE, until != 0 ? user_date(until) : cJSON_CreateNull());
    return view_take(&patch);
}

cJSON *token_record_invalid_patch(int64_t now) {
    struct view patch = view_new();
    struct view facts = view_object(&patch, FIELD_TOKEN);
    view_add(&facts, FIELD_INVALID_SINCE, user_date(now));
    view_add(&facts, FIELD_LEASE, cJSON_CreateNull());
    return view_take(&patch);
}

cJSON *token_record_removal_patch(void) {
    struct view patch = view_new();
    view_add(&patch, FIELD_ACCESS_TOKEN, cJSON_CreateNull());
    view_add(&patch, FIELD_REFRESH_TOKEN, cJSON_CreateNull());
    view_add(&patch, FIELD_TOKEN, cJSON_CreateNull());
    return view_take(&patch);
}

void token_record_clear(struct token_record *record) {
    token_clear(&record->token);
    *record = (struct token_record){.obtained = 0};
}

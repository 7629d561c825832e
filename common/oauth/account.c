/* SPDX-License-Identifier: MIT */
#include "oauth/account.h"

#include "base/json.h"
#include "base/json_pointer.h"
#include "base/query.h"
#include "base/text.h"
#include "oauth/provider_response.h"

#include <string.h>

static bool is_id_field(const char *field) {
    return strcmp(field, "id") == 0 || strcmp(field, "user_id") == 0;
}

static void add_text(cJSON *account, const char *field, const cJSON *value) {
    char text[PROFILE_FIELD_MAX];
    if (cJSON_IsString(value) && !is_id_field(field)) {
        if (strlen(value->valuestring) < PROFILE_FIELD_MAX)
            cJSON_AddStringToObject(account, field, value->valuestring);
    } else if (json_identifier(value, text, is_id_field(field) ? PROVIDER_ID_MAX + 1 : sizeof text)) {
        cJSON_AddStringToObject(account, field, text);
    }
}

static void add_counts(cJSON *account, const cJSON *map, const cJSON *root) {
    cJSON *counts = cJSON_CreateObject();
    for (const cJSON *entry = map->child; entry != NULL; entry = entry->next) {
        int64_t count;
        if (json_integer(json_pointer_first(root, entry), &count) && count >= 0 && count <= JSON_EXACT_MAX)
            cJSON_AddNumberToObject(counts, entry->string, (double)count);
    }
    if (cJSON_GetArraySize(counts) == 0 || !cJSON_AddItemToObject(account, "counts", counts))
        json_free(counts);
}

static enum error_code map_profile(const struct provider *provider, const cJSON *root, const struct token *token,
                                   cJSON **account, struct error *error) {
    cJSON *mapped = cJSON_CreateObject();
    for (const cJSON *entry = provider->profile->child; entry != NULL; entry = entry->next) {
        if (cJSON_IsObject(entry))
            add_counts(mapped, entry, root);
        else
            add_text(mapped, entry->string, json_pointer_first(root, entry));
    }
    if (json_string(mapped, "id") == NULL) {
        json_free(mapped);
        return error_set(error, ERROR_PROVIDER,
                         "the profile has no usable id: expected a text or whole number of at most "
                         "%d characters",
                         PROVIDER_ID_MAX);
    }
    if (token->user_id[0] != '\0' && json_string(mapped, "user_id") == NULL)
        cJSON_AddStringToObject(mapped, "user_id", token->user_id);
    *account = mapped;
    return ERROR_NONE;
}

static void build_url(const struct provider *provider, const struct token *token, struct buffer *url) {
    const cJSON *params = provider->profile_params;
    buffer_append_text(url, provider->profile_url);
    for (const cJSON *item = params != NULL ? params->child : NULL; item != NULL; item = item->next)
        query_append_to_url(url, item->string, item->valuestring);
    if (!provider->profile_auth_bearer)
        query_append_to_url(url, "access_token", secret_text(token->access_token));
}

enum error_code account_read(struct http_client *client, const struct provider *provider, const struct token *token,
                             cJSON **account, struct error *error) {
    struct buffer url = BUFFER_EMPTY;
    struct http_response http = {.status = 0};
    struct provider_response answer = {.document = NULL};
    const char *const secrets[] = {secret_text(token->access_token), secret_text(provider->client_secret), NULL};
    const struct provider_call question = {"profile endpoint", json_member(provider->profile, "id"), secrets};
    *account = NULL;
    build_url(provider, token, &url);
    const struct http_request call = {.url = buffer_text(&url),
                                      .bearer = provider->profile_auth_bearer ? secret_text(token->access_token) : NULL,
                                      .ca_file = provider->ca_file};
    enum error_code code = url.failed ? error_out_of_memory(error) : http_client_call(client, &call, &http, error);
    if (code == ERROR_NONE)
        code = provider_response_read(provider, &question, &http, &answer, error);
    if (code == ERROR_NONE)
        code = map_profile(provider, answer.root, token, account, error);
    json_free(answer.document);
    http_response_free(&http);
    buffer_free(&url);
    return code;
}

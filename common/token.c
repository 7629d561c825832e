/* SPDX-License-Identifier: MIT */
#include "token.h"

#include "json.h"
#include "provider_answer.h"
#include "query.h"

#include <string.h>
#include <strings.h>

static void build_form(const struct provider *provider, const char *code, const char *verifier, struct buffer *form) {
    query_append_to_form(form, "grant_type", "authorization_code");
    query_append_to_form(form, "code", code);
    query_append_to_form(form, "redirect_uri", provider->callback_url);
    if (provider->pkce)
        query_append_to_form(form, "code_verifier", verifier);
    if (!provider->token_auth_basic) {
        query_append_to_form(form, "client_id", provider->client_id);
        query_append_to_form(form, "client_secret", secret_text(provider->client_secret));
    }
}

/* Scopes come as an array, or as a string separated by spaces (RFC 6749, section 3.3) or commas (Instagram). */
static cJSON *read_scopes(const cJSON *root) {
    const cJSON *value = json_member(root, "permissions");
    if (value == NULL)
        value = json_member(root, "scope");
    if (!cJSON_IsArray(value) && !cJSON_IsString(value))
        return NULL;
    cJSON *scopes = cJSON_CreateArray();
    for (const cJSON *item = cJSON_IsArray(value) ? value->child : NULL; item != NULL; item = item->next)
        if (cJSON_IsString(item))
            cJSON_AddItemToArray(scopes, cJSON_CreateString(item->valuestring));
    for (const char *at = cJSON_IsString(value) ? value->valuestring : ""; *at != '\0';) {
        struct buffer scope = BUFFER_EMPTY;
        at += strspn(at, " ,");
        const size_t len = strcspn(at, " ,");
        buffer_append(&scope, at, len);
        if (len != 0)
            cJSON_AddItemToArray(scopes, cJSON_CreateString(buffer_text(&scope)));
        buffer_free(&scope);
        at += len;
    }
    return scopes;
}

static enum error_code read_token(const cJSON *root, struct token *token, struct error *error) {
    const char *text = json_string(root, "access_token");
    const char *type = json_string(root, "token_type");
    if (text == NULL || *text == '\0' || strlen(text) > ACCESS_TOKEN_MAX)
        return error_set(error, ERROR_PROVIDER, "the token endpoint answered an access token that is no text of 1 to %d "
                                                "characters", ACCESS_TOKEN_MAX);
    /* RFC 6749, section 7.1: a token of a type that is not understood must not be used. Instagram names none. */
    if (type != NULL && strcasecmp(type, "bearer") != 0)
        return error_set(error, ERROR_PROVIDER, "the token endpoint answered a token that is no bearer token");
    for (const char *at = text; *at != '\0'; at++)
        if (*at < 0x21 || *at > 0x7E)
            return error_set(error, ERROR_PROVIDER, "the token endpoint answered a token with unfit characters");
    token->access_token = secret_copy(text, strlen(text));
    if (token->access_token == NULL)
        return error_out_of_memory(error);
    if (!json_identifier(json_member(root, "user_id"), token->user_id, sizeof token->user_id))
        token->user_id[0] = '\0';
    if (!json_integer(json_member(root, "expires_in"), &token->expires_in) || token->expires_in < 0 ||
        token->expires_in > INT32_MAX)
        token->expires_in = 0;
    token->scopes = read_scopes(root);
    return ERROR_NONE;
}

enum error_code token_exchange(struct http_client *client, const struct provider *provider, const char *code,
                               const char *verifier, struct token *token, struct error *error) {
    struct buffer form = BUFFER_EMPTY, user = BUFFER_EMPTY, password = BUFFER_EMPTY;
    struct http_answer answer = {.status = 0};
    struct http_call call = {.url = provider->token_url, .ca_file = provider->ca_file};
    const char *const secrets[] = {secret_text(provider->client_secret), code, verifier, NULL};
    const cJSON *root;
    cJSON *document = NULL;
    enum error_code result;
    *token = (struct token){.expires_in = 0};
    build_form(provider, code, verifier, &form);
    query_append_encoded(&user, provider->client_id);
    query_append_encoded(&password, secret_text(provider->client_secret));
    if (form.failed || user.failed || password.failed) {
        result = error_out_of_memory(error);
        goto done;
    }
    call.form = buffer_text(&form);
    if (provider->token_auth_basic) {
        call.user = buffer_text(&user);
        call.password = buffer_text(&password);
    }
    result = http_client_call(client, &call, &answer, error);
    if (result == ERROR_NONE)
        result = provider_answer_read(provider, "token endpoint", &answer, "/access_token", secrets, &document, &root,
                                      error);
    if (result == ERROR_NONE)
        result = read_token(root, token, error);
done:
    json_free(document);
    http_answer_free(&answer);
    buffer_free(&form);
    buffer_free(&user);
    buffer_free(&password);
    if (result != ERROR_NONE)
        token_clear(token);
    return result;
}

void token_clear(struct token *token) {
    secret_free(token->access_token);
    json_free(token->scopes);
    *token = (struct token){.expires_in = 0};
}

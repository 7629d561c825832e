/* SPDX-License-Identifier: MIT */
#include "oauth/token_endpoint.h"

#include "base/json.h"
#include "base/query.h"
#include "oauth/provider_response.h"

#include <string.h>
#include <strings.h>

static const char TOKEN_ENDPOINT[] = "token endpoint";

/* What is no scope (RFC 6749, section 3.3), or too much, is left out. */
static void add_scope(cJSON *scopes, const char *text, size_t len) {
    char scope[SCOPE_MAX + 1];
    if (len == 0 || len > SCOPE_MAX || cJSON_GetArraySize(scopes) >= SCOPES_MAX)
        return;
    for (size_t i = 0; i < len; i++)
        if (text[i] < 0x21 || text[i] > 0x7E)
            return;
    memcpy(scope, text, len);
    scope[len] = '\0';
    cJSON_AddItemToArray(scopes, cJSON_CreateString(scope));
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
            add_scope(scopes, item->valuestring, strlen(item->valuestring));
    for (const char *at = cJSON_IsString(value) ? value->valuestring : ""; *at != '\0';) {
        at += strspn(at, " ,");
        const size_t len = strcspn(at, " ,");
        add_scope(scopes, at, len);
        at += len;
    }
    return scopes;
}

/* A token of the answer as a secret. False if it is no text of 1 to ACCESS_TOKEN_MAX visible characters. */
static bool read_secret(const cJSON *root, const char *key, struct secret **secret) {
    const char *text = json_string(root, key);
    const size_t len = text != NULL ? strlen(text) : 0;
    if (len == 0 || len > ACCESS_TOKEN_MAX)
        return false;
    for (const char *at = text; *at != '\0'; at++)
        if (*at < 0x21 || *at > 0x7E)
            return false;
    *secret = secret_copy(text, len);
    return *secret != NULL;
}

static enum error_code read_token(const cJSON *root, struct token *token, struct error *error) {
    const char *type = json_string(root, "token_type");
    /* RFC 6749, section 7.1: a token of a type that is not understood must not be used. Instagram names none. */
    if (type != NULL && strcasecmp(type, "bearer") != 0)
        return error_set(error, ERROR_PROVIDER, "the %s answered a token that is no bearer token", TOKEN_ENDPOINT);
    if (!read_secret(root, "access_token", &token->access_token))
        return error_set(error, ERROR_PROVIDER,
                         "the %s answered an access token that is no text of 1 to %d visible "
                         "characters",
                         TOKEN_ENDPOINT, ACCESS_TOKEN_MAX);
    read_secret(root, "refresh_token", &token->refresh_token);
    if (!json_identifier(json_member(root, "user_id"), token->user_id, sizeof token->user_id))
        token->user_id[0] = '\0';
    if (!json_integer(json_member(root, "expires_in"), &token->expires_in) || token->expires_in < 0 ||
        token->expires_in > INT32_MAX)
        token->expires_in = 0;
    token->scopes = read_scopes(root);
    return ERROR_NONE;
}

/* What every call to a token endpoint shares. */
struct exchange {
    struct http_client *client;
    const struct provider *provider;
    const char *const *secrets; /* what the call sends and a log must not show */
};

/* Makes the call and reads the token in its answer. On failure `token` is empty. */
static enum error_code fetch(const struct exchange *exchange, const struct http_request *call, struct token *token,
                             struct error *error) {
    struct http_response http = {.status = 0};
    struct provider_response answer = {.document = NULL};
    cJSON *wanted = cJSON_CreateStringReference("/access_token");
    const struct provider_call question = {TOKEN_ENDPOINT, wanted, exchange->secrets};
    *token = (struct token){.expires_in = 0};
    enum error_code code = http_client_call(exchange->client, call, &http, error);
    if (code == ERROR_NONE)
        code = provider_response_read(exchange->provider, &question, &http, &answer, error);
    if (code == ERROR_NONE)
        code = read_token(answer.root, token, error);
    cJSON_Delete(wanted);
    json_free(answer.document);
    http_response_free(&http);
    if (code != ERROR_NONE)
        token_clear(token);
    return code;
}

/* Posts a form as the client that the provider knows: its secret in the form, or in HTTP Basic (RFC 6749, section
 * 2.3.1). */
static enum error_code post_as_client(const struct exchange *exchange, const char *url, struct buffer *form,
                                      struct token *token, struct error *error) {
    const struct provider *provider = exchange->provider;
    struct buffer user = BUFFER_EMPTY, password = BUFFER_EMPTY;
    struct http_request call = {.url = url, .ca_file = provider->ca_file};
    if (provider->token_auth_basic) {
        query_append_encoded(&user, provider->client_id);
        query_append_encoded(&password, secret_text(provider->client_secret));
        call.user = buffer_text(&user);
        call.password = buffer_text(&password);
    } else {
        query_append_to_form(form, "client_id", provider->client_id);
        query_append_to_form(form, "client_secret", secret_text(provider->client_secret));
    }
    call.form = buffer_text(form);
    *token = (struct token){.expires_in = 0};
    const enum error_code code = form->failed || user.failed || password.failed ? error_out_of_memory(error)
                                                                                : fetch(exchange, &call, token, error);
    buffer_free(&user);
    buffer_free(&password);
    return code;
}

enum error_code token_exchange(struct http_client *client, const struct provider *provider,
                               const struct code_grant *grant, struct token *token, struct error *error) {
    struct buffer form = BUFFER_EMPTY;
    const char *const secrets[] = {secret_text(provider->client_secret), grant->code, grant->verifier, NULL};
    const struct exchange exchange = {client, provider, secrets};
    query_append_to_form(&form, "grant_type", "authorization_code");
    query_append_to_form(&form, "code", grant->code);
    query_append_to_form(&form, "redirect_uri", provider->callback_url);
    if (provider->pkce)
        query_append_to_form(&form, "code_verifier", grant->verifier);
    const enum error_code code = post_as_client(&exchange, provider->token_url, &form, token, error);
    buffer_free(&form);
    return code;
}

/* Takes over what is new, and keeps what the answer left out (RFC 6749, section 6: the refresh token, the scopes). */
static void replace_token(struct token *token, struct token *renewed) {
    secret_free(token->access_token);
    token->access_token = renewed->access_token;
    renewed->access_token = NULL;
    token->expires_in = renewed->expires_in;
    if (renewed->refresh_token != NULL) {
        secret_free(token->refresh_token);
        token->refresh_token = renewed->refresh_token;
        renewed->refresh_token = NULL;
    }
    if (renewed->scopes != NULL) {
        json_free(token->scopes);
        token->scopes = renewed->scopes;
        renewed->scopes = NULL;
    }
    token_clear(renewed);
}

/* Instagram's way to swap a token: a GET with the token in the query. `url` holds the rest. */
static enum error_code get_with_token(struct http_client *client, const struct provider *provider, struct buffer *url,
                                      struct token *token, struct error *error) {
    struct token renewed = {.expires_in = 0};
    const char *const secrets[] = {secret_text(provider->client_secret), secret_text(token->access_token), NULL};
    const struct exchange exchange = {client, provider, secrets};
    query_append_to_url(url, "access_token", secret_text(token->access_token));
    const struct http_request call = {.url = buffer_text(url), .ca_file = provider->ca_file};
    const enum error_code code = url->failed ? error_out_of_memory(error) : fetch(&exchange, &call, &renewed, error);
    if (code == ERROR_NONE)
        replace_token(token, &renewed);
    return code;
}

enum error_code token_exchange_long_lived(struct http_client *client, const struct provider *provider,
                                          struct token *token, struct error *error) {
    struct buffer url = BUFFER_EMPTY;
    if (provider->long_lived_url == NULL)
        return ERROR_NONE;
    buffer_append_text(&url, provider->long_lived_url);
    query_append_to_url(&url, "grant_type", provider->long_lived_grant);
    query_append_to_url(&url, "client_secret", secret_text(provider->client_secret));
    const enum error_code code = get_with_token(client, provider, &url, token, error);
    buffer_free(&url);
    return code;
}

static enum error_code renew_with_itself(struct http_client *client, const struct provider *provider,
                                         struct token *token, struct error *error) {
    struct buffer url = BUFFER_EMPTY;
    buffer_append_text(&url, provider->refresh_url);
    query_append_to_url(&url, "grant_type", provider->refresh_grant);
    const enum error_code code = get_with_token(client, provider, &url, token, error);
    buffer_free(&url);
    return code;
}

static enum error_code renew_with_refresh_token(struct http_client *client, const struct provider *provider,
                                                struct token *token, struct error *error) {
    struct buffer form = BUFFER_EMPTY;
    struct token renewed = {.expires_in = 0};
    const char *const secrets[] = {secret_text(provider->client_secret), secret_text(token->refresh_token), NULL};
    const struct exchange exchange = {client, provider, secrets};
    query_append_to_form(&form, "grant_type", "refresh_token");
    query_append_to_form(&form, "refresh_token", secret_text(token->refresh_token));
    const enum error_code code = post_as_client(&exchange, provider->refresh_url, &form, &renewed, error);
    if (code == ERROR_NONE)
        replace_token(token, &renewed);
    buffer_free(&form);
    return code;
}

enum error_code token_refresh(struct http_client *client, const struct provider *provider, struct token *token,
                              struct error *error) {
    if (strcmp(provider->refresh_grant, "refresh_token") != 0)
        return renew_with_itself(client, provider, token, error);
    if (token->refresh_token == NULL)
        return error_set(error, ERROR_TOKEN_DEAD, "the provider gave no refresh token");
    return renew_with_refresh_token(client, provider, token, error);
}

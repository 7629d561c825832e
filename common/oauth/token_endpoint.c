/* SPDX-License-Identifier: MIT */
#include "oauth/token_endpoint.h"

#include "base/json.h"
#include "base/json_pointer.h"
#include "base/query.h"
#include "oauth/provider_response.h"

#include <string.h>
#include <strings.h>

static const char TOKEN_ENDPOINT[] = "token endpoint";

static bool is_visible(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (text[i] < 0x21 || text[i] > 0x7E)
            return false;
    return true;
}

/* Adds a scope. A text that is no scope (RFC 6749, section 3.3), or one too many, is left out. False when memory runs
 * out. */
static bool add_scope(cJSON *scopes, const char *text, size_t len) {
    char scope[SCOPE_MAX + 1];
    if (len == 0 || len > SCOPE_MAX || cJSON_GetArraySize(scopes) >= SCOPES_MAX || !is_visible(text, len))
        return true;
    memcpy(scope, text, len);
    scope[len] = '\0';
    return json_append(scopes, cJSON_CreateString(scope));
}

/* Splits the scopes at spaces (RFC 6749, section 3.3) and at commas. By the standard a scope may hold a comma, but many
 * providers separate by commas, and none is known to have a comma in a scope. */
static bool add_scopes(cJSON *scopes, const char *text) {
    static const char separators[] = " ,";
    bool added = true;
    while (added && *text != '\0') {
        text += strspn(text, separators);
        const size_t len = strcspn(text, separators);
        added = add_scope(scopes, text, len);
        text += len;
    }
    return added;
}

/* Reads the granted scopes, which are a string or an array; *scopes becomes NULL if the response names none. False when
 * memory runs out. */
static bool read_scopes(const struct provider *provider, const cJSON *root, cJSON **scopes) {
    const cJSON *value = provider->granted_scope != NULL ? json_pointer_first(root, provider->granted_scope)
                                                         : json_member(root, "scope");
    *scopes = NULL;
    if (!cJSON_IsArray(value) && !cJSON_IsString(value))
        return true;
    *scopes = cJSON_CreateArray();
    bool added = *scopes != NULL && (cJSON_IsArray(value) || add_scopes(*scopes, value->valuestring));
    for (const cJSON *item = value->child; added && item != NULL; item = item->next)
        added = !cJSON_IsString(item) || add_scope(*scopes, item->valuestring, strlen(item->valuestring));
    return added;
}

/* True for a token that can be used: a text of 1 to ACCESS_TOKEN_MAX visible characters. */
static bool is_token(const char *text) {
    const size_t len = text != NULL ? strlen(text) : 0;
    return len != 0 && len <= ACCESS_TOKEN_MAX && is_visible(text, len);
}

/* Returns the lifetime in seconds, or 0 if the response does not say. `expires` is how Facebook named it before the
 * standard did. */
static int64_t read_lifetime(const cJSON *root) {
    const int64_t seconds = json_seconds(json_member(root, "expires_in"), TOKEN_LIFETIME_MAX);
    return seconds != 0 ? seconds : json_seconds(json_member(root, "expires"), TOKEN_LIFETIME_MAX);
}

static void read_user_id(const struct provider *provider, const cJSON *root, struct token *token) {
    if (provider->token_user_id == NULL ||
        !json_identifier(json_pointer_first(root, provider->token_user_id), token->user_id, sizeof token->user_id))
        token->user_id[0] = '\0';
}

static enum error_code read_token(const struct provider *provider, const cJSON *root, struct token *token,
                                  struct error *error) {
    const char *type = json_string(root, "token_type");
    const char *access = json_string(root, "access_token"), *refresh = json_string(root, "refresh_token");
    /* A token of an unknown type must not be used (RFC 6749, section 7.1). A type is required (section 5.1), but some
     * providers name none. */
    if (type != NULL && strcasecmp(type, "bearer") != 0)
        return error_set(error, ERROR_PROVIDER, "the %s answered a token that is no bearer token", TOKEN_ENDPOINT);
    if (!is_token(access))
        return error_set(error, ERROR_PROVIDER,
                         "the %s answered an access token that is no text of 1 to %d visible "
                         "characters",
                         TOKEN_ENDPOINT, ACCESS_TOKEN_MAX);
    token->expires_in = read_lifetime(root);
    read_user_id(provider, root, token);
    token->access_token = secret_copy(access, strlen(access));
    token->refresh_token = is_token(refresh) ? secret_copy(refresh, strlen(refresh)) : NULL;
    if (!read_scopes(provider, root, &token->scopes) || token->access_token == NULL ||
        (is_token(refresh) && token->refresh_token == NULL))
        return error_out_of_memory(error);
    return ERROR_NONE;
}

/* What every call to a token endpoint shares. */
struct exchange {
    struct http_client *client;
    const struct provider *provider;
    const char *const *secrets; /* what the call sends and a log must not show */
    int64_t lifetime;           /* the lifetime of a token whose response names none, in seconds; 0: not known */
};

/* Makes the call and reads the token in the response. On failure `token` is empty. */
static enum error_code fetch(const struct exchange *exchange, const struct http_request *call, struct token *token,
                             struct error *error) {
    struct http_response http = {.status = 0};
    struct provider_response response = {.document = NULL};
    cJSON *wanted = cJSON_CreateStringReference("/access_token");
    const struct provider_call what = {exchange->provider, TOKEN_ENDPOINT, wanted, exchange->secrets};
    *token = (struct token){.expires_in = 0};
    enum error_code code =
        wanted != NULL ? http_client_call(exchange->client, call, &http, error) : error_out_of_memory(error);
    if (code == ERROR_NONE)
        code = provider_response_read(&what, &http, &response, error);
    if (code == ERROR_NONE)
        code = read_token(exchange->provider, response.root, token, error);
    if (token->expires_in == 0)
        token->expires_in = exchange->lifetime;
    cJSON_Delete(wanted);
    json_free(response.document);
    http_response_free(&http);
    if (code != ERROR_NONE)
        token_clear(token);
    return code;
}

/* Posts a form with the client's id and secret, in the form or in HTTP Basic (RFC 6749, section 2.3.1). */
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
    const struct exchange exchange = {client, provider, secrets, provider->token_lifetime};
    query_append_to_form(&form, "grant_type", "authorization_code");
    query_append_to_form(&form, "code", grant->code);
    query_append_to_form(&form, "redirect_uri", provider->callback_url);
    if (provider->pkce)
        query_append_to_form(&form, "code_verifier", grant->verifier);
    const enum error_code code = post_as_client(&exchange, provider->token_url, &form, token, error);
    buffer_free(&form);
    return code;
}

/* Takes over what is new. What the response left out (the refresh token, the scopes) stays as it was (RFC 6749, section
 * 6). */
static void replace_token(struct token *token, struct token *fresh) {
    secret_free(token->access_token);
    token->access_token = fresh->access_token;
    fresh->access_token = NULL;
    token->expires_in = fresh->expires_in;
    if (fresh->refresh_token != NULL) {
        secret_free(token->refresh_token);
        token->refresh_token = fresh->refresh_token;
        fresh->refresh_token = NULL;
    }
    if (fresh->scopes != NULL) {
        json_free(token->scopes);
        token->scopes = fresh->scopes;
        fresh->scopes = NULL;
    }
    token_clear(fresh);
}

/* Exchanges a token in a way that is no standard: by a GET with the token in the query. `url` holds the other
 * parameters. */
static enum error_code get_with_token(const struct exchange *exchange, struct buffer *url, struct token *token,
                                      struct error *error) {
    struct token fresh = {.expires_in = 0};
    query_append_to_url(url, "access_token", secret_text(token->access_token));
    const struct http_request call = {.url = buffer_text(url), .ca_file = exchange->provider->ca_file};
    const enum error_code code = url->failed ? error_out_of_memory(error) : fetch(exchange, &call, &fresh, error);
    if (code == ERROR_NONE)
        replace_token(token, &fresh);
    return code;
}

enum error_code token_exchange_long_lived(struct http_client *client, const struct provider *provider,
                                          struct token *token, struct error *error) {
    struct buffer url = BUFFER_EMPTY;
    const char *const secrets[] = {secret_text(provider->client_secret), secret_text(token->access_token), NULL};
    const struct exchange exchange = {client, provider, secrets, provider->long_lived_lifetime};
    if (provider->long_lived_url == NULL)
        return ERROR_NONE;
    buffer_append_text(&url, provider->long_lived_url);
    query_append_to_url(&url, "grant_type", provider->long_lived_grant);
    query_append_to_url(&url, "client_secret", secret_text(provider->client_secret));
    const enum error_code code = get_with_token(&exchange, &url, token, error);
    buffer_free(&url);
    return code;
}

static enum error_code refresh_with_itself(struct http_client *client, const struct provider *provider,
                                           struct token *token, struct error *error) {
    struct buffer url = BUFFER_EMPTY;
    const char *const secrets[] = {secret_text(provider->client_secret), secret_text(token->access_token), NULL};
    const struct exchange exchange = {client, provider, secrets, provider->refresh_lifetime};
    buffer_append_text(&url, provider->refresh_url);
    query_append_to_url(&url, "grant_type", provider->refresh_grant);
    const enum error_code code = get_with_token(&exchange, &url, token, error);
    buffer_free(&url);
    return code;
}

static enum error_code refresh_with_refresh_token(struct http_client *client, const struct provider *provider,
                                                  struct token *token, struct error *error) {
    struct buffer form = BUFFER_EMPTY;
    struct token fresh = {.expires_in = 0};
    const char *const secrets[] = {secret_text(provider->client_secret), secret_text(token->refresh_token), NULL};
    const struct exchange exchange = {client, provider, secrets, provider->refresh_lifetime};
    query_append_to_form(&form, "grant_type", "refresh_token");
    query_append_to_form(&form, "refresh_token", secret_text(token->refresh_token));
    const enum error_code code = post_as_client(&exchange, provider->refresh_url, &form, &fresh, error);
    if (code == ERROR_NONE)
        replace_token(token, &fresh);
    buffer_free(&form);
    return code;
}

enum error_code token_refresh(struct http_client *client, const struct provider *provider, struct token *token,
                              struct error *error) {
    if (strcmp(provider->refresh_grant, "refresh_token") != 0)
        return refresh_with_itself(client, provider, token, error);
    if (token->refresh_token == NULL)
        return error_set(error, ERROR_NOT_FOUND, "the provider gave no refresh token");
    return refresh_with_refresh_token(client, provider, token, error);
}

/* SPDX-License-Identifier: MIT */
#include "oauth/token_endpoint.h"

#include "base/json.h"
#include "base/json_pointer.h"
#include "base/text.h"
#include "config/profile_field.h"
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
        !json_identifier(json_pointer_first(root, provider->token_user_id), token->user_id, sizeof token->user_id) ||
        !profile_id_is_somebody(token->user_id))
        token->user_id[0] = '\0';
}

/* Reads the refresh token, if there is one. A sign-in can do without. False when memory runs out. */
static bool read_refresh_token(const cJSON *root, struct token *token) {
    const char *text = json_string(root, "refresh_token");
    if (text == NULL || *text == '\0')
        return true;
    if (!is_token(text)) {
        token->remark =
            "the refresh token is not kept: it is no text of at most " TEXT_OF(ACCESS_TOKEN_MAX) " visible characters";
        return true;
    }
    token->refresh_token = secret_copy(text, strlen(text));
    return token->refresh_token != NULL;
}

/* Reads the ID token of a provider that was asked for one; id_token.h judges it. False when memory runs out. */
static bool read_id_token(const struct provider *provider, const cJSON *root, struct token *token) {
    const char *text = provider->openid ? json_string(root, "id_token") : NULL;
    if (text == NULL || strlen(text) > SIGNED_TOKEN_MAX)
        return true;
    token->id_token = secret_copy(text, strlen(text));
    return token->id_token != NULL;
}

/* Keeps what came beside the tokens, where that is the profile. False when memory runs out. */
static bool keep_profile(const struct provider *provider, const cJSON *root, struct token *token) {
    static const char *const secrets[] = {"access_token", "refresh_token", "id_token"};
    if (provider->profile_from != PROFILE_FROM_TOKEN)
        return true;
    token->profile = cJSON_Duplicate(root, true);
    for (size_t i = 0; token->profile != NULL && i < sizeof secrets / sizeof *secrets; i++)
        json_free(cJSON_DetachItemFromObjectCaseSensitive(token->profile, secrets[i]));
    return token->profile != NULL;
}

static enum error_code read_token(const struct provider_call *call, const struct provider_response *response,
                                  struct token *token, struct error *error) {
    const cJSON *root = response->root;
    const char *type = json_string(root, "token_type"), *access = json_string(root, "access_token");
    if (!is_token(access))
        return provider_response_refuse(
            call, response, "an access token that is no text of 1 to " TEXT_OF(ACCESS_TOKEN_MAX) " visible characters",
            error);
    /* A token of an unknown type must not be used (RFC 6749, section 7.1). A type is required (section 5.1), but some
     * providers name none, or leave it empty. */
    if (type != NULL && *type != '\0' && strcasecmp(type, "bearer") != 0)
        return error_set(error, ERROR_PROVIDER, "the %s answered a token that is no bearer token", TOKEN_ENDPOINT);
    token->expires_in = read_lifetime(root);
    read_user_id(call->provider, root, token);
    token->access_token = secret_copy(access, strlen(access));
    if (token->access_token == NULL || !read_refresh_token(root, token) ||
        !read_id_token(call->provider, root, token) || !keep_profile(call->provider, root, token) ||
        !read_scopes(call->provider, root, &token->scopes))
        return error_out_of_memory(error);
    return ERROR_NONE;
}

enum error_code token_exchange(struct http_client *client, const struct token_request *request, struct token *token,
                               struct error *error) {
    struct http_response http = {.status = 0};
    struct provider_response response = {.document = NULL};
    cJSON *wanted = cJSON_CreateStringReference("/access_token");
    const struct provider_call what = {
        .provider = request->provider, .endpoint = TOKEN_ENDPOINT, .wanted = wanted, .secrets = request->secrets};
    *token = (struct token){.expires_in = 0};
    enum error_code code =
        wanted != NULL ? http_client_call(client, &request->http, &http, error) : error_out_of_memory(error);
    if (code == ERROR_NONE)
        code = provider_response_read(&what, &http, &response, error);
    if (code == ERROR_NONE)
        code = read_token(&what, &response, token, error);
    if (token->expires_in == 0)
        token->expires_in = request->lifetime;
    cJSON_Delete(wanted);
    json_free(response.document);
    http_response_free(&http);
    if (code != ERROR_NONE)
        token_clear(token);
    return code;
}

/* Takes over what is new. What the response left out (the refresh token, the scopes) stays as it was (RFC 6749, section
 * 6). */
static void replace_token(struct token *token, struct token *fresh) {
    secret_free(token->access_token);
    token->access_token = fresh->access_token;
    fresh->access_token = NULL;
    token->expires_in = fresh->expires_in;
    if (fresh->remark != NULL)
        token->remark = fresh->remark;
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

enum error_code token_replace(struct http_client *client, const struct token_request *request, struct token *token,
                              struct error *error) {
    struct token fresh;
    const enum error_code code = token_exchange(client, request, &fresh, error);
    if (code == ERROR_NONE)
        replace_token(token, &fresh);
    return code;
}

enum error_code token_exchange_long_lived(struct http_client *client, const struct provider *provider,
                                          struct token *token, struct error *error) {
    struct token_request request;
    if (provider->long_lived_url == NULL)
        return ERROR_NONE;
    enum error_code code = token_request_for_long_lived(provider, token, &request, error);
    if (code == ERROR_NONE)
        code = token_replace(client, &request, token, error);
    token_request_clear(&request);
    return code;
}

enum error_code token_refresh(struct http_client *client, const struct provider *provider, struct token *token,
                              struct error *error) {
    struct token_request request;
    if (provider->refresh_url == NULL)
        return error_set(error, ERROR_PROVIDER_UNREACHABLE,
                         "nothing is kept of its issuer, so nobody knows where; run: cgi-login check --online");
    enum error_code code = token_request_for_refresh(provider, token, &request, error);
    if (code == ERROR_NONE)
        code = token_replace(client, &request, token, error);
    token_request_clear(&request);
    return code;
}

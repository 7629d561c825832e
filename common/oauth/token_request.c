/* SPDX-License-Identifier: MIT */
#include "oauth/token_request.h"

#include "base/json.h"
#include "base/placeholder.h"
#include "base/text.h"
#include "oauth/client_assertion.h"

#include <string.h>
#include <time.h>

void token_request_clear(struct token_request *request) {
    view_free(&request->object);
    buffer_free(&request->form);
    buffer_free(&request->url);
    buffer_free(&request->user);
    buffer_free(&request->password);
    secret_free(request->assertion);
    *request = (struct token_request){.provider = NULL};
}

/* Begins a request that sends the secret text `sent`. */
static void begin(struct token_request *request, const struct provider *provider, const char *sent, int64_t lifetime) {
    *request = (struct token_request){
        .provider = provider, .secrets = {secret_text(provider->client_secret), sent}, .lifetime = lifetime};
    if (provider->token_json)
        request->object = view_new();
}

/* Adds a parameter to the body: a form (RFC 6749, appendix B), or a JSON object of texts. */
static void add(struct token_request *request, const char *name, const char *value) {
    if (request->provider->token_json)
        view_text(&request->object, name, value);
    else
        query_append_to_form(&request->form, name, value);
}

/* Ends the making of a request: what it sends is whole, or memory has run out. */
static enum error_code finish(struct token_request *request, struct error *error) {
    return request->form.failed || request->url.failed || request->user.failed || request->password.failed
               ? error_out_of_memory(error)
               : ERROR_NONE;
}

/* Makes the body's text of the object. */
static void print_object(struct token_request *request) {
    char *text = view_print(&request->object);
    if (text != NULL)
        buffer_append_text(&request->form, text);
    else
        request->form.failed = true;
    json_free_text(text);
    request->http.form_type = "Content-Type: application/json";
}

/* Adds the client's id and its secret, in the body or in HTTP Basic (RFC 6749, section 2.3.1). */
static void add_secret(struct token_request *request, const char *secret) {
    const struct provider *provider = request->provider;
    if (provider->token_auth == TOKEN_AUTH_BASIC) {
        query_append_encoded(&request->user, provider->client_id);
        query_append_encoded(&request->password, secret);
        request->http.user = buffer_text(&request->user);
        request->http.password = buffer_text(&request->password);
        return;
    }
    add(request, provider->client_id_param, provider->client_id);
    add(request, "client_secret", secret);
}

/* Adds what proves the client to be it: its secret, or what its key has signed; or, of a client that has no secret, its
 * id alone (section 3.2.1). */
static void add_client(struct token_request *request) {
    const struct provider *provider = request->provider;
    const bool is_signed = request->assertion != NULL;
    if (provider->token_auth == TOKEN_AUTH_BASIC || provider->token_auth == TOKEN_AUTH_FORM) {
        add_secret(request, secret_text(is_signed ? request->assertion : provider->client_secret));
        return;
    }
    add(request, provider->client_id_param, provider->client_id);
    if (provider->token_auth == TOKEN_AUTH_KEY) {
        add(request, "client_assertion_type", CLIENT_ASSERTION_TYPE);
        add(request, "client_assertion", secret_text(request->assertion));
    }
}

/* Signs, where the client proves itself so. Nothing of that may be in a log either. */
static enum error_code sign(struct token_request *request, struct error *error) {
    const struct provider *provider = request->provider;
    if (provider->client_key_file == NULL)
        return ERROR_NONE;
    const enum error_code code = client_assertion_make(provider, (int64_t)time(NULL), &request->assertion, error);
    request->secrets[0] = secret_text(request->assertion);
    return code;
}

/* Makes the body one to post as the client. */
static enum error_code post_as_client(struct token_request *request, const char *url, struct error *error) {
    const enum error_code code = sign(request, error);
    if (code != ERROR_NONE)
        return code;
    request->http = (struct http_request){.url = url, .ca_file = request->provider->ca_file};
    add_client(request);
    if (request->provider->token_json)
        print_object(request);
    request->http.form = buffer_text(&request->form);
    return finish(request, error);
}

static bool names_state(const char *value) {
    size_t len;
    const char *at = placeholder_find(value, &len);
    while (at != NULL && !placeholder_is(at, len, PLACEHOLDER_STATE))
        at = placeholder_find(at + len, &len);
    return at != NULL;
}

/* Adds parameters of the file. `state` is NULL where there is no login: what names it is left out there. */
static void add_params(struct token_request *request, const cJSON *params, const char *state) {
    const struct placeholder list[] = {
        {PLACEHOLDER_CLIENT_ID, request->provider->client_id}, {PLACEHOLDER_STATE, state}, {NULL, NULL}};
    for (const cJSON *param = params != NULL ? params->child : NULL; param != NULL; param = param->next) {
        struct buffer value = BUFFER_EMPTY;
        if (state == NULL && names_state(param->valuestring))
            continue;
        placeholder_expand(&value, param->valuestring, list);
        request->form.failed = request->form.failed || value.failed;
        add(request, param->string, buffer_text(&value));
        buffer_free(&value);
    }
}

/* Hands on what the browser brought for the token endpoint. A parameter that is not there is for the provider to
 * miss. */
static enum error_code add_callback_params(struct token_request *request, const struct query *callback,
                                           struct error *error) {
    const cJSON *names = request->provider->callback_params;
    enum error_code code = ERROR_NONE;
    for (const cJSON *name = names != NULL ? names->child : NULL; name != NULL; name = name->next) {
        const char *value = NULL;
        if (callback != NULL)
            code = query_read(callback, name->valuestring, &value, error);
        if (code != ERROR_NONE)
            return code;
        if (value != NULL && strlen(value) > CALLBACK_PARAM_MAX)
            return error_set(error, ERROR_BAD_REQUEST, "the callback's %.40s has more than %d bytes", name->valuestring,
                             CALLBACK_PARAM_MAX);
        if (value != NULL)
            add(request, name->valuestring, value);
    }
    return ERROR_NONE;
}

enum error_code token_request_for_code(const struct provider *provider, const struct code_grant *grant,
                                       struct token_request *request, struct error *error) {
    begin(request, provider, grant->code, provider->token_lifetime);
    request->secrets[2] = grant->verifier;
    add(request, "grant_type", "authorization_code");
    add(request, "code", grant->code);
    add(request, "redirect_uri", provider->callback_url);
    if (provider->pkce)
        add(request, "code_verifier", grant->verifier);
    add_params(request, provider->token_params, grant->state);
    const enum error_code code = add_callback_params(request, grant->callback, error);
    return code == ERROR_NONE ? post_as_client(request, provider->token_url, error) : code;
}

/* Exchanges a token in a way that is no standard: by a GET with the token in the query. `url` holds the other
 * parameters. */
static enum error_code get_with_token(struct token_request *request, const struct token *token, struct error *error) {
    query_append_to_url(&request->url, "access_token", secret_text(token->access_token));
    request->http = (struct http_request){.url = buffer_text(&request->url), .ca_file = request->provider->ca_file};
    return finish(request, error);
}

enum error_code token_request_for_long_lived(const struct provider *provider, const struct token *token,
                                             struct token_request *request, struct error *error) {
    begin(request, provider, secret_text(token->access_token), provider->long_lived_lifetime);
    buffer_append_text(&request->url, provider->long_lived_url);
    query_append_to_url(&request->url, "grant_type", provider->long_lived_grant);
    query_append_to_url(&request->url, "client_secret", secret_text(provider->client_secret));
    return get_with_token(request, token, error);
}

static enum error_code refresh_with_itself(struct token_request *request, const struct token *token,
                                           struct error *error) {
    buffer_append_text(&request->url, request->provider->refresh_url);
    query_append_to_url(&request->url, "grant_type", request->provider->refresh_grant);
    return get_with_token(request, token, error);
}

static enum error_code refresh_with_refresh_token(struct token_request *request, const struct token *token,
                                                  struct error *error) {
    if (token->refresh_token == NULL)
        return error_set(error, ERROR_NOT_FOUND, "the provider gave no refresh token");
    add(request, "grant_type", "refresh_token");
    add(request, "refresh_token", secret_text(token->refresh_token));
    add_params(request, request->provider->token_params, NULL);
    return post_as_client(request, request->provider->refresh_url, error);
}

enum error_code token_request_for_refresh(const struct provider *provider, const struct token *token,
                                          struct token_request *request, struct error *error) {
    const bool with_itself = strcmp(provider->refresh_grant, "refresh_token") != 0;
    const struct secret *sent =
        with_itself || token->refresh_token == NULL ? token->access_token : token->refresh_token;
    begin(request, provider, secret_text(sent), provider->refresh_lifetime);
    return with_itself ? refresh_with_itself(request, token, error) : refresh_with_refresh_token(request, token, error);
}

enum error_code token_request_for_revocation(const struct provider *provider, const char *token, const char *hint,
                                             struct token_request *request, struct error *error) {
    begin(request, provider, token, 0);
    add(request, provider->revocation_token_param, token);
    if (text_equal(provider->revocation_token_param, "token"))
        add(request, "token_type_hint", hint);
    add_params(request, provider->revocation_params, NULL);
    return post_as_client(request, provider->revocation_url, error);
}

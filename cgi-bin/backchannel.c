/* POST /auth/{provider}/backchannel_logout: an OpenID Connect provider tells that somebody has logged out there (OpenID
 * Connect Back-Channel Logout 1.0). Ends the sessions that the logout token names.
 * SPDX-License-Identifier: MIT */
#include "base/deadline.h"
#include "base/json.h"
#include "base/text.h"
#include "config/profile_field.h"
#include "oauth/provider_outage.h"
#include "openid/key_cache.h"
#include "openid/logout_token.h"
#include "program/login_discovery.h"
#include "program/page.h"
#include "program/program.h"
#include "program/provider_watch.h"
#include "store/store.h"

#include <inttypes.h>
#include <unistd.h>

/* Gets the client, which most logouts do without: it takes longer to make than all the rest. */
static enum error_code get_client(struct context *context, struct deadline end, struct http_client **client,
                                  struct error *error) {
    const enum error_code code = process_cache_http_client(context->cache, context->config, client, error);
    if (code == ERROR_NONE)
        http_client_limit(*client, end);
    return code;
}

/* Anybody can send a token that was made up: a provider that keeps failing is not asked anew because of each. */
static enum error_code check_outage(const struct context *context, struct error *error) {
    const struct outage_place place = {context->config->state, context->provider->name};
    const int64_t left = provider_outage_left(&place, context->request->now);
    return left == 0 ? ERROR_NONE
                     : error_set(error, ERROR_PROVIDER_UNREACHABLE,
                                 "the logout token cannot be verified: %s keeps failing, and is left alone for %" PRId64
                                 " seconds more",
                                 context->provider->name, left);
}

/* Verifies the token with newer keys, where none of those that are kept has made it. */
static enum error_code verify_anew(struct context *context, struct key_cache *keys, struct deadline end,
                                   const struct logout_token *token, struct error *error) {
    struct http_client *client;
    const cJSON *set;
    bool fetched, unknown;
    struct error failure;
    enum error_code code = get_client(context, end, &client, &failure);
    if (code == ERROR_NONE)
        code = key_cache_fetch_again(keys, client, &set, &fetched, &failure);
    if (code != ERROR_NONE) {
        *error = failure;
        return code;
    }
    return fetched ? logout_token_verify(token, set, context->provider->id_token_algorithms, &unknown, error)
                   : ERROR_BAD_REQUEST;
}

static enum error_code verify_with(struct context *context, struct key_cache *keys, struct deadline end,
                                   const struct logout_token *token, struct error *error) {
    struct http_client *client = NULL;
    const cJSON *set;
    bool unknown = false;
    const bool usable = key_cache_is_usable(keys);
    enum error_code code = usable ? ERROR_NONE : check_outage(context, error);
    if (code == ERROR_NONE && key_cache_is_old(keys))
        code = get_client(context, end, &client, error);
    if (code == ERROR_NONE) {
        code = key_cache_take(keys, client, &set, error);
        if (!usable)
            provider_watch_note_published(context, code);
    }
    if (code == ERROR_NONE)
        code = logout_token_verify(token, set, context->provider->id_token_algorithms, &unknown, error);
    return unknown ? verify_anew(context, keys, end, token, error) : code;
}

/* Where the issuer publishes its keys has to be known first. */
static enum error_code verify(struct context *context, const struct logout_token *token, struct error *error) {
    const struct deadline end = deadline_in(context->config->callback_seconds * MILLISECONDS_PER_SECOND);
    struct key_cache keys = {.config = NULL};
    enum issuer_state state;
    enum error_code code = process_cache_issuer(context->cache, context->config, context->request->now, &state, error);
    if (code == ERROR_NONE && state == ISSUER_UNKNOWN)
        code = check_outage(context, error);
    if (code == ERROR_NONE)
        code = login_discover(context, end, &state, error);
    if (code == ERROR_NONE)
        code = key_cache_open(&keys, context->config, context->provider, context->request->now, error);
    if (code == ERROR_NONE)
        code = verify_with(context, &keys, end, token, error);
    key_cache_close(&keys);
    return code;
}

/* Ends the session that the token names, or all that show the person's account. */
static enum error_code end_sessions(struct context *context, struct store *store, const struct logout_token *token,
                                    struct error *error) {
    const struct provider *provider = context->provider;
    if (token->sid != NULL)
        return store_sessions_end_by_sid(store, provider->name, token->sid, error);
    /* The store knows the person by what the file takes for the id. */
    if (!text_equal(json_string(provider->profile, PROFILE_ID), "/sub"))
        return error_set(error, ERROR_BAD_REQUEST,
                         "the logout token names the person by `sub` alone, while `profile.id` of %s is another claim; "
                         "let the provider send `sid`, too",
                         provider->name);
    return store_account_sessions_end(store, provider->name, token->sub, error);
}

/* Carries out a token that was not carried out before: a second time it could end a session of a later login. */
static enum error_code carry_out(struct context *context, const struct logout_token *token, struct error *error) {
    struct store_request request = {.hash = token->hash, .now = context->request->now};
    struct store *store = NULL;
    bool seen = false;
    enum error_code code = context_store(context, &store, error);
    if (code == ERROR_NONE)
        code = store_request(store, &request, &seen, error);
    if (code == ERROR_NONE && seen)
        code = error_set(error, ERROR_BAD_REQUEST, "the logout token has been carried out before (`jti`)");
    if (code == ERROR_NONE)
        code = end_sessions(context, store, token, error);
    request.remember_until = token->expires;
    return code == ERROR_NONE ? store_request(store, &request, &seen, error) : code;
}

static enum error_code handle(struct context *context, struct error *error) {
    const struct provider *provider = context->provider;
    const struct logout_token_expectation expected = {provider->id_token_issuer, provider->client_id,
                                                      context->request->now};
    struct logout_token token = {.sub = NULL};
    const char *text;
    if (!provider->openid || provider->id_token_by_secret)
        return error_set(error, ERROR_NOT_FOUND,
                         "%s is no OpenID Connect provider here whose keys sign: it has no `issuer`, or `scope` lacks "
                         "openid, or its ID tokens are signed with the client secret",
                         provider->name);
    enum error_code code = query_read(&context->form, "logout_token", &text, error);
    if (code == ERROR_NONE)
        code = logout_token_read(text, &expected, &token, error);
    if (code == ERROR_NONE)
        code = verify(context, &token, error);
    if (code == ERROR_NONE)
        code = carry_out(context, &token, error);
    if (code == ERROR_NONE)
        response_empty(context->response, 200);
    logout_token_clear(&token);
    return code;
}

/* A request that is wrong and a logout that failed are both 400 (section 2.8), told in the words of RFC 6749, section
 * 5.2. */
static void fail(struct context *context, enum error_code code) {
    const int status = error_describe(code)->status;
    const bool refused = status == 400;
    if (!refused && status != 502 && status != 503) {
        page_error(context, code);
        return;
    }
    struct view body = view_new();
    view_text(&body, "error", refused ? "invalid_request" : "temporarily_unavailable");
    view_text(&body, "error_description",
              refused ? "The logout token was refused. The site's log says why."
                      : "The sessions could not be ended just now. The site's log says why.");
    response_json(context->response, 400, "application/json", &body);
    view_free(&body);
}

int main(void) {
    static const struct program program = {.name = "backchannel",
                                           .methods = METHOD_POST,
                                           .wants = CONTEXT_PROVIDER | CONTEXT_FORM,
                                           .store = process_cache_store,
                                           .handle = handle,
                                           .fail = fail};
    return program_run(&program, environ);
}

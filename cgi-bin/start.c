/* GET /auth/{provider}: sends the browser to the provider to log in, with a state that only this browser can bring
 * back.
 * SPDX-License-Identifier: MIT */
#include "config/own_host.h"
#include "config/provider.h"
#include "config/routes.h"
#include "oauth/pending_login.h"
#include "program/answer.h"
#include "program/program.h"
#include "program/return_to.h"
#include "session/session.h"

#include <string.h>
#include <unistd.h>

static void answer(struct context *context, const struct buffer *url) {
    struct view body = view_new();
    view_buffer(&body, "authorize_url", url);
    answer_redirect(context, url, &body);
    view_free(&body);
}

/* ?reauth=1: a page wants a fresh login. */
#define REAUTH_PARAMETER "reauth"

static bool wants_reauth(const struct query *query) {
    const char *reauth;
    return query_find(query, REAUTH_PARAMETER, &reauth) == QUERY_FOUND && strcmp(reauth, "1") == 0;
}

/* Tells whether a fresh login is wanted, and the last one is older than `session.max_age`. */
static enum error_code check_reauth(struct context *context, bool *needed, struct error *error) {
    const int64_t max_age = context->config->session_max_age;
    struct session session;
    *needed = false;
    if (!wants_reauth(&context->request->query))
        return ERROR_NONE;
    const enum error_code code = session_read(context->config, context->request, &session, error);
    *needed = code != ERROR_NONE || max_age == 0 || context->request->now - session.signed_in > max_age;
    session_clear(&session);
    return code == ERROR_NOT_SIGNED_IN ? ERROR_NONE : code;
}

/* The parameter that base_url's start is given by another name's: a proxy may hide the name that the browser knows, and
 * no request goes round more than once. */
#define MOVED_PARAMETER "moved"

static bool is_moved(const struct query *query) {
    const char *moved;
    return query_find(query, MOVED_PARAMETER, &moved) != QUERY_ABSENT;
}

/* Sends the browser to the same program under base_url, where the cookie of the login will be wanted. */
static void move(struct context *context, const char *return_to) {
    const struct query *query = &context->request->query;
    struct buffer url = BUFFER_EMPTY;
    buffer_append_text(&url, context->config->base_url);
    route_append_link(&url, context->request, ROUTE_START, context->provider->name);
    if (*return_to != '\0')
        query_append_to_url(&url, RETURN_TO_PARAMETER, return_to);
    if (wants_reauth(query))
        query_append_to_url(&url, REAUTH_PARAMETER, "1");
    query_append_to_url(&url, MOVED_PARAMETER, "1");
    answer(context, &url);
    buffer_free(&url);
}

static enum error_code begin(struct context *context, const char *return_to, struct error *error) {
    const struct provider *provider = context->provider;
    struct pending_login login;
    struct buffer url = BUFFER_EMPTY;
    bool reauth = false;
    enum error_code code = pending_login_begin(context->config, context->request, provider->name, return_to, &login,
                                               context->response, error);
    if (code == ERROR_NONE)
        code = check_reauth(context, &reauth, error);
    if (code == ERROR_NONE) {
        pending_login_authorize_url(provider, &login, reauth, &url);
        answer(context, &url);
    }
    buffer_free(&url);
    pending_login_clear(&login);
    return code;
}

static enum error_code handle(struct context *context, struct error *error) {
    char return_to[RETURN_TO_MAX + 1];
    return_to_read(context, return_to);
    if (own_host_is_asked(context->config, context->request) || is_moved(&context->request->query))
        return begin(context, return_to, error);
    move(context, return_to);
    return ERROR_NONE;
}

int main(void) {
    static const struct program program = {
        .name = "start", .methods = METHOD_GET | METHOD_HEAD, .wants = CONTEXT_PROVIDER, .handle = handle};
    return program_run(&program, environ);
}

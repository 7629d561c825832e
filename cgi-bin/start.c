/* GET /auth/{provider}: sends the browser to the provider to log in, with a state that only this browser can bring
 * back.
 * SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "config/own_host.h"
#include "config/provider.h"
#include "config/routes.h"
#include "oauth/pending_login.h"
#include "program/answer.h"
#include "program/program.h"
#include "program/return_to.h"
#include "session/session.h"

#include <unistd.h>

static void answer(struct context *context, const struct buffer *url) {
    struct view body = view_new();
    view_buffer(&body, "authorize_url", url);
    answer_redirect(context, url, &body);
    view_free(&body);
}

/* ?reauth=1: a page wants a fresh login. */
#define REAUTH_PARAMETER "reauth"

/* What the link asks for. */
struct wish {
    char return_to[RETURN_TO_MAX + 1];
    bool reauth;
};

static enum error_code read_wish(struct context *context, struct wish *wish, struct error *error) {
    const char *reauth;
    const enum error_code code = query_read(&context->request->query, REAUTH_PARAMETER, &reauth, error);
    wish->reauth = code == ERROR_NONE && text_equal(reauth, "1");
    return_to_read(context, wish->return_to);
    return code;
}

/* Tells whether the last login is older than `session.max_age`. */
static enum error_code check_reauth(struct context *context, bool *needed, struct error *error) {
    const int64_t max_age = context->config->session_max_age;
    struct session session;
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
static void move(struct context *context, const struct wish *wish) {
    struct buffer url = BUFFER_EMPTY;
    buffer_append_text(&url, context->config->base_url);
    route_append_link(&url, context->request, ROUTE_START, context->provider->name);
    if (*wish->return_to != '\0')
        query_append_to_url(&url, RETURN_TO_PARAMETER, wish->return_to);
    if (wish->reauth)
        query_append_to_url(&url, REAUTH_PARAMETER, "1");
    query_append_to_url(&url, MOVED_PARAMETER, "1");
    answer(context, &url);
    buffer_free(&url);
}

static enum error_code begin(struct context *context, const struct wish *wish, struct error *error) {
    const struct provider *provider = context->provider;
    struct pending_login login;
    struct buffer url = BUFFER_EMPTY;
    bool reauth = false;
    enum error_code code = pending_login_begin(context->config, context->request, provider->name, wish->return_to,
                                               &login, context->response, error);
    if (code == ERROR_NONE && wish->reauth)
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
    struct wish wish;
    const enum error_code code = read_wish(context, &wish, error);
    if (code != ERROR_NONE)
        return code;
    if (own_host_is_asked(context->config, context->request) || is_moved(&context->request->query))
        return begin(context, &wish, error);
    move(context, &wish);
    return ERROR_NONE;
}

int main(void) {
    static const struct program program = {
        .name = "start", .methods = METHOD_GET | METHOD_HEAD, .wants = CONTEXT_PROVIDER, .handle = handle};
    return program_run(&program, environ);
}

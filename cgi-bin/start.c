/* GET /auth/{provider}: sends the browser to the provider to log in, with a state that only this browser can bring
 * back.
 * SPDX-License-Identifier: MIT */
#include "base/redirect.h"
#include "config/provider.h"
#include "oauth/pending_login.h"
#include "program/answer.h"
#include "program/program.h"
#include "session/session.h"

#include <string.h>
#include <unistd.h>

static void answer(struct context *context, const struct buffer *url) {
    struct view body = view_new();
    view_buffer(&body, "authorize_url", url);
    answer_redirect(context, url, &body);
    view_free(&body);
}

/* ?reauth=1: a page wants a fresh login, and the last one is older than `session.max_age`. */
static enum error_code check_reauth(struct context *context, bool *needed, struct error *error) {
    const int64_t max_age = context->config->session_max_age;
    const char *reauth;
    struct session session;
    *needed = false;
    if (query_find(&context->request->query, "reauth", &reauth) != QUERY_FOUND || strcmp(reauth, "1") != 0)
        return ERROR_NONE;
    const enum error_code code = session_read(context->config, context->request, &session, error);
    *needed = code != ERROR_NONE || max_age == 0 || context->request->now - session.signed_in > max_age;
    session_clear(&session);
    return code == ERROR_NOT_SIGNED_IN ? ERROR_NONE : code;
}

static enum error_code handle(struct context *context, struct error *error) {
    const char *return_to;
    const struct provider *provider = context->provider;
    struct pending_login login;
    struct buffer url = BUFFER_EMPTY;
    bool reauth = false;
    if (query_find(&context->request->query, "return_to", &return_to) != QUERY_FOUND ||
        !redirect_is_local_path(return_to))
        return_to = NULL;
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

int main(void) {
    static const struct program program = {
        .name = "start", .methods = METHOD_GET | METHOD_HEAD, .wants = CONTEXT_PROVIDER, .handle = handle};
    return program_run(&program, environ);
}

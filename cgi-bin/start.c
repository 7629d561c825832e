/* GET /auth/{provider}: sends the browser to the provider to log in, with a state that only this browser can bring
 * back.
 * SPDX-License-Identifier: MIT */
#include "base/redirect.h"
#include "base/text.h"
#include "config/provider.h"
#include "oauth/pending_login.h"
#include "program/answer.h"
#include "program/program.h"
#include "session/session.h"

#include <unistd.h>

static void answer(struct context *context, const struct buffer *url) {
    struct view body = view_new();
    view_buffer(&body, "authorize_url", url);
    answer_redirect(context, url, &body);
    view_free(&body);
}

/* ?reauth=1: a page wants a fresh login, and the last one is older than `session.max_age`. */
static bool needs_reauth(struct context *context) {
    struct session session;
    if (!text_equal(query_get(&context->request->query, "reauth"), "1"))
        return false;
    const bool fresh = session_read(context->config, context->request, &session) &&
                       context->request->now - session.signed_in <= context->config->session_max_age &&
                       context->config->session_max_age != 0;
    session_clear(&session);
    return !fresh;
}

static enum error_code handle(struct context *context, struct error *error) {
    const char *return_to = query_get(&context->request->query, "return_to");
    const struct provider *provider = context->provider;
    struct pending_login login;
    struct buffer url = BUFFER_EMPTY;
    if (!redirect_is_local_path(return_to))
        return_to = NULL;
    enum error_code code = pending_login_begin(context->config, context->request, provider->name, return_to, &login,
                                               context->response, error);
    if (code == ERROR_NONE)
        pending_login_authorize_url(provider, &login, needs_reauth(context), &url);
    if (code == ERROR_NONE)
        answer(context, &url);
    buffer_free(&url);
    pending_login_clear(&login);
    return code;
}

int main(void) {
    static const struct program program = {
        .name = "start", .methods = METHOD_GET | METHOD_HEAD, .wants = CONTEXT_PROVIDER, .handle = handle};
    return program_run(&program, environ);
}

/* SPDX-License-Identifier: MIT */
#include "program/login_start.h"

#include "base/text.h"
#include "config/provider.h"
#include "oauth/pending_login.h"
#include "program/answer.h"
#include "program/return_to.h"
#include "session/link_permit.h"
#include "session/session.h"

#define REAUTH_PARAMETER "reauth"

enum error_code login_wish_read(struct context *context, struct login_wish *wish, struct error *error) {
    const char *reauth;
    enum error_code code = query_read(&context->request->query, REAUTH_PARAMETER, &reauth, error);
    if (code == ERROR_NONE)
        code = query_read(&context->request->query, LINK_PERMIT_PARAMETER, &wish->link, error);
    wish->reauth = code == ERROR_NONE && text_equal(reauth, "1");
    return_to_read(context, wish->return_to);
    return code;
}

void login_wish_append(const struct login_wish *wish, struct buffer *url) {
    if (*wish->return_to != '\0')
        query_append_to_url(url, RETURN_TO_PARAMETER, wish->return_to);
    if (wish->reauth)
        query_append_to_url(url, REAUTH_PARAMETER, "1");
    if (wish->link != NULL)
        query_append_to_url(url, LINK_PERMIT_PARAMETER, wish->link);
}

void login_start_redirect(struct context *context, const struct buffer *url) {
    struct view body = view_new();
    view_buffer(&body, "authorize_url", url);
    answer_redirect(context, url, &body);
    view_free(&body);
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

enum error_code login_start(struct context *context, const struct login_wish *wish, struct error *error) {
    const struct provider *provider = context->provider;
    char link_to[SESSION_ID_SIZE] = "";
    const struct login_aim aim = {provider->name, wish->return_to, link_to};
    struct pending_login login;
    struct buffer url = BUFFER_EMPTY;
    /* Who links an account shows that it is theirs, and not one that somebody else left this browser logged in with. */
    bool reauth = wish->link != NULL;
    enum error_code code = ERROR_NONE;
    if (wish->link != NULL)
        code = link_permit_check(context->config, context->request, provider->name, wish->link, link_to, error);
    if (code == ERROR_NONE)
        code = pending_login_begin(context->config, context->request, &aim, &login, context->response, error);
    if (code == ERROR_NONE && wish->reauth && !reauth)
        code = check_reauth(context, &reauth, error);
    if (code == ERROR_NONE) {
        pending_login_authorize_url(provider, &login, reauth, &url);
        login_start_redirect(context, &url);
    }
    buffer_free(&url);
    pending_login_clear(&login);
    return code;
}

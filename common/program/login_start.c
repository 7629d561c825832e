/* SPDX-License-Identifier: MIT */
#include "program/login_start.h"

#include "config/provider.h"
#include "oauth/pending_login.h"
#include "program/answer.h"
#include "program/reauth.h"
#include "program/return_to.h"
#include "session/link_permit.h"
#include "session/session.h"

enum error_code login_wish_read(struct context *context, struct login_wish *wish, struct error *error) {
    enum error_code code = reauth_read(context, &wish->reauth, error);
    if (code == ERROR_NONE)
        code = query_read(&context->request->query, LINK_PERMIT_PARAMETER, &wish->link, error);
    return_to_read(context, wish->return_to);
    return code;
}

void login_wish_append(const struct login_wish *wish, struct buffer *url) {
    if (*wish->return_to != '\0')
        query_append_to_url(url, RETURN_TO_PARAMETER, wish->return_to);
    reauth_append(wish->reauth, url);
    if (wish->link != NULL)
        query_append_to_url(url, LINK_PERMIT_PARAMETER, wish->link);
}

void login_start_redirect(struct context *context, const struct buffer *url) {
    struct view body = view_new();
    view_buffer(&body, "authorize_url", url);
    answer_redirect(context, url, &body);
    view_free(&body);
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
        code = reauth_is_needed(context, &reauth, error);
    if (code == ERROR_NONE) {
        pending_login_authorize_url(provider, &login, reauth, &url);
        login_start_redirect(context, &url);
    }
    buffer_free(&url);
    pending_login_clear(&login);
    return code;
}

/* SPDX-License-Identifier: MIT */
#include "program/profile_page.h"

#include "config/provider_outline.h"
#include "config/routes.h"
#include "program/answer.h"
#include "session/anti_forgery.h"
#include "session/profile_view.h"

void profile_page_append_accounts_link(const struct request *request, struct buffer *url) {
    route_append_link(url, request, ROUTE_PROFILE, NULL);
    query_append_to_url(url, ACCOUNTS_PARAMETER, "1");
}

static void fill_json(struct context *context, const struct session *session, const char *token, struct view *view) {
    view_text(view, "provider", session->provider);
    view_copy(view, "user", session->profile);
    response_header(context->response, "X-CSRF-Token", token);
}

static enum error_code fill_page(struct context *context, const struct session *session, const char *token,
                                 struct view *view, struct error *error) {
    const struct provider_outline *outline;
    struct buffer start = BUFFER_EMPTY, accounts = BUFFER_EMPTY;
    struct words *words;
    enum error_code code = context_outline(context, session->provider, &outline, error);
    if (code == ERROR_NONE)
        code = context_words(context, &words, error);
    if (code != ERROR_NONE)
        return code;
    profile_view(view, session->profile, outline, words);
    route_append_link(&start, context->request, ROUTE_START, session->provider);
    profile_page_append_accounts_link(context->request, &accounts);
    view_text(view, ANTI_FORGERY_FIELD, token);
    view_buffer(view, "start_url", &start);
    view_buffer(view, "accounts_url", &accounts);
    buffer_free(&start);
    buffer_free(&accounts);
    return ERROR_NONE;
}

/* Adds what every page of a signed-in person has. */
static enum error_code fill(struct context *context, const struct session *session, struct view *view,
                            struct error *error) {
    char token[ANTI_FORGERY_SIZE];
    if (!anti_forgery_token(context->config, session, token))
        return error_out_of_memory(error);
    if (!context->request->wants_json)
        return fill_page(context, session, token, view, error);
    fill_json(context, session, token, view);
    return ERROR_NONE;
}

enum error_code profile_page_show(struct context *context, const struct session *session, const char *template,
                                  struct view *view, struct error *error) {
    struct buffer picture = BUFFER_EMPTY;
    profile_picture(&picture, session->profile);
    enum error_code code = picture.failed ? error_out_of_memory(error) : fill(context, session, view, error);
    if (code == ERROR_NONE)
        code = answer_page(context, template, view, buffer_text(&picture), error);
    buffer_free(&picture);
    return code;
}

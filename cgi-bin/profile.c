/* /profile. GET: the page of who is signed in, which asks the store only when the session is due for it, or with
 * ?accounts=1 the one of their accounts and sessions. POST: what the buttons of both do (account_actions.h).
 * SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "base/text.h"
#include "config/routes.h"
#include "program/account_actions.h"
#include "program/account_page.h"
#include "program/answer.h"
#include "program/page.h"
#include "program/profile_page.h"
#include "program/program.h"
#include "program/return_to.h"
#include "program/session_check.h"
#include "program/stored_profile.h"

#include <string.h>
#include <unistd.h>

static bool has_parameter(const struct request *request, const char *name, const char *value) {
    const char *found;
    return query_find(&request->query, name, &found) == QUERY_FOUND && strcmp(found, value) == 0;
}

/* What the last button of the page of accounts has done. */
static void add_done(const struct request *request, struct view *view) {
    static const char *const words[] = {"linked", "unlinked", "session_ended"};
    for (size_t i = 0; !request->wants_json && i < sizeof words / sizeof *words; i++)
        if (has_parameter(request, DONE_PARAMETER, words[i]))
            view_bool(view, words[i], true);
}

/* The page of accounts and sessions: the store is asked each time. */
static enum error_code show_accounts(struct context *context, struct session *session, struct view *view,
                                     struct error *error) {
    struct session_user user = {.document = NULL};
    struct store *store;
    enum error_code code = stored_user_find(context, session, &store, &user, error);
    if (code == ERROR_NONE)
        code = session_check_take_over(context, session, &user, error);
    add_done(context->request, view);
    if (code == ERROR_NONE)
        code = account_page_view(context, session, &user, view, error);
    /* The button that links an account leads to the provider, whose host may send the browser on to any other. */
    context->response->forms_lead_to =
        text_starts_with(context->config->base_url, "https:") ? "https:" : "http: https:";
    if (code == ERROR_NONE)
        code = profile_page_show(context, session, "accounts", view, error);
    json_free(user.document);
    return code;
}

static bool wants_accounts(const struct request *request) {
    return has_parameter(request, ACCOUNTS_PARAMETER, "1");
}

/* The page of a session, which goes back into its cookie if the store was just asked. */
static enum error_code handle_get(struct context *context, struct session *session, struct error *error) {
    const bool accounts = wants_accounts(context->request);
    struct view view = view_new();
    enum error_code code = accounts ? session_read(context->config, context->request, session, error)
                                    : session_check_read(context, session, error);
    if (code == ERROR_NONE && !context->request->wants_json)
        code = page_add_error(context, NULL, &view, error);
    if (code == ERROR_NONE)
        code = accounts ? show_accounts(context, session, &view, error)
                        : profile_page_show(context, session, "profile", &view, error);
    if (code == ERROR_NONE)
        code = session_check_write(context, session, error);
    view_free(&view);
    return code;
}

static enum error_code handle_post(struct context *context, struct session *session, struct error *error) {
    const enum error_code code = session_read(context->config, context->request, session, error);
    return code == ERROR_NONE ? account_action(context, session, error) : code;
}

static enum error_code handle(struct context *context, struct error *error) {
    struct session session;
    const enum error_code code = context->request->method == METHOD_POST ? handle_post(context, &session, error)
                                                                         : handle_get(context, &session, error);
    session_clear(&session);
    return code;
}

/* True if redirects.signed_out names the login page, which can lead back. */
static bool leads_to_login(const struct context *context) {
    const char *path = context->config->signed_out;
    const size_t len = strcspn(path, "?#");
    struct buffer link = BUFFER_EMPTY;
    route_append_link(&link, context->request, ROUTE_LOGIN, NULL);
    const bool leads = (len == strlen(ROUTE_PATH_LOGIN) && strncmp(path, ROUTE_PATH_LOGIN, len) == 0) ||
                       (len == link.len && strncmp(path, buffer_text(&link), len) == 0);
    buffer_free(&link);
    return leads;
}

/* Sends a browser to where nobody needs to be signed in. */
static void send_away(struct context *context) {
    struct buffer url = BUFFER_EMPTY, back = BUFFER_EMPTY;
    buffer_append_format(&url, "%s%s", context->config->base_url, context->config->signed_out);
    if (wants_accounts(context->request))
        profile_page_append_accounts_link(context->request, &back);
    else
        route_append_link(&back, context->request, ROUTE_PROFILE, NULL);
    if (leads_to_login(context))
        query_append_to_url(&url, RETURN_TO_PARAMETER, buffer_text(&back));
    url.failed = url.failed || back.failed;
    answer_failure_redirect(context, ERROR_NOT_SIGNED_IN, &url);
    buffer_free(&back);
    buffer_free(&url);
}

/* The page of who has deleted their account, and may go now. False if it is not theirs, or cannot be shown. */
static bool show_deleted(struct context *context) {
    struct error error;
    if (context->request->wants_json || !has_parameter(context->request, DONE_PARAMETER, DONE_DELETED))
        return false;
    struct view view = view_new();
    const enum error_code code = page_render(context, "deleted", 200, &view, NULL, &error);
    view_free(&view);
    if (code != ERROR_NONE)
        response_note(context->response, "%s: %s", error_describe(code)->word, error.cause);
    return code == ERROR_NONE;
}

static void fail(struct context *context, enum error_code code) {
    if (code != ERROR_NOT_SIGNED_IN) {
        page_error(context, code);
        return;
    }
    session_remove(context->request, context->response);
    if (!show_deleted(context))
        send_away(context);
}

int main(void) {
    static const struct program program = {.name = "profile",
                                           .methods = METHOD_GET | METHOD_HEAD | METHOD_POST,
                                           .wants = CONTEXT_FORM,
                                           .store = process_cache_store,
                                           .handle = handle,
                                           .fail = fail};
    return program_run(&program, environ);
}

/* /profile. GET: the page of who is signed in; asks the store only when the session is due for it. POST: what its two
 * buttons do, which is to sign out everywhere and to delete the account.
 * SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "base/text.h"
#include "config/profile_field.h"
#include "config/provider_outline.h"
#include "config/routes.h"
#include "program/answer.h"
#include "program/page.h"
#include "program/program.h"
#include "program/stored_profile.h"
#include "session/anti_forgery.h"
#include "session/last_provider.h"
#include "session/profile_view.h"
#include "session/session.h"
#include "store/store.h"

#include <stdio.h>
#include <unistd.h>

/* Decides by `session.on_store_outage` what a session is worth while the store cannot be asked. */
static enum error_code survive_outage(struct context *context, struct error *error) {
    const bool trusted = context->config->trust_on_outage;
    process_cache_drop_store(context->cache);
    response_note(context->response, "the session could not be checked, and is %s: %s",
                  trusted ? "trusted meanwhile" : "ended", error->cause);
    return trusted ? ERROR_NONE : error_set(error, ERROR_NOT_SIGNED_IN, "the session could not be checked");
}

/* Replaces the session's profile by the stored one, trimmed to what a page holds. */
static enum error_code take_over(struct context *context, struct session *session, const cJSON *stored,
                                 struct error *error) {
    cJSON *profile = session_trim(stored);
    if (profile == NULL)
        return error_out_of_memory(error);
    json_free(session->profile);
    session->profile = profile;
    session->checked = context->request->now;
    return ERROR_NONE;
}

static enum error_code update_session(struct context *context, struct session *session, const struct session_user *user,
                                      struct error *error) {
    cJSON *stored;
    if (user->document != NULL)
        snprintf(session->provider, sizeof session->provider, "%s", user->provider);
    enum error_code code = stored_profile(context, user->document, session->provider, &stored, error);
    if (code == ERROR_NONE)
        code = take_over(context, session, stored, error);
    json_free(stored);
    return code;
}

/* Asks the store whether the session lives, and takes the profile it has now. */
static enum error_code recheck(struct context *context, struct session *session, struct error *error) {
    struct store *store = NULL;
    struct session_user user = {.document = NULL};
    enum error_code code = context_store(context, &store, error);
    if (code == ERROR_NONE)
        code = store_session_user(store, session->id, context->request->now, &user, error);
    if (code == ERROR_NONE)
        code = update_session(context, session, &user, error);
    else if (code == ERROR_STORE_UNAVAILABLE)
        code = survive_outage(context, error);
    json_free(user.document);
    return code;
}

static void fill_json(struct context *context, const struct session *session, const char *token, struct view *view) {
    view_text(view, "provider", session->provider);
    view_copy(view, "user", session->profile);
    response_header(context->response, "X-CSRF-Token", token);
}

static enum error_code fill_page(struct context *context, const struct session *session, const char *token,
                                 struct view *view, struct error *error) {
    const struct provider_outline *outline;
    struct buffer start = BUFFER_EMPTY;
    const enum error_code code = context_outline(context, session->provider, &outline, error);
    if (code != ERROR_NONE)
        return code;
    profile_view(view, session->profile, outline);
    route_append_link(&start, context->request, ROUTE_START, session->provider);
    view_text(view, ANTI_FORGERY_FIELD, token);
    view_buffer(view, "start_url", &start);
    buffer_free(&start);
    return ERROR_NONE;
}

/* Who is signed in: as JSON, or on the page `template`. */
static enum error_code show(struct context *context, const struct session *session, const char *template,
                            struct error *error) {
    char token[ANTI_FORGERY_SIZE];
    struct buffer picture = BUFFER_EMPTY;
    struct view view = view_new();
    enum error_code code = ERROR_NONE;
    profile_picture(&picture, session->profile);
    if (picture.failed || !anti_forgery_token(context->config, session, token))
        code = error_out_of_memory(error);
    else if (context->request->wants_json)
        fill_json(context, session, token, &view);
    else
        code = fill_page(context, session, token, &view, error);
    if (code == ERROR_NONE)
        code = answer_page(context, template, &view, buffer_text(&picture), error);
    buffer_free(&picture);
    view_free(&view);
    return code;
}

/* Removes the cookie and leads home, or says the same as JSON. Whom this site was to forget, it forgets here, too. */
static void leave(struct context *context, bool deleted) {
    struct view body = view_new();
    session_remove(context->request, context->response);
    if (deleted)
        last_provider_forget(context->request, context->response);
    view_bool(&body, "signed_in", false);
    view_bool(&body, "deleted", deleted);
    answer_home(context, &body);
    view_free(&body);
}

/* Does what the button says; the session must live on the server, not only in a cookie. */
static enum error_code act(struct context *context, const struct session *session, bool delete_account,
                           struct error *error) {
    const char *id = json_string(session->profile, PROFILE_ID);
    struct session_user user = {.document = NULL};
    struct store *store;
    bool deleted = false;
    enum error_code code = context_store(context, &store, error);
    if (code == ERROR_NONE)
        code = store_session_user(store, session->id, context->request->now, &user, error);
    if (code == ERROR_NONE && (user.document == NULL || id == NULL))
        code = error_set(error, ERROR_NOT_SIGNED_IN, "the session has ended");
    if (code == ERROR_NONE)
        code = delete_account ? store_user_delete(store, session->provider, id, &deleted, error)
                              : store_sessions_end(store, session->provider, id, error);
    if (code == ERROR_NONE)
        leave(context, delete_account);
    json_free(user.document);
    return code;
}

static enum error_code handle_post(struct context *context, const struct session *session, struct error *error) {
    const char *action, *confirm;
    enum error_code code = anti_forgery_check(context->config, &context->form, session, error);
    if (code == ERROR_NONE)
        code = query_read(&context->form, "action", &action, error);
    if (code == ERROR_NONE)
        code = query_read(&context->form, "confirm", &confirm, error);
    if (code != ERROR_NONE)
        return code;
    const bool delete_account = text_equal(action, "delete");
    if (!delete_account && !text_equal(action, "sign_out_everywhere"))
        return error_set(error, ERROR_BAD_REQUEST, "the form names no action that there is");
    if (delete_account && !text_equal(confirm, "yes"))
        return context->request->wants_json ? error_set(error, ERROR_BAD_REQUEST, "deleting wants confirm=yes")
                                            : show(context, session, "delete", error);
    return act(context, session, delete_account, error);
}

/* The page of a session, which goes back into its cookie if the store was just asked. */
static enum error_code handle_get(struct context *context, struct session *session, struct error *error) {
    const bool due = session_is_due(context->config, context->request, session);
    enum error_code code = due ? recheck(context, session, error) : ERROR_NONE;
    if (code == ERROR_NONE)
        code = show(context, session, "profile", error);
    if (code == ERROR_NONE && due && session->checked == context->request->now)
        code = session_write(context->config, context->request, session, context->response, error);
    return code;
}

static enum error_code handle(struct context *context, struct error *error) {
    struct session session;
    enum error_code code = session_read(context->config, context->request, &session, error);
    if (code == ERROR_NONE)
        code = context->request->method == METHOD_POST ? handle_post(context, &session, error)
                                                       : handle_get(context, &session, error);
    session_clear(&session);
    return code;
}

/* A browser goes home; a client that wants JSON is told. */
static void fail(struct context *context, enum error_code code) {
    struct buffer home = BUFFER_EMPTY;
    if (code != ERROR_NOT_SIGNED_IN) {
        page_error(context, code);
        return;
    }
    session_remove(context->request, context->response);
    buffer_append_format(&home, "%s%s", context->config->base_url, context->config->home_path);
    answer_failure_redirect(context, code, &home);
    buffer_free(&home);
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

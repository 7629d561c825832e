/* /profile. GET: the page of who is signed in, which asks the store only when the session is due for it, or with
 * ?accounts=1 the one of their accounts and sessions. POST: what the buttons of both do (`actions`).
 * SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "base/text.h"
#include "config/profile_field.h"
#include "config/provider_outline.h"
#include "config/routes.h"
#include "program/account_page.h"
#include "program/answer.h"
#include "program/page.h"
#include "program/program.h"
#include "program/return_to.h"
#include "program/revocation_helper.h"
#include "program/stored_profile.h"
#include "session/anti_forgery.h"
#include "session/last_provider.h"
#include "session/link_permit.h"
#include "session/profile_view.h"
#include "session/session.h"
#include "store/store.h"
#include "store/user.h"

#include <stdio.h>
#include <string.h>
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

/* The page that the person is on: their profile, or their accounts and sessions, which ?accounts=1 asks for. */
#define ACCOUNTS_PARAMETER "accounts"

static void fill_json(struct context *context, const struct session *session, const char *token, struct view *view) {
    view_text(view, "provider", session->provider);
    view_copy(view, "user", session->profile);
    response_header(context->response, "X-CSRF-Token", token);
}

static enum error_code fill_page(struct context *context, const struct session *session, const char *token,
                                 struct view *view, struct error *error) {
    const struct provider_outline *outline;
    struct buffer start = BUFFER_EMPTY, accounts = BUFFER_EMPTY;
    const enum error_code code = context_outline(context, session->provider, &outline, error);
    if (code != ERROR_NONE)
        return code;
    profile_view(view, session->profile, outline);
    route_append_link(&start, context->request, ROUTE_START, session->provider);
    route_append_link(&accounts, context->request, ROUTE_PROFILE, NULL);
    query_append_to_url(&accounts, ACCOUNTS_PARAMETER, "1");
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

/* Who is signed in: as JSON, or on the page `template`. */
static enum error_code show(struct context *context, const struct session *session, const char *template,
                            struct view *view, struct error *error) {
    struct buffer picture = BUFFER_EMPTY;
    profile_picture(&picture, session->profile);
    enum error_code code = picture.failed ? error_out_of_memory(error) : fill(context, session, view, error);
    if (code == ERROR_NONE)
        code = answer_page(context, template, view, buffer_text(&picture), error);
    buffer_free(&picture);
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

/* Leads back to the page of accounts, which says what was done; a client that wants JSON gets `body`. */
static void answer_done(struct context *context, const char *done, const struct view *body) {
    struct buffer url = BUFFER_EMPTY;
    buffer_append_text(&url, context->config->base_url);
    route_append_link(&url, context->request, ROUTE_PROFILE, NULL);
    query_append_to_url(&url, ACCOUNTS_PARAMETER, "1");
    query_append_to_url(&url, "done", done);
    answer_see_other(context, &url, body);
    buffer_free(&url);
}

/* What a button of the page does. */
struct act {
    const struct session *session; /* lives on the server, not only in a cookie */
    const struct session_user *user;
    struct store *store;
};

static const char *user_id(const struct act *act) {
    return json_string(json_member(act->user->document, act->user->provider), PROFILE_ID);
}

static enum error_code sign_out_everywhere(struct context *context, const struct act *act, struct error *error) {
    const enum error_code code = store_sessions_end(act->store, act->user->provider, user_id(act), error);
    if (code == ERROR_NONE)
        leave(context, false);
    return code;
}

/* Shows the page that asks once more. A program that asks for JSON says `confirm=yes` at once. */
static enum error_code ask(struct context *context, const struct act *act, const char *template, struct view *view,
                           struct error *error) {
    if (context->request->wants_json)
        return error_set(error, ERROR_BAD_REQUEST, "this action wants confirm=yes");
    return show(context, act->session, template, view, error);
}

static enum error_code read_confirmation(struct context *context, bool *confirmed, struct error *error) {
    const char *confirm;
    const enum error_code code = query_read(&context->form, "confirm", &confirm, error);
    *confirmed = code == ERROR_NONE && text_equal(confirm, "yes");
    return code;
}

static enum error_code delete_account(struct context *context, const struct act *act, struct error *error) {
    struct view view = view_new();
    bool confirmed, deleted = false;
    enum error_code code = read_confirmation(context, &confirmed, error);
    if (code == ERROR_NONE && !confirmed)
        code = ask(context, act, "delete", &view, error);
    else if (code == ERROR_NONE)
        code = store_user_delete(act->store, act->user->provider, user_id(act), &deleted, error);
    if (code == ERROR_NONE && confirmed) {
        revocation_helper_run(context, act->user->document, NULL);
        leave(context, true);
    }
    view_free(&view);
    return code;
}

static enum error_code read_provider(struct context *context, const char **provider, struct error *error) {
    const enum error_code code = query_read(&context->form, "provider", provider, error);
    if (code == ERROR_NONE && *provider == NULL)
        return error_set(error, ERROR_BAD_REQUEST, "the form names no provider");
    return code;
}

/* Sends the browser to the provider, by way of `start`, which gets a permit for this. */
static enum error_code link_account(struct context *context, const struct act *act, struct error *error) {
    const char *provider;
    struct buffer url = BUFFER_EMPTY, permit = BUFFER_EMPTY, back = BUFFER_EMPTY;
    struct view body = view_new();
    enum error_code code = read_provider(context, &provider, error);
    if (code == ERROR_NONE && json_member(context->config->providers, provider) == NULL)
        code = error_set(error, ERROR_BAD_REQUEST, "the form names a provider that there is not");
    if (code == ERROR_NONE && !link_permit_append(context->config, context->request, act->session, provider, &permit))
        code = error_out_of_memory(error);
    if (code == ERROR_NONE) {
        route_append_link(&back, context->request, ROUTE_PROFILE, NULL);
        query_append_to_url(&back, ACCOUNTS_PARAMETER, "1");
        query_append_to_url(&back, "done", "linked");
        buffer_append_text(&url, context->config->base_url);
        route_append_link(&url, context->request, ROUTE_START, provider);
        query_append_to_url(&url, LINK_PERMIT_PARAMETER, buffer_text(&permit));
        query_append_to_url(&url, RETURN_TO_PARAMETER, buffer_text(&back));
        view_buffer(&body, "location", &url);
        answer_see_other(context, &url, &body);
    }
    view_free(&body);
    buffer_free(&back);
    buffer_free(&permit);
    buffer_free(&url);
    return code;
}

/* Takes the account away. What the session showed of it goes with the next page, which asks the store. */
static enum error_code unlink_now(struct context *context, const struct act *act, const char *provider,
                                  struct error *error) {
    struct session session = *act->session;
    struct view body = view_new();
    enum error_code code = store_account_unlink(act->store, session.id, provider, error);
    if (code == ERROR_NONE) {
        revocation_helper_run(context, act->user->document, provider);
        view_text(&body, "unlinked", provider);
        answer_done(context, "unlinked", &body);
        session.checked = 0;
        code = session_write(context->config, context->request, &session, context->response, error);
    }
    view_free(&body);
    return code;
}

static enum error_code unlink_account(struct context *context, const struct act *act, struct error *error) {
    const struct provider_outline *outline = NULL;
    const char *provider = NULL;
    struct view view = view_new();
    bool confirmed;
    enum error_code code = read_provider(context, &provider, error);
    if (code == ERROR_NONE)
        code = read_confirmation(context, &confirmed, error);
    if (code == ERROR_NONE && !user_is_account(json_member(act->user->document, provider)))
        code = error_set(error, ERROR_NOT_FOUND, "the account that is to be unlinked is none of this user");
    if (code == ERROR_NONE && confirmed) {
        code = unlink_now(context, act, provider, error);
    } else if (code == ERROR_NONE) {
        const cJSON *account = json_member(act->user->document, provider);
        struct view asked = view_object(&view, "account");
        if (json_member(context->config->providers, provider) != NULL)
            code = context_outline(context, provider, &outline, error);
        view_text(&asked, "provider", provider);
        view_text(&asked, "title", outline != NULL ? outline->title : provider);
        view_text(&asked, "name", profile_display_name(account));
        if (code == ERROR_NONE)
            code = ask(context, act, "unlink", &view, error);
    }
    view_free(&view);
    return code;
}

/* Ends one session of the user. One that is not there has ended already. */
static enum error_code end_session(struct context *context, const struct act *act, struct error *error) {
    char id[SESSION_ID_SIZE];
    const char *handle;
    struct view body = view_new();
    enum error_code code = query_read(&context->form, "session", &handle, error);
    if (code == ERROR_NONE && handle == NULL)
        code = error_set(error, ERROR_BAD_REQUEST, "the form names no session");
    if (code == ERROR_NONE)
        code = account_page_find_session(context, act->session, handle, id, error);
    if (code == ERROR_NONE && *id != '\0')
        code = store_session_end(act->store, id, error);
    view_bool(&body, "ended", code == ERROR_NONE && *id != '\0');
    if (code == ERROR_NONE && strcmp(id, act->session->id) == 0)
        leave(context, false);
    else if (code == ERROR_NONE)
        answer_done(context, "session_ended", &body);
    view_free(&body);
    return code;
}

static const struct action {
    const char *name;
    enum error_code (*carry_out)(struct context *context, const struct act *act, struct error *error);
} actions[] = {
    {"sign_out_everywhere", sign_out_everywhere},
    {"delete", delete_account},
    {"link", link_account},
    {"unlink", unlink_account},
    {"end_session", end_session},
};

static enum error_code find_action(struct context *context, const struct action **action, struct error *error) {
    const char *name;
    const enum error_code code = query_read(&context->form, "action", &name, error);
    if (code != ERROR_NONE)
        return code;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        *action = &actions[i];
        if (text_equal(name, actions[i].name))
            return ERROR_NONE;
    }
    return error_set(error, ERROR_BAD_REQUEST, "the form names no action that there is");
}

/* Asks the store for the user of the session, which must live there: a copy of a cookie that was signed out does
 * nothing. */
static enum error_code find_user(struct context *context, const struct session *session, struct store **store,
                                 struct session_user *user, struct error *error) {
    enum error_code code = context_store(context, store, error);
    if (code == ERROR_NONE)
        code = store_session_user(*store, session->id, context->request->now, user, error);
    if (code == ERROR_NONE && user->document == NULL)
        code = error_set(error, ERROR_NOT_SIGNED_IN, "the session has ended");
    return code;
}

static enum error_code handle_post(struct context *context, const struct session *session, struct error *error) {
    const struct action *action;
    struct session_user user = {.document = NULL};
    struct act act = {.session = session, .user = &user};
    enum error_code code = anti_forgery_check(context->config, &context->form, session, error);
    if (code == ERROR_NONE)
        code = find_action(context, &action, error);
    if (code == ERROR_NONE)
        code = find_user(context, session, &act.store, &user, error);
    if (code == ERROR_NONE)
        code = action->carry_out(context, &act, error);
    json_free(user.document);
    return code;
}

/* What the last button of the page of accounts has done. */
static void add_done(const struct request *request, struct view *view) {
    static const char *const words[] = {"linked", "unlinked", "session_ended"};
    const char *done;
    if (query_find(&request->query, "done", &done) != QUERY_FOUND || request->wants_json)
        return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(done, words[i]) == 0)
            view_bool(view, words[i], true);
}

/* The page of accounts and sessions: the store is asked each time. */
static enum error_code show_accounts(struct context *context, struct session *session, struct view *view,
                                     struct error *error) {
    struct session_user user = {.document = NULL};
    struct store *store;
    enum error_code code = find_user(context, session, &store, &user, error);
    if (code == ERROR_NONE)
        code = update_session(context, session, &user, error);
    add_done(context->request, view);
    if (code == ERROR_NONE)
        code = account_page_view(context, session, &user, view, error);
    /* The button that links an account leads to the provider, whose host may send the browser on to any other. */
    context->response->forms_lead_to =
        text_starts_with(context->config->base_url, "https:") ? "https:" : "http: https:";
    if (code == ERROR_NONE)
        code = show(context, session, "accounts", view, error);
    json_free(user.document);
    return code;
}

static bool wants_accounts(const struct request *request) {
    const char *value;
    return query_find(&request->query, ACCOUNTS_PARAMETER, &value) == QUERY_FOUND && strcmp(value, "1") == 0;
}

/* The page of a session, which goes back into its cookie if the store was just asked. */
static enum error_code handle_get(struct context *context, struct session *session, struct error *error) {
    const bool accounts = wants_accounts(context->request);
    const bool due = accounts || session_is_due(context->config, context->request, session);
    struct view view = view_new();
    enum error_code code = due && !accounts ? recheck(context, session, error) : ERROR_NONE;
    if (!context->request->wants_json)
        page_add_error(context->request, &view);
    if (code == ERROR_NONE)
        code =
            accounts ? show_accounts(context, session, &view, error) : show(context, session, "profile", &view, error);
    if (code == ERROR_NONE && due && session->checked == context->request->now)
        code = session_write(context->config, context->request, session, context->response, error);
    view_free(&view);
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

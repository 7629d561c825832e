/* SPDX-License-Identifier: MIT */
#include "program/account_actions.h"

#include "base/json.h"
#include "base/text.h"
#include "config/profile_field.h"
#include "config/provider_outline.h"
#include "config/routes.h"
#include "program/account_page.h"
#include "program/answer.h"
#include "program/form_action.h"
#include "program/profile_page.h"
#include "program/return_to.h"
#include "program/revocation_helper.h"
#include "program/stored_profile.h"
#include "session/anti_forgery.h"
#include "session/last_provider.h"
#include "session/link_permit.h"
#include "session/profile_view.h"
#include "store/store.h"
#include "store/user.h"

#include <string.h>

/* Leads to the page that says so, since nobody is signed in there any more. Whom this site was to forget, it forgets
 * here, too. */
static void tell_deleted(struct context *context, const struct view *body) {
    struct buffer url = BUFFER_EMPTY;
    last_provider_forget(context->request, context->response);
    buffer_append_text(&url, context->config->base_url);
    route_append_link(&url, context->request, ROUTE_PROFILE, NULL);
    query_append_to_url(&url, DONE_PARAMETER, DONE_DELETED);
    answer_redirect(context, &url, body);
    buffer_free(&url);
}

/* Removes the cookie and leads to what says that it is done, or says so as JSON. */
static void leave(struct context *context, bool deleted) {
    struct view body = view_new();
    session_remove(context->request, context->response);
    view_bool(&body, "signed_in", false);
    view_bool(&body, "deleted", deleted);
    if (deleted)
        tell_deleted(context, &body);
    else
        answer_home(context, DONE_SIGNED_OUT, &body);
    view_free(&body);
}

/* Leads back to the page of accounts, which says what was done; a client that wants JSON gets `body`. */
static void answer_done(struct context *context, const char *done, const struct view *body) {
    struct buffer url = BUFFER_EMPTY;
    buffer_append_text(&url, context->config->base_url);
    profile_page_append_accounts_link(context->request, &url);
    query_append_to_url(&url, DONE_PARAMETER, done);
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
    return profile_page_show(context, act->session, template, view, error);
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
        profile_page_append_accounts_link(context->request, &back);
        query_append_to_url(&back, DONE_PARAMETER, "linked");
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

/* What each name stands for. */
static const char *const names[] = {"sign_out_everywhere", "delete", "link", "unlink", "end_session", NULL};
static enum error_code (*const actions[])(struct context *context, const struct act *act, struct error *error) = {
    sign_out_everywhere, delete_account, link_account, unlink_account, end_session};

enum error_code account_action(struct context *context, const struct session *session, struct error *error) {
    size_t action = 0;
    struct session_user user = {.document = NULL};
    struct act act = {.session = session, .user = &user};
    enum error_code code = anti_forgery_check(context->config, &context->form, session, error);
    if (code == ERROR_NONE)
        code = form_action_find(&context->form, names, &action, error);
    if (code == ERROR_NONE)
        code = stored_user_find(context, session, &act.store, &user, error);
    if (code == ERROR_NONE)
        code = actions[action](context, &act, error);
    json_free(user.document);
    return code;
}

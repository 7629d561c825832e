/* SPDX-License-Identifier: MIT */
#include "console/user_page.h"

#include "base/json.h"
#include "base/text.h"
#include "console/user_shown.h"
#include "program/account_revocation.h"
#include "program/form_action.h"
#include "session/session_handle.h"
#include "store/document_fields.h"
#include "store/user.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* One user, while a page or an action is about them. */
struct person {
    struct console *console;
    char provider[PROVIDER_NAME_MAX + 1];
    struct account_key key;
    cJSON *document; /* as it is stored */
};

static enum error_code find_person(struct console *console, const struct query *query, struct person *person,
                                   struct error *error) {
    const char *user;
    *person = (struct person){.console = console};
    const enum error_code code = query_read(query, "user", &user, error);
    return code == ERROR_NONE ? user_shown_find(console, user, person->provider, &person->key, &person->document, error)
                              : code;
}

/* The sessions. */

struct walk {
    const struct person *person;
    struct view *list;
    const char *wanted; /* a handle that is looked for */
    char *found;        /* the id that it stands for, or "" */
};

static enum error_code add_session(void *context, const struct store_session *session, struct error *error) {
    struct walk *walk = context;
    struct console *console = walk->person->console;
    char handle[SESSION_HANDLE_SIZE];
    struct view item = view_item(walk->list);
    if (!session_handle(console->context->config, session->id, handle))
        return error_out_of_memory(error);
    view_text(&item, "session", handle);
    if (!text_is_blank(session->agent))
        view_text(&item, "agent", session->agent);
    view_text(&item, "provider", session->provider);
    user_shown_add_time(console, &item, "since", session->created);
    view_bool(&item, "current", strcmp(session->id, console->session.id) == 0);
    return ERROR_NONE;
}

static enum error_code compare_session(void *context, const struct store_session *session, struct error *error) {
    struct walk *walk = context;
    char handle[SESSION_HANDLE_SIZE];
    if (!session_handle(walk->person->console->context->config, session->id, handle))
        return error_out_of_memory(error);
    if (strlen(walk->wanted) == strlen(handle) && sodium_memcmp(walk->wanted, handle, strlen(handle)) == 0)
        snprintf(walk->found, SESSION_ID_SIZE, "%s", session->id);
    return ERROR_NONE;
}

static enum error_code walk_sessions(const struct person *person, store_session_visitor visit, struct walk *walk,
                                     struct error *error) {
    return store_sessions_of_user(person->console->store, &person->key, person->console->context->request->now, visit,
                                  walk, error);
}

/* The page. */

static void add_accounts(const struct person *person, struct view *view) {
    struct view list = view_list(view, "accounts");
    for (const cJSON *member = person->document->child; member != NULL; member = member->next) {
        if (!user_is_account(member))
            continue;
        struct view item = view_item(&list);
        user_shown_add_account(&item, member);
    }
}

static void add_person(const struct person *person, struct view *view) {
    struct view item = view_object(view, "person");
    user_shown_add_account(&item, json_member(person->document, person->provider));
    user_shown_add_time(person->console, &item, "created",
                        user_date_seconds(json_member(person->document, FIELD_CREATED_AT)));
    user_shown_add_time(person->console, &item, "last_login",
                        user_date_seconds(json_member(person->document, FIELD_LAST_LOGIN_AT)));
}

/* Adds the document, without what is secret: as JSON to a program, as its text to a page. */
static void add_document(const struct person *person, struct view *view) {
    cJSON *copy = cJSON_Duplicate(person->document, true);
    if (copy != NULL)
        user_shown_strip(copy);
    if (person->console->context->request->wants_json) {
        view_add(view, "document", copy);
        return;
    }
    char *text = copy != NULL ? cJSON_Print(copy) : NULL;
    struct buffer safe = BUFFER_EMPTY;
    if (text != NULL)
        text_append_json_printable(&safe, text);
    safe.failed = safe.failed || text == NULL;
    view_buffer(view, "document", &safe);
    buffer_free(&safe);
    json_free_text(text);
    json_free(copy);
}

static enum error_code show(const struct person *person, struct error *error) {
    struct view view = view_new();
    add_person(person, &view);
    add_accounts(person, &view);
    struct view list = view_list(&view, "sessions");
    struct walk walk = {.person = person, .list = &list};
    enum error_code code = walk_sessions(person, add_session, &walk, error);
    view_bool(&view, "has_sessions", list.value != NULL && list.value->child != NULL);
    add_document(person, &view);
    if (code == ERROR_NONE)
        code = console_show(person->console, "console_user", 200, &view, error);
    view_free(&view);
    return code;
}

/* The document as a file. What is taken home is kept account of as a change is. */
static enum error_code take_home(const struct person *person, struct error *error) {
    struct context *context = person->console->context;
    enum error_code code = console_check_log(person->console, error);
    if (code != ERROR_NONE)
        return code;
    struct view view = view_new();
    for (cJSON *member = person->document->child; member != NULL; member = member->next)
        view_copy(&view, member->string, member);
    if (view.value != NULL)
        user_shown_strip(view.value);
    response_json(context->response, 200, "application/json", &view);
    response_header(context->response, "Content-Disposition", "attachment; filename=\"user.json\"");
    console_log(person->console, "exported the user %s:%s", person->key.provider, person->key.id);
    view_free(&view);
    return code;
}

enum error_code user_page_show(struct console *console, struct error *error) {
    const struct query *query = &console->context->request->query;
    struct person person;
    const char *wanted = NULL;
    enum error_code code = find_person(console, query, &person, error);
    if (code == ERROR_NONE)
        code = query_read(query, "export", &wanted, error);
    if (code == ERROR_NONE)
        code = text_equal(wanted, "1") ? take_home(&person, error) : show(&person, error);
    json_free(person.document);
    return code;
}

/* The buttons. */

/* Leads back to the user, or to the list where there is none any more. */
static void answer_done(const struct person *person, const char *page, const char *done) {
    struct view body = view_new();
    struct buffer user = BUFFER_EMPTY;
    buffer_append_format(&user, "%s:%s", person->key.provider, person->key.id);
    view_bool(&body, done, true);
    console_see_other(person->console,
                      &(struct console_place){page, done, strcmp(page, "user") == 0 ? buffer_text(&user) : NULL},
                      &body);
    buffer_free(&user);
    view_free(&body);
}

static enum error_code end_session(const struct person *person, struct error *error) {
    char id[SESSION_ID_SIZE] = "";
    const char *handle;
    struct walk walk = {.person = person, .found = id};
    enum error_code code = query_read(&person->console->context->form, "session", &handle, error);
    if (code == ERROR_NONE && handle == NULL)
        code = error_set(error, ERROR_BAD_REQUEST, "the form names no session");
    walk.wanted = handle;
    if (code == ERROR_NONE)
        code = walk_sessions(person, compare_session, &walk, error);
    if (code == ERROR_NONE && *id != '\0')
        code = store_session_end(person->console->store, id, error);
    if (code != ERROR_NONE)
        return code;
    if (*id != '\0') /* else it has ended meanwhile */
        console_log(person->console, "ended a session of the user %s:%s", person->key.provider, person->key.id);
    answer_done(person, "user", "session_ended");
    return ERROR_NONE;
}

static enum error_code end_sessions(const struct person *person, struct error *error) {
    const enum error_code code =
        store_sessions_end(person->console->store, person->key.provider, person->key.id, error);
    if (code != ERROR_NONE)
        return code;
    console_log(person->console, "ended all sessions of the user %s:%s", person->key.provider, person->key.id);
    answer_done(person, "user", "sessions_ended");
    return ERROR_NONE;
}

static void note_revocation(void *context, const char *line) {
    response_note(context, "%s", line);
}

static enum error_code delete_now(const struct person *person, struct error *error) {
    struct context *context = person->console->context;
    bool deleted;
    const enum error_code code =
        store_user_delete(person->console->store, person->key.provider, person->key.id, &deleted, error);
    if (code != ERROR_NONE)
        return code;
    if (deleted) /* else somebody else was first */
        console_log(person->console, "deleted the user %s:%s", person->key.provider, person->key.id);
    account_revocation_run(context->cache, context->config, person->document, context->request->now, note_revocation,
                           context->response);
    answer_done(person, "users", "deleted");
    return ERROR_NONE;
}

/* Asks once more; a program that asks for JSON says `confirm=yes` at once. */
static enum error_code delete_user(const struct person *person, struct error *error) {
    const struct context *context = person->console->context;
    const char *confirm;
    enum error_code code = query_read(&context->form, "confirm", &confirm, error);
    if (code == ERROR_NONE && text_equal(confirm, "yes"))
        return delete_now(person, error);
    if (code == ERROR_NONE && context->request->wants_json)
        code = error_set(error, ERROR_BAD_REQUEST, "this action wants confirm=yes");
    if (code != ERROR_NONE)
        return code;
    struct view view = view_new();
    add_person(person, &view);
    code = console_show(person->console, "console_delete", 200, &view, error);
    view_free(&view);
    return code;
}

/* What each name stands for. */
static const char *const names[] = {"end_session", "end_sessions", "delete", NULL};
static enum error_code (*const actions[])(const struct person *person,
                                          struct error *error) = {end_session, end_sessions, delete_user};

enum error_code user_page_act(struct console *console, struct error *error) {
    size_t action = 0;
    struct person person = {.document = NULL};
    enum error_code code = form_action_find(&console->context->form, names, &action, error);
    if (code == ERROR_NONE)
        code = console_check_log(console, error);
    if (code == ERROR_NONE)
        code = find_person(console, &console->context->form, &person, error);
    if (code == ERROR_NONE)
        code = actions[action](&person, error);
    json_free(person.document);
    return code;
}

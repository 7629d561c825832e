/* SPDX-License-Identifier: MIT */
#include "console/console.h"

#include "base/date.h"
#include "base/json.h"
#include "base/log_file.h"
#include "base/text.h"
#include "config/owners.h"
#include "config/profile_field.h"
#include "config/routes.h"
#include "console/setup_visit.h"
#include "program/answer.h"
#include "program/page.h"
#include "program/stored_profile.h"
#include "session/anti_forgery.h"
#include "store/user.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Who is let in. */

static bool is_fresh(const struct console *console) {
    const int64_t now = console->context->request->now, then = console->session.signed_in;
    return now >= then && now - then <= OWNER_FRESH_SECONDS;
}

/* A provider whose settings have a fault judges nobody. An owner is then let in as far as the check, which says so. */
static enum error_code check_shown(struct console *console, const struct session_user *user, enum console_access *most,
                                   struct error *error) {
    struct context *context = console->context;
    cJSON *shown = NULL;
    *most = CONSOLE_OWNER;
    if (context->config->is_faulty)
        return ERROR_NONE;
    const enum error_code code = stored_profile(context, user->document, &console->session, &shown, error);
    json_free(shown);
    if (code != ERROR_CONFIG)
        return code;
    problems_clear(&context->problems);
    *most = CONSOLE_VISITOR;
    return ERROR_NONE;
}

/* Judges by the account that was logged in with: another one of the same person's is worth nothing, and neither is a
 * session that has come to show this one since. */
static enum error_code judge(struct console *console, const struct session_user *user, struct error *error) {
    struct context *context = console->context;
    const char *provider = console->session.provider;
    enum console_access most;
    cJSON *profile = NULL;
    if (!text_equal(user->provider, provider))
        return ERROR_NONE;
    enum error_code code = check_shown(console, user, &most, error);
    if (code == ERROR_NONE)
        code = user_profile(user->document, provider, &profile, error);
    if (code == ERROR_NONE && profile != NULL) {
        const struct allow_account account = {provider, profile};
        snprintf(console->account, sizeof console->account, "%s:%s", provider, json_string(profile, PROFILE_ID));
        if (!owners_admit(context->config, &account))
            console->access = CONSOLE_STRANGER;
        else if (is_fresh(console))
            console->access = most;
    }
    json_free(profile);
    return code;
}

/* Asks the store whether the session lives, however lately it was asked. */
static enum error_code find_owner(struct console *console, struct error *error) {
    struct context *context = console->context;
    struct session_user user = {.document = NULL};
    enum error_code code = session_read(context->config, context->request, &console->session, error);
    if (code == ERROR_NONE)
        code = stored_user_find(context, &console->session, &console->store, &user, error);
    if (code == ERROR_NONE)
        code = judge(console, &user, error);
    json_free(user.document);
    if (code == ERROR_STORE_UNAVAILABLE && context->config->is_faulty)
        return ERROR_NONE; /* the check says what is wrong with it */
    /* Who has come with the code of the set-up may be here because of the store. */
    if (code == ERROR_STORE_UNAVAILABLE && console->setup_is_open) {
        process_cache_drop_store(context->cache);
        response_note(context->response, "who is logged in is not known: %s", error->cause);
        return ERROR_NONE;
    }
    return code == ERROR_NOT_SIGNED_IN ? ERROR_NONE : code;
}

static enum error_code find_visitor(struct console *console, struct error *error) {
    char id[SESSION_ID_SIZE];
    const enum error_code code = setup_visit_read(console->context, id, error);
    if (code != ERROR_NONE || *id == '\0')
        return code;
    session_clear(&console->session);
    console->session = (struct session){.id = ""};
    snprintf(console->session.id, sizeof console->session.id, "%s", id);
    console->access = CONSOLE_VISITOR;
    return ERROR_NONE;
}

enum error_code console_open(struct context *context, struct console *console, struct error *error) {
    *console = (struct console){.context = context};
    console->setup_is_open = setup_visit_is_open(context);
    if (context->config->owners == NULL && !console->setup_is_open)
        return error_set(
            error, ERROR_NOT_FOUND,
            "there is no owner's page: the config has no `owners`, and no `setup_code` that is not used up");
    enum error_code code = find_owner(console, error);
    if (code != ERROR_NONE || !console->setup_is_open)
        return code;
    if (console->access != CONSOLE_OWNER)
        return find_visitor(console, error);
    setup_visit_end(context);
    console->setup_is_open = false;
    return ERROR_NONE;
}

void console_close(struct console *console) {
    session_clear(&console->session);
}

/* Answers. */

void console_append_link(const struct request *request, const char *page, struct buffer *url) {
    route_append_link(url, request, ROUTE_CONSOLE, *page != '\0' ? page : NULL);
}

static void add_links(const struct request *request, struct view *view) {
    static const char *const pages[] = {"", "users", "user", "gate", "code"};
    struct view links = view_object(view, "console");
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct buffer url = BUFFER_EMPTY;
        console_append_link(request, pages[i], &url);
        view_buffer(&links, *pages[i] != '\0' ? pages[i] : "check", &url);
        buffer_free(&url);
    }
}

/* What the last button has done, of the words that the page knows. */
static void add_done(const struct request *request, struct view *view) {
    static const char *const words[] = {"session_ended", "sessions_ended", "deleted"};
    const char *done;
    if (query_find(&request->query, "done", &done) != QUERY_FOUND)
        return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(done, words[i]) == 0)
            view_bool(view, words[i], true);
}

static enum error_code show_json(struct console *console, int status, const struct view *view, const char *token) {
    struct response *response = console->context->response;
    if (*token != '\0')
        response_header(response, "X-CSRF-Token", token);
    response_json(response, status, "application/json", view);
    return ERROR_NONE;
}

enum error_code console_show(struct console *console, const char *name, int status, struct view *view,
                             struct error *error) {
    struct context *context = console->context;
    char token[ANTI_FORGERY_SIZE] = "";
    if (console->session.id[0] != '\0' && !anti_forgery_token(context->config, &console->session, token))
        return error_out_of_memory(error);
    if (console->account[0] != '\0')
        view_text(view, "account", console->account);
    if (context->config->is_faulty)
        view_bool(view, "faulty", true);
    if (context->request->wants_json)
        return show_json(console, status, view, token);
    view_text(view, ANTI_FORGERY_FIELD, token);
    view_bool(view, "owner", console->access == CONSOLE_OWNER);
    view_bool(view, "visitor", console->access == CONSOLE_VISITOR);
    view_bool(view, "stranger", console->access == CONSOLE_STRANGER);
    view_bool(view, "setup_is_open", console->setup_is_open);
    view_bool(view, "names_owners", context->config->owners != NULL);
    add_links(context->request, view);
    add_done(context->request, view);
    return page_render_english(context, name, status, view, error);
}

void console_see_other(struct console *console, const struct console_place *place, const struct view *view) {
    struct buffer url = BUFFER_EMPTY;
    buffer_append_text(&url, console->context->config->base_url);
    console_append_link(console->context->request, place->page, &url);
    if (place->user != NULL)
        query_append_to_url(&url, "user", place->user);
    if (place->done != NULL)
        query_append_to_url(&url, "done", place->done);
    answer_see_other(console->context, &url, view);
    buffer_free(&url);
}

enum error_code console_check_form(struct console *console, struct error *error) {
    return anti_forgery_check(console->context->config, &console->context->form, &console->session, error);
}

/* The log. */

static bool find_log(const struct console *console, char path[PATH_MAX]) {
    return snprintf(path, PATH_MAX, "%s/" CONSOLE_LOG_NAME, console->context->config->state) < PATH_MAX;
}

void console_log(struct console *console, const char *format, ...) {
    const char *address = request_variable(console->context->request, "REMOTE_ADDR");
    const char *who = console->access == CONSOLE_OWNER ? console->account : "somebody";
    char path[PATH_MAX], what[LOG_LINE_MAX], now[DATE_TIME_SIZE];
    struct buffer line = BUFFER_EMPTY;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    date_write_time((int64_t)time(NULL), now);
    buffer_append_format(&line, "%s console[%ld] ", now, (long)getpid());
    text_append_printable(&line, who, ACCOUNT_SIZE);
    buffer_append_text(&line, " from ");
    text_append_printable(&line, address != NULL ? address : "?", LOG_PATH_MAX);
    buffer_append_text(&line, ": ");
    text_append_printable(&line, what, sizeof what);
    buffer_append_char(&line, '\n');
    if (line.failed || !find_log(console, path) || !log_file_append(path, buffer_text(&line), line.len))
        response_note(console->context->response, "console.log could not be written: %s", what);
    buffer_free(&line);
}

enum error_code console_check_log(const struct console *console, struct error *error) {
    char path[PATH_MAX];
    const char *problem = find_log(console, path) ? log_file_problem(path) : strerror(ENAMETOOLONG);
    return problem == NULL
               ? ERROR_NONE
               : error_set(error, ERROR_INTERNAL, "%s cannot be written: %s; nothing is changed that is not kept there",
                           path, problem);
}

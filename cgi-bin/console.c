/* /auth/console and what lies below it: the owner's page. Off, as if there were no such page, unless the config names
 * `owners` or has a `setup_code`.
 * SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "config/routes.h"
#include "console/check_page.h"
#include "console/console.h"
#include "console/gate_page.h"
#include "console/refresh_url.h"
#include "console/setup_visit.h"
#include "console/user_page.h"
#include "console/users_page.h"
#include "program/answer.h"
#include "program/page.h"
#include "program/program.h"
#include "program/reauth.h"
#include "program/return_to.h"

#include <unistd.h>

typedef enum error_code (*console_step)(struct console *console, struct error *error);

/* A page, what its buttons do, and from whom on it is one's; those of CONSOLE_NOBODY look for themselves, and need no
 * session whose form it could be. */
static const struct page {
    const char *name;
    enum console_access from;
    console_step show, act;
} pages[] = {
    {"", CONSOLE_VISITOR, check_page_show, check_page_act}, {"users", CONSOLE_OWNER, users_page_show, NULL},
    {"user", CONSOLE_OWNER, user_page_show, user_page_act}, {"gate", CONSOLE_OWNER, gate_page_show, gate_page_act},
    {"code", CONSOLE_NOBODY, NULL, setup_visit_begin},
};

static enum error_code find_page(struct context *context, const struct page **page, struct error *error) {
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        *page = &pages[i];
        if (text_equal(context->request->provider, pages[i].name))
            return ERROR_NONE;
    }
    return error_set(error, ERROR_NOT_FOUND, "the owner's page has no such page below it");
}

/* Says why not: the way in with the code while there is one, the way to the login, or who would have to be among
 * `owners`. */
static enum error_code refuse(struct console *console, const struct page *page, struct error *error) {
    struct context *context = console->context;
    const bool stranger = console->access == CONSOLE_STRANGER;
    struct view view = view_new();
    enum error_code code = ERROR_NONE;
    if (stranger)
        code = error_set(error, ERROR_NOT_ALLOWED, "%s is not among `owners`", console->account);
    else
        code = error_set(error, ERROR_NOT_SIGNED_IN, "no owner has just logged in");
    if (context->request->method != METHOD_POST && !context->request->wants_json) {
        if (console->setup_is_open && *page->name == '\0')
            code = console_show(console, "console_welcome", 200, &view, error);
        else if (stranger)
            code = console_show(console, "console_stranger", 403, &view, error);
    }
    view_free(&view);
    return code;
}

static enum error_code carry_out(struct console *console, const struct page *page, struct error *error) {
    const bool posted = console->context->request->method == METHOD_POST;
    const console_step step = posted ? page->act : page->show;
    if (step == NULL) {
        console->context->methods = posted ? METHOD_GET | METHOD_HEAD : METHOD_POST;
        return error_set(error, ERROR_METHOD_NOT_ALLOWED, "this page does not take this method");
    }
    if (console->access < page->from)
        return refuse(console, page, error);
    const enum error_code code =
        posted && page->from != CONSOLE_NOBODY ? console_check_form(console, error) : ERROR_NONE;
    return code == ERROR_NONE ? step(console, error) : code;
}

/* While the config has a fault. */

/* Shows the check to whoever is let in, takes the code, or asks for it. */
static enum error_code carry_out_faulty(struct console *console, const struct page *page, struct error *error) {
    if (console->context->request->method == METHOD_POST)
        return setup_visit_begin(console, error);
    if (console->access >= CONSOLE_VISITOR)
        return check_page_show(console, error);
    return console->setup_is_open ? refuse(console, page, error)
                                  : error_set(error, ERROR_NOT_SIGNED_IN, "no owner has just logged in");
}

/* There are the first page and the way in with the code. All else is answered as any program answers a fault, and so is
 * who is not let in: the way to the login leads nowhere. */
static enum error_code handle_faulty(struct console *console, struct error *error) {
    struct context *context = console->context;
    const bool posted = context->request->method == METHOD_POST;
    const struct page *page;
    enum error_code code = find_page(context, &page, error);
    if (code == ERROR_NONE && !(posted ? page->from == CONSOLE_NOBODY : *page->name == '\0'))
        code = error_set(error, ERROR_NOT_FOUND, "there is no such page before the config is right");
    if (code == ERROR_NONE)
        code = console_open(context, console, error);
    if (code == ERROR_NONE)
        code = carry_out_faulty(console, page, error);
    if (code == ERROR_NOT_FOUND || code == ERROR_NOT_SIGNED_IN)
        return error_set(error, ERROR_CONFIG, "%s", context->problems.lines[0]);
    problems_clear(&context->problems); /* the failure, if it is one, is another */
    return code;
}

static enum error_code handle_right(struct console *console, struct error *error) {
    struct context *context = console->context;
    const struct page *page;
    if (text_equal(context->request->provider, "refresh"))
        return refresh_url_run(context, error);
    enum error_code code = find_page(context, &page, error);
    if (code == ERROR_NONE)
        code = console_open(context, console, error);
    return code == ERROR_NONE ? carry_out(console, page, error) : code;
}

static enum error_code handle(struct context *context, struct error *error) {
    struct console console = {.context = context};
    const enum error_code code =
        context->config->is_faulty ? handle_faulty(&console, error) : handle_right(&console, error);
    console_close(&console);
    return code;
}

/* Who has to log in comes back to the first page. A form that was filled in meanwhile is not sent again. */
static void fail(struct context *context, enum error_code code) {
    struct buffer url = BUFFER_EMPTY, back = BUFFER_EMPTY;
    if (code != ERROR_NOT_SIGNED_IN) {
        page_error(context, code);
        return;
    }
    console_append_link(context->request, "", &back);
    buffer_append_text(&url, context->config->base_url);
    route_append_link(&url, context->request, ROUTE_LOGIN, NULL);
    query_append_to_url(&url, RETURN_TO_PARAMETER, buffer_text(&back));
    reauth_append(true, &url);
    url.failed = url.failed || back.failed;
    answer_failure_redirect(context, code, &url);
    buffer_free(&back);
    buffer_free(&url);
}

int main(void) {
    static const struct program program = {.name = "console",
                                           .methods = METHOD_GET | METHOD_HEAD | METHOD_POST,
                                           .wants = CONTEXT_FORM,
                                           .store = process_cache_store,
                                           .handle = handle,
                                           .fail = fail,
                                           .reader = CONFIG_FOR_OWNER};
    return program_run(&program, environ);
}

/* SPDX-License-Identifier: MIT */
#include "console/check_page.h"

#include "admin/check/check.h"
#include "admin/refresh_report.h"
#include "base/json.h"
#include "console/findings.h"
#include "console/user_shown.h"
#include "program/form_action.h"

/* The findings come first: what takes them has the same context as what takes the URIs. */
struct taking {
    struct findings findings;
    struct view uris;
};

static void take_uri(void *context, const char *what, const char *provider, const char *uri) {
    struct taking *taking = context;
    struct view item = view_item(&taking->uris);
    view_text(&item, "what", what);
    view_text(&item, "provider", provider);
    view_text(&item, "uri", uri);
}

/* Adds what the last run of `refresh` did, and whether that is too long ago. */
static void add_refresh(struct console *console, struct view *view) {
    const struct config *config = console->context->config;
    cJSON *report = refresh_report_read(config);
    int64_t finished = 0;
    struct view item = view_object(view, "refresh");
    if (report != NULL && json_integer(json_member(report, "finished"), &finished)) {
        view_copy(&item, "report", report);
        user_shown_add_time(console, &item, "finished", finished);
        view_bool(&item, "incomplete", cJSON_IsFalse(json_member(report, "complete")));
        view_bool(&item, "old", console->context->request->now - finished > REFRESH_REPORT_OLD_SECONDS);
    } else {
        view_bool(&item, "never", true);
    }
    json_free(report);
}

static enum error_code show(struct console *console, bool online, struct error *error) {
    struct view view = view_new();
    struct taking taking;
    findings_begin(&taking.findings, &view);
    taking.uris = view_list(&view, "uris");
    const struct check_options options = {.online = online,
                                          .milliseconds = OWNER_CHECK_MS,
                                          .taker = {.take = findings_take, .context = &taking},
                                          .take_uri = take_uri};
    check_site(console->context->config->path, &options);
    view_number(&view, "to_fix", (int64_t)taking.findings.fixes);
    view_bool(&view, "all_is_right", taking.findings.fixes == 0);
    view_bool(&view, "online", online);
    if (console->access == CONSOLE_OWNER && !console->context->config->is_faulty)
        add_refresh(console, &view);
    const enum error_code code = console_show(console, "console", 200, &view, error);
    view_free(&view);
    return code;
}

enum error_code check_page_show(struct console *console, struct error *error) {
    return show(console, false, error);
}

enum error_code check_page_act(struct console *console, struct error *error) {
    static const char *const names[] = {"check_online", NULL};
    size_t action;
    const enum error_code code = form_action_find(&console->context->form, names, &action, error);
    return code == ERROR_NONE ? show(console, true, error) : code;
}

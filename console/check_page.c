/* SPDX-License-Identifier: MIT */
#include "console/check_page.h"

#include "admin/check/check.h"
#include "base/text.h"

#include <string.h>

/* Findings by their kinds, and URIs. */
struct taking {
    struct view findings[FINDING_FIX + 1];
    struct view uris;
    size_t fixes;
};

static void add_printable(struct view *item, const char *key, const char *text) {
    struct buffer printable = BUFFER_EMPTY;
    text_append_printable(&printable, text, strlen(text));
    view_buffer(item, key, &printable);
    buffer_free(&printable);
}

static void take_finding(void *context, enum finding_kind kind, const char *sentence) {
    struct taking *taking = context;
    struct view item = view_item(&taking->findings[kind]);
    add_printable(&item, "sentence", sentence);
    taking->fixes += kind == FINDING_FIX;
}

static void take_uri(void *context, const char *what, const char *provider, const char *uri) {
    struct taking *taking = context;
    struct view item = view_item(&taking->uris);
    view_text(&item, "what", what);
    view_text(&item, "provider", provider);
    view_text(&item, "uri", uri);
}

static enum error_code show(struct console *console, bool online, struct error *error) {
    struct view view = view_new();
    struct taking taking = {.findings = {[FINDING_OK] = view_list(&view, "right"),
                                         [FINDING_NOTE] = view_list(&view, "notes"),
                                         [FINDING_FIX] = view_list(&view, "fixes")},
                            .uris = view_list(&view, "uris")};
    const struct check_options options = {
        .online = online, .taker = {.take = take_finding, .context = &taking}, .take_uri = take_uri};
    check_site(console->context->config->path, &options);
    view_number(&view, "to_fix", (int64_t)taking.fixes);
    view_bool(&view, "all_is_right", taking.fixes == 0);
    view_bool(&view, "online", online);
    const enum error_code code = console_show(console, "console", 200, &view, error);
    view_free(&view);
    return code;
}

enum error_code check_page_show(struct console *console, struct error *error) {
    return show(console, false, error);
}

enum error_code check_page_act(struct console *console, struct error *error) {
    const char *action;
    enum error_code code = query_read(&console->context->form, "action", &action, error);
    if (code == ERROR_NONE && !text_equal(action, "check_online"))
        code = error_set(error, ERROR_BAD_REQUEST, "the form names no action that there is");
    return code == ERROR_NONE ? show(console, true, error) : code;
}

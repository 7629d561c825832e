/* SPDX-License-Identifier: MIT */
#include "console/gate_page.h"

#include "admin/gate/gate_check.h"
#include "admin/gate/gate_rule_text.h"
#include "config/gate_rules.h"
#include "console/findings.h"
#include "program/form_action.h"

static void add_rules(const struct config *config, struct view *view) {
    struct view list = view_list(view, "rules");
    for (const cJSON *rule = gate_rules_count(config) != 0 ? config->gate->child : NULL; rule != NULL;
         rule = rule->next) {
        struct view item = view_item(&list);
        struct buffer text = BUFFER_EMPTY;
        gate_rule_append(&text, rule);
        view_text(&item, "path", gate_rule_path(rule));
        view_buffer(&item, "rule", &text);
        buffer_free(&text);
    }
}

static enum error_code show(struct console *console, bool asked, struct error *error) {
    const struct config *config = console->context->config;
    struct view view = view_new();
    struct findings findings;
    const struct finding_taker taker = {.take = findings_take, .context = &findings};
    findings_begin(&findings, &view);
    add_rules(config, &view);
    view_bool(&view, "has_rules", gate_rules_count(config) != 0);
    view_bool(&view, "asked", asked);
    if (asked)
        gate_check(config, &taker);
    const enum error_code code = console_show(console, "console_gate", 200, &view, error);
    view_free(&view);
    return code;
}

enum error_code gate_page_show(struct console *console, struct error *error) {
    return show(console, false, error);
}

enum error_code gate_page_act(struct console *console, struct error *error) {
    static const char *const names[] = {"ask", NULL};
    size_t action;
    const enum error_code code = form_action_find(&console->context->form, names, &action, error);
    return code == ERROR_NONE ? show(console, true, error) : code;
}

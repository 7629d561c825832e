/* What is wrong with the rules of `gate`.
 * SPDX-License-Identifier: MIT */
#include "config/gate_rules.h"

#include "base/buffer.h"
#include "base/site_path.h"
#include "base/text.h"
#include "config/routes.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PATH_SHOWN_MAX = 160 };

/* A path that a rule names. */
struct written_path {
    size_t rule;
    int open; /* its place in `public`; -1: it is the rule's own */
    const char *text;
};

static void add_fault(const struct written_path *path, struct problems *problems, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a fault of the path: where it stands, what is written there, and what follows. */
static void add_fault(const struct written_path *path, struct problems *problems, const char *format, ...) {
    struct buffer place = BUFFER_EMPTY;
    char rest[LOG_LINE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(rest, sizeof rest, format, arguments);
    va_end(arguments);
    buffer_append_format(&place, "gate[%zu].", path->rule);
    if (path->open < 0)
        buffer_append_text(&place, "path: \"");
    else
        buffer_append_format(&place, "public[%d]: \"", path->open);
    text_append_printable(&place, path->text, PATH_SHOWN_MAX);
    problems_add(problems, "%s\" %s", buffer_text(&place), rest);
    problems->out_of_memory = problems->out_of_memory || place.failed;
    buffer_free(&place);
}

/* Finds the path that was meant: written otherwise, percent-encoded, as a URL of this site, or without its first slash.
 * False if there is none. */
static bool find_meant(const struct config *config, const char *text, char meant[SITE_PATH_MAX + 1],
                       struct problems *problems) {
    const char *origin = config->base_url, *rest = text;
    struct buffer whole = BUFFER_EMPTY;
    bool found = false;
    if (origin != NULL && text_starts_with(text, origin))
        rest += strlen(origin);
    if (*rest == '/' || (isalnum((unsigned char)*rest) && strchr(rest, ':') == NULL)) {
        buffer_append_format(&whole, "%s%s", *rest == '/' ? "" : "/", rest);
        found = site_path_read_decoded(buffer_text(&whole), whole.len, meant) == SITE_PATH_IS_RIGHT ||
                site_path_read(buffer_text(&whole), whole.len, meant) == SITE_PATH_IS_RIGHT;
    }
    problems->out_of_memory = problems->out_of_memory || whole.failed;
    buffer_free(&whole);
    return found;
}

/* Adds that the path is not in its one form, and what to write. */
static void add_other_form(const struct config *config, const struct written_path *path, enum site_path_fault fault,
                           struct problems *problems) {
    char meant[SITE_PATH_MAX + 1];
    struct buffer shown = BUFFER_EMPTY;
    if (find_meant(config, path->text, meant, problems)) {
        text_append_printable(&shown, meant, PATH_SHOWN_MAX);
        add_fault(path, problems, "is not a path of this site as people read it; write \"%s\"", buffer_text(&shown));
    } else {
        add_fault(path, problems, "%s; no request for it is let in; correct it, or guard the folder above",
                  site_path_describe(fault));
    }
    problems->out_of_memory = problems->out_of_memory || shown.failed;
    buffer_free(&shown);
}

/* True if the path is in the form in which paths are judged, and can be let in at all. */
static bool check_form(const struct config *config, const struct written_path *path, struct problems *problems) {
    char form[SITE_PATH_MAX + 1];
    const enum site_path_fault fault = site_path_read_decoded(path->text, strlen(path->text), form);
    if (fault != SITE_PATH_IS_RIGHT || strcmp(form, path->text) != 0)
        add_other_form(config, path, fault, problems);
    else if (strchr(form, '*') != NULL)
        add_fault(path, problems, "is no pattern; a path holds all that lies in it: write it without the \"*\"");
    else if (site_path_is_private(form))
        add_fault(
            path, problems,
            "has a name of hidden files, settings, databases, keys or backups, which are never served; remove it");
    else
        return true;
    return false;
}

/* Finds the first rule before this one that would decide for the path, whatever the case of letters. Returns its index,
 * or that of `rule` itself where there is none. Nothing else of those is read, since each is compared with each. */
static size_t find_earlier(const struct config *config, const struct gate_rule *rule, const char *path,
                           const char **earlier) {
    size_t index = 0;
    for (const cJSON *item = config->gate->child; index < rule->index; item = item->next, index++) {
        *earlier = gate_rule_path(item);
        if (*earlier != NULL && site_path_lies_in(path, *earlier, true))
            break;
    }
    return index;
}

/* Adds that the rule never decides, since an earlier one does. */
static void check_hidden(const struct config *config, const struct gate_rule *rule, const struct written_path *path,
                         struct problems *problems) {
    const char *earlier;
    const size_t index = find_earlier(config, rule, path->text, &earlier);
    if (index == rule->index)
        return;
    if (!site_path_lies_in(path->text, earlier, false))
        add_fault(
            path, problems,
            "lies in that of gate[%zu] where the case of letters does not count, and then nobody gets in; put this "
            "rule before that one, or rename one of the folders",
            index);
    else if (site_path_lies_in(earlier, path->text, false))
        add_fault(path, problems, "is that of gate[%zu], too, which decides; remove one of the two rules", index);
    else
        add_fault(path, problems,
                  "lies in that of gate[%zu], which comes first and decides; put this rule before that one", index);
}

/* Adds that nobody could sign in any more. */
static void check_routes(const struct gate_rule *rule, const struct written_path *path, struct problems *problems) {
    static const char *const own[] = {ROUTE_PATH_LOGIN, ROUTE_PATH_START, ROUTE_PATH_LOGOUT, ROUTE_PATH_PROFILE,
                                      ROUTE_PATH_FILES};
    struct buffer closed = BUFFER_EMPTY;
    bool within = false;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        within = within || site_path_lies_in(path->text, own[i], false);
        if (site_path_lies_in(own[i], path->text, false) && !gate_rule_opens(rule, own[i]))
            buffer_append_format(&closed, "%s\"%s\"", closed.len != 0 ? ", " : "", own[i]);
    }
    if (within)
        add_fault(path, problems, "is what people sign in by, and nobody could; remove this rule");
    else if (closed.len != 0)
        add_fault(path, problems, "holds what people sign in by, and nobody could; add to its public: %s",
                  buffer_text(&closed));
    problems->out_of_memory = problems->out_of_memory || closed.failed;
    buffer_free(&closed);
}

/* Adds what is wrong with one of the paths that everybody may see. */
static void check_open_path(const struct config *config, const struct gate_rule *rule, const struct written_path *path,
                            struct problems *problems) {
    const char *earlier;
    if (!check_form(config, path, problems) || rule->path == NULL)
        return;
    const size_t index = find_earlier(config, rule, path->text, &earlier);
    if (site_path_lies_in(rule->path, path->text, false))
        add_fault(path, problems, "is all that the rule guards, and everybody could see it; remove it");
    else if (!site_path_lies_in(path->text, rule->path, false))
        add_fault(path, problems, "does not lie in the rule's path; move it to the rule that holds it, or remove it");
    else if (index != rule->index)
        add_fault(path, problems, "is decided by gate[%zu], which comes first; move it there", index);
}

static void check_open_paths(const struct config *config, const struct gate_rule *rule, struct problems *problems) {
    int place = 0;
    for (const cJSON *entry = cJSON_IsArray(rule->open) ? rule->open->child : NULL; entry != NULL;
         entry = entry->next, place++) {
        const struct written_path path = {rule->index, place, cJSON_GetStringValue(entry)};
        if (path.text != NULL && *path.text != '\0')
            check_open_path(config, rule, &path, problems);
    }
}

static void check_rule(const struct config *config, const struct gate_rule *rule, struct problems *problems) {
    const struct written_path path = {rule->index, -1, rule->path};
    if (path.text != NULL && *path.text != '\0' && check_form(config, &path, problems)) {
        check_hidden(config, rule, &path, problems);
        check_routes(rule, &path, problems);
    }
    check_open_paths(config, rule, problems);
    if (cJSON_IsObject(rule->allow.rules) && cJSON_IsObject(config->providers) && config->providers->child != NULL)
        allow_check(&rule->allow, problems);
}

/* Adds that who could not log in is led to a page that they may not see, which would lead them to the login again, and
 * they would never learn what went wrong. */
static void check_failure_page(const struct config *config, struct problems *problems) {
    char path[SITE_PATH_MAX + 1];
    struct gate_rule rule;
    const char *page = config->failure;
    if (page != NULL && site_path_read(page, strcspn(page, "?#"), path) == SITE_PATH_IS_RIGHT &&
        gate_rules_find(config, path, &rule) == GATE_MATCH_RULE)
        problems_add(
            problems,
            "redirects.failure: is for who could not log in, and lies in gate[%zu].path, where they may not be; "
            "add it to gate[%zu].public, or name another page",
            rule.index, rule.index);
}

void gate_rules_check(const struct config *config, struct problems *problems) {
    const size_t count = gate_rules_count(config);
    if (count > GATE_RULES_MAX)
        problems_add(problems, "gate: more than %d rules; one rule holds all that lies in its path: remove some",
                     GATE_RULES_MAX);
    for (size_t index = 0; index < count && index < GATE_RULES_MAX; index++) {
        const struct gate_rule rule = gate_rules_at(config, index);
        check_rule(config, &rule, problems);
    }
    check_failure_page(config, problems);
}

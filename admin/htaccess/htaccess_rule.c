/* SPDX-License-Identifier: MIT */
#include "admin/htaccess/htaccess_rule.h"

#include "admin/htaccess/htaccess_pattern.h"
#include "base/buffer.h"
#include "config/routes.h"

#include <string.h>
#include <strings.h>

/* A backslash at a line's end joins the next line to it. */
static bool is_blank(const char *at, const char *end) {
    return *at == ' ' || *at == '\t' || *at == '\r' || *at == '\n' ||
           (*at == '\\' && at + 1 < end && (at[1] == '\n' || at[1] == '\r'));
}

bool htaccess_word(const char **at, const char *end, char *word, size_t size) {
    const char *from = *at;
    size_t len = 0;
    while (from < end && is_blank(from, end))
        from++;
    const bool is_there = from < end;
    char quote = '\0';
    if (is_there && (*from == '"' || *from == '\''))
        quote = *from;
    from += quote != '\0' ? 1 : 0;
    while (from < end && (quote != '\0' ? *from != quote : !is_blank(from, end))) {
        from += *from == '\\' && from + 1 < end && (from[1] == quote || from[1] == ' ') && from[1] != '\0' ? 1 : 0;
        if (len + 1 < size)
            word[len] = *from;
        len++;
        from++;
    }
    *at = from < end && quote != '\0' ? from + 1 : from;
    word[len < size ? len : 0] = '\0';
    return is_there && len < size;
}

bool htaccess_is_directive(const char *line, const char *end, const char *name) {
    const size_t len = strlen(name);
    while (line < end && (*line == ' ' || *line == '\t'))
        line++;
    return (size_t)(end - line) >= len && strncasecmp(line, name, len) == 0 &&
           (line + len == end || is_blank(line + len, end));
}

/* Whether a rule's flags, "[NC,R=301,L]", have one by its short or its long name, with a value or not. */
static bool has_flag(const char *flags, const char *brief, const char *name) {
    const char *const names[] = {brief, name};
    for (const char *at = flags + strspn(flags, "[ "); *at != '\0' && *at != ']'; at += strspn(at, ", ")) {
        const size_t len = strcspn(at, ",]"), named = strcspn(at, "=,] ");
        for (size_t i = 0; i < 2; i++)
            if (named == strlen(names[i]) && strncasecmp(at, names[i], named) == 0)
                return true;
        at += len;
    }
    return false;
}

/* True if the pattern matches the path of one of our routes. "!" in front turns it round. */
static bool reaches_routes(const char *pattern) {
    const bool turned = pattern[0] == '!';
    bool reaches = false;
    for (enum route route = ROUTE_START; !reaches && route < ROUTES; route++) {
        struct buffer path = BUFFER_EMPTY;
        route_append(&path, route, "instagram");
        /* In an .htaccess file paths have no slash in front. */
        reaches = path.failed || htaccess_pattern_matches(pattern + (turned ? 1 : 0), buffer_text(&path) + 1) != turned;
        buffer_free(&path);
    }
    return reaches;
}

/* True for the path of a program, with a folder and any suffix, and the provider or not: "/cgi-bin/start/$1". */
static bool leads_to_program(const char *target) {
    const char *end = target + strlen(target);
    if (end - target > 3 && strcmp(end - 3, "/$1") == 0)
        end -= 3;
    const char *slash = memrchr(target, '/', (size_t)(end - target));
    if (slash == NULL || slash == target)
        return false;
    const char *name = slash + 1, *dot = memchr(name, '.', (size_t)(end - name));
    if (dot != NULL && strncmp(dot, ".php", 4) == 0)
        return false;
    const size_t len = (size_t)((dot != NULL ? dot : end) - name);
    for (enum route route = ROUTE_START; *target == '/' && route < ROUTES; route++)
        if (strlen(route_program(route)) == len && strncmp(route_program(route), name, len) == 0)
            return true;
    return false;
}

static bool is_pattern_of_ours(const char *pattern) {
    static const char *const paths[] = {ROUTE_PATH_START, ROUTE_PATH_LOGIN, ROUTE_PATH_PROFILE, ROUTE_PATH_LOGOUT};
    for (size_t i = 0; pattern[0] == '^' && i < sizeof paths / sizeof *paths; i++) {
        const size_t len = strlen(paths[i]) - 1;
        if (strncmp(pattern + 1, paths[i] + 1, len) == 0 && (pattern[len + 1] == '/' || pattern[len + 1] == '$'))
            return true;
    }
    return false;
}

void htaccess_rule_read(const char *line, const char *end, struct htaccess_rule *rule) {
    char name[HTACCESS_WORD_MAX], flags[HTACCESS_WORD_MAX] = "";
    *rule = (struct htaccess_rule){.skips = true};
    htaccess_word(&line, end, name, sizeof name);
    if (!htaccess_word(&line, end, rule->pattern, sizeof rule->pattern) ||
        !htaccess_word(&line, end, rule->target, sizeof rule->target))
        return;
    htaccess_word(&line, end, flags, sizeof flags);
    const bool stays = strcmp(rule->target, "-") == 0,
               forbids = has_flag(flags, "F", "forbidden") || has_flag(flags, "G", "gone");
    const bool ends = has_flag(flags, "L", "last") || has_flag(flags, "END", "END");
    rule->chained = has_flag(flags, "C", "chain");
    rule->redirects = has_flag(flags, "R", "redirect") || strncasecmp(rule->target, "http", 4) == 0;
    rule->ours = is_pattern_of_ours(rule->pattern) && leads_to_program(rule->target) && has_flag(flags, "END", "END");
    rule->skips = has_flag(flags, "S", "skip");
    rule->may_catch = !rule->redirects && !forbids && (!stays || ends);
}

bool htaccess_rule_catches(const struct htaccess_rule *rule) {
    return rule->skips || (rule->may_catch && reaches_routes(rule->pattern));
}

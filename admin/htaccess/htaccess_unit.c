/* SPDX-License-Identifier: MIT */
#include "admin/htaccess/htaccess_unit.h"

#include "admin/gate/htaccess_block.h"
#include "admin/htaccess/htaccess_rule.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

#define REGION_BEGIN "# BEGIN "
#define REGION_END "# END "

struct htaccess_reader htaccess_reader_of(const char *text) {
    const bool marked = text_starts_with(text, HTACCESS_BYTE_ORDER_MARK);
    return (struct htaccess_reader){text + (marked ? strlen(HTACCESS_BYTE_ORDER_MARK) : 0), 1};
}

const char *htaccess_line_end(const char *line, const char **end, size_t *number) {
    const char *at = line;
    for (bool joined = true; joined;) {
        at += strcspn(at, "\n");
        *end = at > line && at[-1] == '\r' ? at - 1 : at;
        joined = *end > line && (*end)[-1] == '\\' && *at == '\n';
        at += *at == '\n' ? 1 : 0;
        *number += 1;
    }
    return at;
}

/* What is known while a unit is read. */
struct state {
    size_t depth;       /* of sections */
    const char *region; /* its name, behind "# BEGIN "; NULL: in none */
    size_t region_len;
    bool conditions; /* the next rule has some */
    bool about_name; /* one of them is about https, or the name of the site */
    bool chained;
};

static bool names_the_site(const char *line, const char *end) {
    static const char *const names[] = {
        "HTTPS", "SERVER_PORT", "HTTP_HOST", "REQUEST_SCHEME", "HTTP:X-Forwarded", "SERVER_NAME", "HTTP:CF-Visitor"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (memmem(line, (size_t)(end - line), names[i], strlen(names[i])) != NULL)
            return true;
    return false;
}

static void take_rule(struct state *state, struct htaccess_unit *unit, const char *line, const char *end,
                      size_t number) {
    struct htaccess_rule rule;
    htaccess_rule_read(line, end, &rule);
    unit->ours = rule.ours && unit->rule_line == 0 && !state->conditions;
    unit->rule_line = number;
    if (rule.redirects && (state->about_name || strncasecmp(rule.target, "http", 4) == 0))
        unit->canon_line = number;
    if (unit->catch_line == 0 && htaccess_rule_catches(&rule))
        unit->catch_line = number;
    state->chained = rule.chained;
    state->conditions = state->about_name = false;
}

static void take_engine(struct htaccess_unit *unit, const char *line, const char *end, size_t number) {
    char word[16] = "";
    htaccess_word(&line, end, word, sizeof word);
    htaccess_word(&line, end, word, sizeof word);
    unit->turns_on = strcasecmp(word, "on") == 0;
    unit->off_line = strcasecmp(word, "off") == 0 ? number : 0;
}

/* Takes in a line that is neither blank nor a comment. */
static void take_directive(struct state *state, struct htaccess_unit *unit, const char *line, const char *end,
                           size_t number) {
    const char *at = line + strspn(line, " \t");
    if (text_starts_with(at, "</")) {
        state->depth -= state->depth > 0 ? 1 : 0;
    } else if (*at == '<') {
        if (state->depth++ == 0)
            unit->open_line = number;
    } else if (htaccess_is_directive(line, end, "RewriteCond")) {
        state->conditions = true;
        state->about_name = state->about_name || names_the_site(line, end);
    } else if (htaccess_is_directive(line, end, "RewriteRule")) {
        take_rule(state, unit, line, end, number);
    } else if (htaccess_is_directive(line, end, "RewriteEngine")) {
        take_engine(unit, line, end, number);
    }
    if (state->depth == 0)
        unit->open_line = 0;
}

/* True if the region that begins here ends somewhere. */
static bool region_ends(const char *line, const char *name, size_t len) {
    for (const char *at = strstr(line, REGION_END); at != NULL; at = strstr(at + 1, REGION_END)) {
        const char *behind = at + strlen(REGION_END) + len;
        if (strncmp(at + strlen(REGION_END), name, len) == 0 && strchr(" \t\r\n", *behind) != NULL)
            return true;
    }
    return false;
}

/* Begins or ends a region at a comment that says so. True if it does. */
static bool take_mark(struct state *state, const char *line, const char *end) {
    if (state->region == NULL && text_starts_with(line, REGION_BEGIN)) {
        const char *name = line + strlen(REGION_BEGIN);
        while (end > name && (end[-1] == ' ' || end[-1] == '\t'))
            end--;
        if (!region_ends(line, name, (size_t)(end - name)))
            return false;
        state->region = name;
        state->region_len = (size_t)(end - name);
        return true;
    }
    if (state->region == NULL || !text_starts_with(line, REGION_END))
        return false;
    const char *name = line + strlen(REGION_END);
    if ((size_t)(end - name) >= state->region_len && strncmp(name, state->region, state->region_len) == 0 &&
        strchr(" \t\r\n", name[state->region_len]) != NULL) {
        state->region = NULL;
        return true;
    }
    return false;
}

bool htaccess_unit_read(struct htaccess_reader *reader, struct htaccess_unit *unit) {
    struct state state = {.depth = 0};
    const char *next, *end;
    *unit = (struct htaccess_unit){.start = NULL};
    for (const char *line = reader->at; *line != '\0'; line = next) {
        const size_t number = reader->line;
        next = htaccess_line_end(line, &end, &reader->line);
        const char *at = line + strspn(line, " \t");
        const bool blank = at >= end, comment = *at == '#' && !blank;
        const bool inside = state.depth > 0 || state.region != NULL || state.conditions || state.chained;
        const bool begins = comment && !inside && text_starts_with(line, REGION_BEGIN) && take_mark(&state, line, end);
        const bool ends = comment && !begins && take_mark(&state, line, end);
        if ((blank || begins) && !inside && unit->start != NULL) {
            reader->at = line; /* a comment that stands alone */
            reader->line = number;
            return true;
        }
        if (unit->start == NULL && !blank)
            unit->start = line;
        if (!blank && !comment) {
            unit->first = unit->first == NULL ? line : unit->first;
            take_directive(&state, unit, line, end, number);
        }
        unit->first = begins ? line : unit->first;
        unit->end = reader->at = next;
        const bool whole = state.depth == 0 && state.region == NULL && !state.conditions && !state.chained;
        if (whole && (ends || (!blank && !comment)))
            return true;
    }
    return unit->start != NULL;
}

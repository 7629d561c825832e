/* SPDX-License-Identifier: MIT */
#include "admin/htaccess/htaccess_old.h"

#include "admin/htaccess/htaccess_rule.h"
#include "admin/htaccess/htaccess_unit.h"

#include <string.h>

static size_t count_routes(const char *text) {
    struct htaccess_reader reader = htaccess_reader_of(text);
    struct htaccess_unit unit;
    size_t count = 0;
    while (htaccess_unit_read(&reader, &unit))
        count += unit.ours ? 1 : 0;
    return count;
}

static bool has(const char *from, const char *end, const char *part) {
    return memmem(from, (size_t)(end - from), part, strlen(part)) != NULL;
}

/* How many directives a section has, and how many of them begin so. */
static size_t count_directives(const struct htaccess_unit *unit, const char *beginning, size_t *all) {
    const char *next, *end;
    size_t count = 0, number = 0;
    *all = 0;
    for (const char *line = unit->first; line < unit->end; line = next) {
        next = htaccess_line_end(line, &end, &number);
        const char *at = line + strspn(line, " \t");
        if (at >= end || *at == '#' || *at == '<')
            continue;
        *all += 1;
        count += strncmp(at, beginning, strlen(beginning)) == 0 ? 1 : 0;
    }
    return count;
}

static bool has_only(const struct htaccess_unit *unit, const char *beginning) {
    size_t all;
    const size_t count = count_directives(unit, beginning, &all);
    return count != 0 && count == all;
}

/* A comment alone is ours by how it begins; the first is that of the whole file. */
static bool is_comment_of_ours(const struct htaccess_unit *unit) {
    return has(unit->start, unit->end, "# cgi-login: what the document root's .htaccess needs") ||
           has(unit->start, unit->end, "\n#cgi# ");
}

static bool is_line(const struct htaccess_unit *unit, const char *line) {
    const size_t len = strlen(line);
    return (size_t)(unit->end - unit->first) >= len && strncmp(unit->first, line, len) == 0 &&
           strchr("\r\n", unit->first[len]) != NULL;
}

static bool is_ours(const struct htaccess_unit *unit, bool route_follows) {
    if (unit->first == NULL)
        return is_comment_of_ours(unit);
    return unit->ours || (route_follows && is_line(unit, "RewriteEngine On")) ||
           has_only(unit, "SetEnv CGI_LOGIN_CONFIG ") || has_only(unit, "Header setifempty ") ||
           is_line(unit, "Options +ExecCGI -Indexes") || is_line(unit, "AddHandler cgi-script .cgi") ||
           (htaccess_is_directive(unit->first, unit->end, "<FilesMatch") &&
            has(unit->first, unit->end, "|^config.*\\.json") && has_only(unit, "Require all denied"));
}

size_t htaccess_old_remove(struct buffer *out, const char *text) {
    const size_t routes = count_routes(text);
    struct htaccess_reader reader = htaccess_reader_of(text);
    struct htaccess_unit unit, next;
    const char *kept = text;
    bool more = routes != 0 && htaccess_unit_read(&reader, &unit);
    while (more) {
        more = htaccess_unit_read(&reader, &next);
        if (is_ours(&unit, more && next.ours)) {
            buffer_append(out, kept, (size_t)(unit.start - kept));
            kept = unit.end + strspn(unit.end, "\r\n");
        }
        unit = next;
    }
    buffer_append_text(out, kept);
    return routes;
}

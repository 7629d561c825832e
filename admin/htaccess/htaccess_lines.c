/* SPDX-License-Identifier: MIT */
#include "admin/htaccess/htaccess_lines.h"

#include "admin/gate/htaccess_block.h"
#include "admin/htaccess/htaccess_rule.h"
#include "admin/htaccess/htaccess_unit.h"
#include "base/file.h"
#include "base/file_fault.h"
#include "base/text.h"
#include "config/routes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define EXAMPLE_NAME "htaccess.example"
#define RUN_HERE "#cgi# "
enum { EXAMPLE_MAX = 1 << 16 };

/* Where in a rule's target the programs' folder ends, and where their suffix is: "/cgi-bin|/start|.cgi|/$1". False if
 * it leads to none of ours. */
static bool split_target(const char *target, size_t *folder, size_t *name_end, size_t *suffix_end) {
    const size_t len = strlen(target), tail = len > 3 && strcmp(target + len - 3, "/$1") == 0 ? 3 : 0;
    const char *slash = memrchr(target, '/', len - tail);
    if (slash == NULL)
        return false;
    const char *end = target + len - tail, *dot = memchr(slash, '.', (size_t)(end - slash));
    *folder = (size_t)(slash - target);
    *name_end = (size_t)((dot != NULL ? dot : end) - target);
    *suffix_end = (size_t)(end - target);
    return true;
}

bool htaccess_programs_read(const char *text, struct htaccess_programs *programs) {
    struct htaccess_rule rule;
    const char *next, *end;
    size_t number = 0, folder, name_end, suffix_end;
    *programs = (struct htaccess_programs){.url = ""};
    for (const char *line = text; *line != '\0'; line = next) {
        next = htaccess_line_end(line, &end, &number);
        if (htaccess_is_directive(line, end, "AddHandler"))
            programs->run_here = programs->run_here || memmem(line, (size_t)(end - line), "cgi-script", 10) != NULL;
        if (programs->url[0] != '\0' || !htaccess_is_directive(line, end, "RewriteRule"))
            continue;
        htaccess_rule_read(line, end, &rule);
        if (rule.ours && split_target(rule.target, &folder, &name_end, &suffix_end)) {
            snprintf(programs->url, sizeof programs->url, "%.*s", (int)folder, rule.target);
            snprintf(programs->suffix, sizeof programs->suffix, "%.*s", (int)(suffix_end - name_end),
                     rule.target + name_end);
        }
    }
    if (htaccess_url_is_valid(programs->url) && htaccess_suffix_is_valid(programs->suffix))
        return true;
    programs->url[0] = programs->suffix[0] = '\0';
    return false;
}

bool htaccess_url_is_valid(const char *url) {
    static const char letters[] = "/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~-";
    const size_t len = strlen(url);
    return url[0] == '/' && len > 1 && len < PROGRAMS_URL_SIZE && url[len - 1] != '/' && strspn(url, letters) == len;
}

bool htaccess_suffix_is_valid(const char *suffix) {
    return suffix[0] == '\0' || (suffix[0] == '.' && suffix[1] != '\0' && strlen(suffix) < PROGRAMS_SUFFIX_SIZE &&
                                 strspn(suffix + 1, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(suffix + 1));
}

/* Appends a rule with the site's own address of its program. False if it is no rule of ours. */
static bool append_rule(struct buffer *lines, const char *line, const char *end,
                        const struct htaccess_programs *programs) {
    struct htaccess_rule rule;
    size_t folder, name_end, suffix_end;
    if (!htaccess_is_directive(line, end, "RewriteRule"))
        return false;
    htaccess_rule_read(line, end, &rule);
    if (!rule.ours || !split_target(rule.target, &folder, &name_end, &suffix_end))
        return false;
    buffer_append_format(lines, "RewriteRule %s %s%.*s%s%s [END]\n", rule.pattern, programs->url,
                         (int)(name_end - folder), rule.target + folder, programs->suffix, rule.target + suffix_end);
    return true;
}

/* One of the lines that let the web root hold programs, in an example that has them. */
static bool makes_run(const char *line, const char *end) {
    return htaccess_is_directive(line, end, "Options") || htaccess_is_directive(line, end, "AddHandler");
}

static void append_line(struct buffer *lines, const char *line, const char *end, const char *config,
                        const struct htaccess_programs *programs) {
    const char *set = memmem(line, (size_t)(end - line), "SetEnv CGI_LOGIN_CONFIG ", 24);
    if (set != NULL) {
        buffer_append(lines, line, (size_t)(set - line));
        buffer_append_format(lines, "SetEnv CGI_LOGIN_CONFIG \"%s\"\n", config);
    } else if (!append_rule(lines, line, end, programs)) {
        const bool marked = text_starts_with(line, RUN_HERE);
        line += programs->run_here && marked ? strlen(RUN_HERE) : 0;
        if (!programs->run_here && !marked && makes_run(line, end))
            buffer_append_text(lines, RUN_HERE);
        buffer_append(lines, line, (size_t)(end - line));
        buffer_append_char(lines, '\n');
    }
}

enum error_code htaccess_lines_make(const char *example, const char *config, const struct htaccess_programs *programs,
                                    struct buffer *lines, struct error *error) {
    const char *start, *stop, *end, *next;
    size_t number = 0;
    if (htaccess_block_find(example, HTACCESS_SITE_MARKS, &start, &stop) != HTACCESS_BLOCK_WHOLE ||
        programs->url[0] == '\0')
        return error_set(error, ERROR_CONFIG,
                         EXAMPLE_NAME " does not have the routes between one \"" HTACCESS_SITE_BEGIN
                                      "\" and one \"" HTACCESS_SITE_END "\"; put the one of this version there");
    if (strpbrk(config, "\"\\\r\n") != NULL)
        return error_set(error, ERROR_CONFIG,
                         "%s: a path with a quote, a backslash or a line break cannot be written into .htaccess",
                         config);
    for (const char *line = start; line < stop; line = next) {
        next = htaccess_line_end(line, &end, &number);
        append_line(lines, line, end, config, programs);
    }
    return lines->failed ? error_out_of_memory(error) : ERROR_NONE;
}

enum error_code htaccess_example_read(const char *named, const char *home, struct buffer *text, struct error *error) {
    char path[PATH_MAX], account[PATH_MAX], fault[FILE_FAULT_MAX];
    bool fits = snprintf(path, sizeof path, "%s/" EXAMPLE_NAME, home) < (int)sizeof path;
    if (named != NULL)
        fits = text_copy(path, sizeof path, named);
    if (fits && file_read(path, EXAMPLE_MAX, text, NULL))
        return ERROR_NONE;
    const int first = fits ? errno : ENAMETOOLONG;
    if (named == NULL && file_parent(home, account)) {
        char beside[PATH_MAX];
        if (snprintf(beside, sizeof beside, "%s/" EXAMPLE_NAME, account) < (int)sizeof beside &&
            file_read(beside, EXAMPLE_MAX, text, NULL))
            return ERROR_NONE;
    }
    return error_set(error, ERROR_CONFIG, "%s cannot be read: %s; put the " EXAMPLE_NAME " of this version there", path,
                     file_fault(path, first, fault));
}

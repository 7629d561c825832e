/* The parts of an .htaccess file between which lines may be put: a directive, a section with all that is in it, or what
 * a program keeps between "# BEGIN name" and "# END name", each with the comment above it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTACCESS_UNIT_H
#define CGI_LOGIN_HTACCESS_UNIT_H

#include <stdbool.h>
#include <stddef.h>

struct htaccess_reader {
    const char *at;
    size_t line; /* that `at` is, from 1 */
};

struct htaccess_unit {
    const char *start; /* of its comment, or of the conditions of its rule */
    const char *first; /* of its first line that is no comment; NULL: it is a comment alone */
    const char *end;   /* behind its last line */
    size_t catch_line; /* of a rule that takes our routes' requests; 0: there is none */
    size_t canon_line; /* of a redirect to https, or to another name of the site; 0 */
    size_t rule_line;  /* of a RewriteRule of any kind; 0 */
    size_t off_line;   /* of a "RewriteEngine Off" behind which there is no "On"; 0 */
    size_t open_line;  /* of a section that nothing closes; 0 */
    bool turns_on;     /* a "RewriteEngine On" comes last */
    bool ours;         /* a single rule for one of our routes */
};

/* Reads from the first line of a text on, behind a byte order mark. */
struct htaccess_reader htaccess_reader_of(const char *text);

/* Reads the next unit. False at the end of the text. */
bool htaccess_unit_read(struct htaccess_reader *reader, struct htaccess_unit *unit);

/* A line of a file: with those that a backslash joins to it. *end is where its line end begins. Returns where the next
 * one begins, and adds to *number how many lines that were. */
const char *htaccess_line_end(const char *line, const char **end, size_t *number);

#endif

/* Our lines in an .htaccess file, between two marks: put in front of what else is there, since a rule of somebody
 * else's that ends with [L] would win, and taken out again.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTACCESS_BLOCK_H
#define CGI_LOGIN_HTACCESS_BLOCK_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* Marks are whole lines: those of the site's block are no part of those of a folder's. */
struct htaccess_marks {
    const char *begin, *end;
};

#define HTACCESS_BLOCK_BEGIN "# BEGIN cgi-login gate"
#define HTACCESS_BLOCK_END "# END cgi-login gate"
#define HTACCESS_SITE_BEGIN "# BEGIN cgi-login"
#define HTACCESS_SITE_END "# END cgi-login"
#define HTACCESS_GATE_MARKS (&(const struct htaccess_marks){HTACCESS_BLOCK_BEGIN, HTACCESS_BLOCK_END})
#define HTACCESS_SITE_MARKS (&(const struct htaccess_marks){HTACCESS_SITE_BEGIN, HTACCESS_SITE_END})
#define HTACCESS_BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* Of such a file more is not read. */
#define HTACCESS_FILE_MAX (1 << 18)

enum htaccess_block_state {
    HTACCESS_BLOCK_NONE,
    HTACCESS_BLOCK_WHOLE,
    HTACCESS_BLOCK_TORN /* one mark without the other, or more than one block: a person has to look */
};

/* Looks for the block between these marks in the text of a file. A whole one is from *start on, up to *end, which is
 * behind its last line; NULL where the caller does not want to know. */
enum htaccess_block_state htaccess_block_find(const char *text, const struct htaccess_marks *marks, const char **start,
                                              const char **end);

/* Appends the lines of `text` up to `stop`, each with this end. */
void htaccess_block_append_lines(struct buffer *out, const char *text, const char *stop, const char *line_end);

/* How the first line of the text ends: "\n" or "\r\n". */
const char *htaccess_block_line_end(const char *text);

/* The functions below are about the block of a guarded folder. */

/* Appends the lines of the block, marks included, each with "\n" at its end. The text must hold a whole one. */
void htaccess_block_append(struct buffer *out, const char *text);

/* Appends the text with `block` (its marks included, each line with "\n" at its end) in front, in the place of the one
 * that is there. A byte order mark stays in front, and lines end as the first of the text does. The text must not hold
 * a torn block. */
void htaccess_block_put(struct buffer *out, const char *text, const char *block);

/* Appends the text without the block. */
void htaccess_block_remove(struct buffer *out, const char *text);

/* Finds a directive (NULL-terminated list, case ignored) in a line outside of the block. Returns the number of the
 * first such line, from 1, and writes which directive it is; 0 if there is none. */
size_t htaccess_find_directive(const char *text, const char *const *names, const char **name);

#endif

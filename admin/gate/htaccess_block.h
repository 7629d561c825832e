/* Our lines in an .htaccess file, between two marks: put in front of what else is there, since a rule of somebody
 * else's that ends with [L] would win, and taken out again.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTACCESS_BLOCK_H
#define CGI_LOGIN_HTACCESS_BLOCK_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define HTACCESS_BLOCK_BEGIN "# BEGIN cgi-login gate"
#define HTACCESS_BLOCK_END "# END cgi-login gate"

enum htaccess_block_state {
    HTACCESS_BLOCK_NONE,
    HTACCESS_BLOCK_WHOLE,
    HTACCESS_BLOCK_TORN /* one mark without the other, or more than one block: a person has to look */
};

/* Looks for the block in the text of a file. */
enum htaccess_block_state htaccess_block_find(const char *text);

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

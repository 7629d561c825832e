/* Puts our block into the text of the web root's .htaccess, where it works whatever else is there: behind a redirect to
 * https or to the site's one name, before the rules that lead everything to a front controller (WordPress, Laravel,
 * Joomla and their like), in no section, and in no part that a program keeps between marks of its own. And takes it out
 * again.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTACCESS_MERGE_H
#define CGI_LOGIN_HTACCESS_MERGE_H

#include "base/buffer.h"

enum htaccess_refusal {
    HTACCESS_MERGES,
    HTACCESS_IS_TORN,       /* one mark without the other, or more than one block */
    HTACCESS_IS_OPEN,       /* a section is not closed: `line` */
    HTACCESS_ENGINE_IS_OFF, /* `line` turns rewriting off, and there are rules that ours would wake */
};

/* What was found. Lines are those of the text as it was, from 1; 0: there is none. */
struct htaccess_merge {
    enum htaccess_refusal refusal;
    size_t line;       /* of what the refusal is about */
    bool had_block;    /* it was refreshed, in its place or in a better one */
    bool had_mark;     /* a byte order mark, of which Apache makes an error for the whole site; it is taken away */
    size_t old_routes; /* routes of an unmarked copy, which is taken out */
    size_t catch_line; /* of the rule before which the block was put */
    size_t canon_line; /* of a redirect to https, or to another name, that holds for our routes no more, since it comes
                            with or behind that rule */
};

/* Appends the text with the block (its marks included, each line with "\n" at its end), whose lines end as the text's
 * first does. Appends nothing where it refuses. Merging again changes nothing. */
struct htaccess_merge htaccess_merge_put(struct buffer *out, const char *text, const char *block);

/* Appends the text without the block: what it was before, to the byte, but for a byte order mark and an unmarked copy.
 * False if it has no whole one; nothing is appended then. */
bool htaccess_merge_remove(struct buffer *out, const char *text);

#endif

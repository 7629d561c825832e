/* One RewriteRule of an .htaccess file: whether it takes requests for our routes away from the rules behind it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTACCESS_RULE_H
#define CGI_LOGIN_HTACCESS_RULE_H

#include <stdbool.h>
#include <stddef.h>

enum { HTACCESS_WORD_MAX = 512 };

struct htaccess_rule {
    char pattern[HTACCESS_WORD_MAX], target[HTACCESS_WORD_MAX];
    bool redirects; /* the browser is sent elsewhere */
    bool skips;     /* it counts the lines behind it, of which none may be added; or it cannot be read */
    bool may_catch; /* what it matches ends here, or goes on as another path */
    bool chained;   /* belongs to the next rule: [C] */
    bool ours;      /* it leads one of our routes to its program */
};

/* Reads the line of a RewriteRule, its name included, up to `end`. */
void htaccess_rule_read(const char *line, const char *end, struct htaccess_rule *rule);

/* True if what our routes are asked for ends at the rule, or goes on as another path. One with a word that is longer
 * than ours counts as such. */
bool htaccess_rule_catches(const struct htaccess_rule *rule);

/* Reads the next word of a line, as Apache does: quotes taken off, "\"" read. *at is behind it afterwards. False if
 * there is none, or it has `size` bytes or more. */
bool htaccess_word(const char **at, const char *end, char *word, size_t size);

/* True if the line has this directive; case is ignored. */
bool htaccess_is_directive(const char *line, const char *end, const char *name);

#endif

/* Whether a RewriteRule's pattern (Perl's regular expressions) matches the path of a route. Takes no memory and little
 * time, whatever the pattern: the C library's regcomp may take gigabytes for a line of an .htaccess, does not survive
 * that memory runs out, and knows another language than Perl's.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTACCESS_PATTERN_H
#define CGI_LOGIN_HTACCESS_PATTERN_H

#include <stdbool.h>

enum { HTACCESS_PATH_MAX = 63 };

/* True if the pattern matches somewhere in a path of at most HTACCESS_PATH_MAX bytes, case ignored, and where that is
 * not known: looks ahead and behind are taken to hold, and {2,3} to be *. */
bool htaccess_pattern_matches(const char *pattern, const char *path);

#endif

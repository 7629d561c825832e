/* Where a visitor may be sent on this site: return_to, and the paths of `redirects` in the config.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_REDIRECT_H
#define CGI_LOGIN_REDIRECT_H

#include "base/bounds.h"

#include <stdbool.h>

/* Why a text is no path of this site. */
enum redirect_fault {
    REDIRECT_IS_LOCAL, /* it is one */
    REDIRECT_NO_PATH,
    REDIRECT_BACKSLASH,
    REDIRECT_CONTROL,
    REDIRECT_DOT_SEGMENT,
    REDIRECT_CHARACTER,
    REDIRECT_TOO_LONG
};

/* Looks for a fault in a path of this site, by a grammar that leaves an open redirect no room (RFC 9700, section 4.11):
 *   path = "/" [ first *( pchar / "/" ) ] [ "?" *( pchar / "/" / "?" ) ] [ "#" *( pchar / "/" / "?" ) ]
 * where `first` is no "/", pchar is RFC 3986's, percent-encoding is whole and encodes no control character and no
 * backslash, no segment is "." or "..", and the whole has at most RETURN_TO_MAX bytes. Relative paths, other sites,
 * "//host", backslashes and controls are outside it. */
enum redirect_fault redirect_check(const char *path);

/* Writes `text` as such a path: percent-encodes what a browser may have left bare, such as a space, "[" or "é" (URL
 * standard, section 4.4), and a "%" that begins no encoding. What could lead to another site is never encoded but
 * refused. On a fault `path` is "". */
enum redirect_fault redirect_encode(const char *text, char path[RETURN_TO_MAX + 1]);

/* The fault in plain words: what the text does or is. */
const char *redirect_describe(enum redirect_fault fault);

#endif

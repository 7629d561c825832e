/* Where a visitor may be sent on this site: return_to, and the paths of `redirects` in the config.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_REDIRECT_H
#define CGI_LOGIN_REDIRECT_H

#include <stdbool.h>

/* True if `path` is a path of this site, by a grammar that leaves an open redirect no room (RFC 9700, section 4.11):
 *   path = "/" [ first *( pchar / "/" ) ] [ "?" *( pchar / "/" / "?" ) ]
 * where `first` is no "/", pchar is RFC 3986's, percent-encoding is whole and encodes no control character and no
 * backslash, no segment is "." or "..", and the whole has at most RETURN_TO_MAX bytes. Relative paths, other sites,
 * "//host", backslashes, fragments and controls are outside it. NULL is no path. */
bool redirect_is_local_path(const char *path);

#endif

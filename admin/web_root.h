/* The web root, which a command cannot know: only the web server tells a program.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_WEB_ROOT_H
#define CGI_LOGIN_WEB_ROOT_H

#include <stdbool.h>

/* True if a folder of this path has one of the names that hosts give the web root. */
bool web_root_is_likely(const char *path);

#endif

/* Our lines in an .htaccess file as htaccess.example had them before it had marks.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTACCESS_OLD_H
#define CGI_LOGIN_HTACCESS_OLD_H

#include "base/buffer.h"

/* Appends the text without them: routes, the config's path, the files that are not for the web, the headers, and the
 * comments above. Returns how many routes there were; with none, all of the text is appended. */
size_t htaccess_old_remove(struct buffer *out, const char *text);

#endif

/* Refreshing tokens by a URL, for hosts whose cron jobs can fetch URLs alone: what `cgi-login refresh` does, in parts
 * that a web server has the patience for. The config's `refresh_key` is the way in, and opens nothing else.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_REFRESH_URL_H
#define CGI_LOGIN_REFRESH_URL_H

#include "program/context.h"

/* Answers in plain text, with counts alone. The key comes as the header X-Refresh-Key, in a form or, where neither can
 * be sent, in the query, in both as `key`. ERROR_NOT_FOUND where the config has none. */
enum error_code refresh_url_run(struct context *context, struct error *error);

#endif

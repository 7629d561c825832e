/* Whether a login begins: the site is asked for it as a browser would, and where it would lead is compared with what the
 * provider must be told.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SITE_TRY_H
#define CGI_LOGIN_SITE_TRY_H

#include "base/bounds.h"
#include "config/config.h"

#include <stdbool.h>

/* Asks. `sentence` says what came of it. */
bool site_try_login(const struct config *config, const char *provider, char sentence[LOG_LINE_MAX]);

#endif

/* The list of users: pages of 50, or those in whose accounts a word is found. A search looks at a bounded number of
 * users at a time, and the page leads on to the next ones.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_USERS_PAGE_H
#define CGI_LOGIN_USERS_PAGE_H

#include "console/console.h"

enum error_code users_page_show(struct console *console, struct error *error);

#endif

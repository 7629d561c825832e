/* The first page of the console: what `cgi-login check` finds, each with its remedy, and what to register with the
 * providers. With a button for what asks other hosts, since that takes a while.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CHECK_PAGE_H
#define CGI_LOGIN_CHECK_PAGE_H

#include "console/console.h"

enum error_code check_page_show(struct console *console, struct error *error);

/* The button's. */
enum error_code check_page_act(struct console *console, struct error *error);

#endif

/* The rules of the gate, and, at the press of a button, whether what each of them guards is really closed.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_PAGE_H
#define CGI_LOGIN_GATE_PAGE_H

#include "console/console.h"

enum error_code gate_page_show(struct console *console, struct error *error);

/* The button's. */
enum error_code gate_page_act(struct console *console, struct error *error);

#endif

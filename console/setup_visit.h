/* `setup_code`: what lets the owner of a site look at the check before the first of them has logged in, when perhaps
 * nobody can yet. The code is typed once; from then on a sealed cookie stands for it, for SETUP_VISIT_SECONDS. Both end
 * once an owner has logged in.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SETUP_VISIT_H
#define CGI_LOGIN_SETUP_VISIT_H

#include "console/console.h"

/* True if the config has a code that has not been used up. Whether it has cannot always be told: then it counts as used
 * up, and a note says why. */
bool setup_visit_is_open(struct context *context);

/* Takes the code that was posted: leads back to the page, with the cookie, or says that it was the wrong one. */
enum error_code setup_visit_begin(struct console *console, struct error *error);

/* Writes the id of the visit that the browser's cookie stands for, or "". ERROR_INTERNAL when memory runs out. */
enum error_code setup_visit_read(struct context *context, char id[SESSION_ID_SIZE], struct error *error);

/* An owner has logged in: the code is used up. What fails of it is noted, and tried again with the next page. */
void setup_visit_end(struct context *context);

#endif

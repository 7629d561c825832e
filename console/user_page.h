/* One user, whole but for what is secret, and what can be done about them: sessions end, the user is deleted, the
 * document is taken home.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_USER_PAGE_H
#define CGI_LOGIN_USER_PAGE_H

#include "console/console.h"

/* ?user=PROVIDER:ID; with &export=1 the document as a file. */
enum error_code user_page_show(struct console *console, struct error *error);

/* The buttons'. Each leaves a line in console.log, and without that nothing is done. */
enum error_code user_page_act(struct console *console, struct error *error);

#endif

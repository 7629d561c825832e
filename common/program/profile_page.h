/* The pages of a signed-in person, which all say who that is: the profile, the accounts, and what asks once more before
 * a button does what it says.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROFILE_PAGE_H
#define CGI_LOGIN_PROFILE_PAGE_H

#include "base/view.h"
#include "program/context.h"
#include "session/session.h"

/* The parameter of /profile that asks for the page of accounts and sessions: "1". */
#define ACCOUNTS_PARAMETER "accounts"

/* The parameter of /profile that says what a button has done; and the word of the one that deletes the account, by
 * which somebody who is not signed in gets the page that says so. */
#define DONE_PARAMETER "done"
#define DONE_DELETED "deleted"

/* Appends the path of that page. */
void profile_page_append_accounts_link(const struct request *request, struct buffer *url);

/* Answers with who is signed in, and with what `view` holds besides: on the page `template`, or as JSON. */
enum error_code profile_page_show(struct context *context, const struct session *session, const char *template,
                                  struct view *view, struct error *error);

#endif

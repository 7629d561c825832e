/* The page on which a person sees the accounts they log in with and where they are logged in. It asks the store each
 * time, so it is a page of its own: the profile's asks none as long as the session need not be checked.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ACCOUNT_PAGE_H
#define CGI_LOGIN_ACCOUNT_PAGE_H

#include "program/context.h"
#include "session/session.h"
#include "session/session_handle.h"
#include "store/store.h"

/* Adds `accounts`, `linkable` and `sessions` (html/templates/accounts.html has them) of the user of a live session. */
enum error_code account_page_view(struct context *context, const struct session *session,
                                  const struct session_user *user, struct view *view, struct error *error);

/* Looks for the session with this handle among those of the same user. *id is "" if there is none. */
enum error_code account_page_find_session(struct context *context, const struct session *session, const char *handle,
                                          char id[SESSION_ID_SIZE], struct error *error);

#endif

/* What the console shows of a user: never a token, nor anything that is sealed.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_USER_SHOWN_H
#define CGI_LOGIN_USER_SHOWN_H

#include "base/view.h"
#include "console/console.h"

/* Removes from a stored document, at any depth, what has a token's name, all that is kept about tokens, and each text
 * that is sealed. */
void user_shown_strip(cJSON *document);

/* Adds `user` ("PROVIDER:ID"), `name` and, where there are such, `username` and `email` of an account. */
void user_shown_add_account(struct view *item, const cJSON *account);

/* Adds a time, as `key` (ISO 8601) and for a page as `key`_text; nothing for one that is not known (less than 0). */
void user_shown_add_time(struct console *console, struct view *item, const char *key, int64_t seconds);

/* Finds the user that `text` names as "PROVIDER:ID"; *document is the caller's (json_free). ERROR_BAD_REQUEST for
 * another text or NULL, ERROR_NOT_FOUND if there is no such user. The key points into `provider` and the text. */
enum error_code user_shown_find(struct console *console, const char *text, char provider[PROVIDER_NAME_MAX + 1],
                                struct account_key *key, cJSON **document, struct error *error);

#endif

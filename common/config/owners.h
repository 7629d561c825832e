/* `owners`: who may open the owner's page, and `setup_code` and `refresh_key`, the two codes that it takes.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_OWNERS_H
#define CGI_LOGIN_OWNERS_H

#include "base/problems.h"
#include "config/allow.h"
#include "config/config.h"

/* True if the config says that there is such a page. */
bool owners_have_page(const struct config *config);

/* True if the account is an owner's: a list holds its provider and id, "PROVIDER:ID", and nothing else will do, or an
 * object's rules let it in (allow.h), which must pick somebody. Without `owners` nobody is. */
bool owners_admit(const struct config *config, const struct allow_account *account);

/* Adds a line to `problems` for each fault of the three that settings_check does not see: of `owners` also what would
 * make everybody an owner; of a code what makes it easy to guess, or keeps it from travelling in a URL. */
void owners_check(const struct config *config, struct problems *problems);

#endif

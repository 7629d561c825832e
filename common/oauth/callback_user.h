/* What the provider says of the person beside the code, in the form that the browser posts: Apple's `user`, which has
 * the name and comes at the first login alone. It goes on to the GET of the same login sealed, since an address is
 * seen by histories and logs, and bound to the login's state. The provider has not signed it: whoever logs in can
 * have written it. So it lies under whatever the provider says itself, and no rule may trust it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CALLBACK_USER_H
#define CGI_LOGIN_CALLBACK_USER_H

#include "base/query.h"
#include "config/config.h"
#include "config/provider.h"

/* Appends the sealed text of what the form has in the provider's `callback_user`. Nothing, if that is no JSON object,
 * has more than CALLBACK_USER_MAX bytes, or the provider has no such key. ERROR_INTERNAL: memory ran out. */
enum error_code callback_user_seal(const struct config *config, const struct provider *provider,
                                   const struct query *form, int64_t now, struct buffer *out, struct error *error);

/* Opens it again. On ERROR_NONE *user is the JSON object, the caller's (json_free), or NULL where the query has none
 * that was sealed for this state and is still young. */
enum error_code callback_user_open(const struct config *config, const struct provider *provider,
                                   const struct query *query, int64_t now, cJSON **user, struct error *error);

#endif

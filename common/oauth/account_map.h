/* From what a provider says of a person to our fields, as the provider file maps them.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ACCOUNT_MAP_H
#define CGI_LOGIN_ACCOUNT_MAP_H

#include "oauth/profile_fields.h"
#include "oauth/token.h"

/* Makes the profile (json_free) of what `root` has for each field of the map; account.h says what it holds. It may lack
 * an id. `asked` is what the provider was asked for. *groups_cut becomes true if there are more groups than GROUPS_MAX.
 * NULL when memory runs out. */
cJSON *account_map(const struct profile_fields *asked, const cJSON *root, const struct token *token, bool *groups_cut);

/* True if the profile lacks a field of the map that was not asked for. */
bool account_map_is_in_part(const cJSON *profile, const struct profile_fields *asked);

#endif

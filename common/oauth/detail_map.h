/* From the response to a request beside the profile's to the e-mail address or the groups in it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_DETAIL_MAP_H
#define CGI_LOGIN_DETAIL_MAP_H

#include "config/detail_request.h"

/* Each puts what `root` has into the profile, and returns false only when memory runs out. */

/* The address and whether it is verified; null for what is not there, and where `root` is NULL. */
bool detail_map_email(const struct detail_request *request, const cJSON *root, cJSON *profile);

/* Adds the groups to those that the profile has. *cut becomes true if there are more than GROUPS_MAX. */
bool detail_map_groups(const struct detail_request *request, const cJSON *root, cJSON *profile, bool *cut);

#endif

/* `allow`: whom a provider's configuration lets in.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_ALLOW_H
#define CGI_LOGIN_PROVIDER_ALLOW_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* True if `allow` can be asked: there is none, or it is a list of texts. */
bool provider_allow_is_usable(const cJSON *allow);

/* True if `allow` lets the person with this profile in, or there is none (NULL). An entry of digits names an id, and
 * only an id, since anybody can take a username of digits; any other names an id or a username, whose case does not
 * count. A list that is not usable lets nobody in. */
bool provider_allows(const cJSON *allow, const cJSON *profile);

#endif

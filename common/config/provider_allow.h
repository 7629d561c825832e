/* `allow`: whom a provider's configuration lets in.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_ALLOW_H
#define CGI_LOGIN_PROVIDER_ALLOW_H

#include "config/provider.h"

#include <stdbool.h>

/* True if the provider's `allow` list lets the account in, or there is none. An entry of digits names an id, and only
 * an id, since anybody can take a username of digits; any other names an id or a username, whose case does
 * not count. */
bool provider_allows(const struct provider *provider, const cJSON *account);

#endif

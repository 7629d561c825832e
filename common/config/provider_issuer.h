/* What a provider with an issuer (OpenID Connect) need not say, since the standard does.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_ISSUER_H
#define CGI_LOGIN_PROVIDER_ISSUER_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* Adds to `settings` what they and `own`, which is laid over them, lack, where one of them has an issuer: the
 * provider's name as its title, the scopes and the profile of the standard claims, and how a fresh login is asked for
 * (OpenID Connect Core 1.0, sections 5.1 and 3.1.2.1). False when memory runs out. */
bool provider_issuer_add_defaults(cJSON *settings, const cJSON *own, const char *name);

#endif

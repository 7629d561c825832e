/* `allow`: whom a provider's configuration lets in. An entry is an id or a username; "@name" is a username, too, and
 * "instagram:ID", as `cgi-login users list` prints it, is what stands behind the colon.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_ALLOW_H
#define CGI_LOGIN_PROVIDER_ALLOW_H

#include "base/problems.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

/* Checks the list of the provider with this name: NULL, or a list of texts. Adds a line to `problems` for each entry
 * that would keep out whom it means: an address, one with blanks around it, one of another provider, an empty one. */
void provider_allow_check(const cJSON *allow, const char *provider, struct problems *problems);

/* True if `allow` lets the person with this profile in, or there is none (NULL). An entry of digits names an id, and
 * only an id, since anybody can take a username of digits; any other names an id or a username. The case of a
 * username's ASCII letters does not count. What is no list of texts lets nobody in. */
bool provider_allows(const cJSON *allow, const char *provider, const cJSON *profile);

/* The same as an error: ERROR_NOT_ALLOWED, whose cause tells the owner what to add to let this person in. */
enum error_code provider_allow_admit(const cJSON *allow, const char *provider, const cJSON *profile,
                                     struct error *error);

#endif

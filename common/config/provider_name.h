/* The name of a provider: it becomes a file name, part of a URL and a key of the stored document.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_NAME_H
#define CGI_LOGIN_PROVIDER_NAME_H

#include <stdbool.h>

/* True for a name that a provider can have: 1 to PROVIDER_NAME_MAX of a-z, 0-9, "-" and "_", a letter first. The keys
 * of the document that are taken (createdAt and the like) cannot be written so. */
bool provider_name_is_valid(const char *name);

/* True for a name that the config must not give a provider, since /auth/NAME is the address of something else. */
bool provider_name_is_taken(const char *name);

#endif

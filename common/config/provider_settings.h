/* What may stand in a provider file, and in the config's own part of a provider.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_SETTINGS_H
#define CGI_LOGIN_PROVIDER_SETTINGS_H

#include "config/provider.h"

/* Checks `profile`, which maps our fields to JSON Pointers, and whose `counts` is such a map. `place` is where it was
 * written: the provider's key, or a file's name and ": ". Adds a line to `problems` for each fault. */
void provider_check_profile(const char *place, const cJSON *map, struct problems *problems);

#endif

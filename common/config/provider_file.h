/* Where a provider's file is.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_FILE_H
#define CGI_LOGIN_PROVIDER_FILE_H

#include "config/config.h"

/* The file in providers/ that is the JSON Schema of the others, and no provider's; without .json. */
#define PROVIDER_FILE_SCHEMA "schema"

/* The name of the preset that a provider starts from: what `own`, its part of the config, says, or else its own `name`.
 * NULL if that cannot be a file's name in providers/. */
const char *provider_file_preset(const cJSON *own, const char *name);

/* Returns the path of a preset's file, to be freed with free. NULL when memory runs out. */
char *provider_file_path(const struct config *config, const char *preset);

#endif

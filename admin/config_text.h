/* The text of config.json, changed in one place: what an owner has laid out by hand stays as it is everywhere else.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CONFIG_TEXT_H
#define CGI_LOGIN_CONFIG_TEXT_H

#include "base/buffer.h"

#include <stdbool.h>

/* Appends the config with `entry`, JSON text, as its providers.NAME, in the place of the one of that name where there
 * is one. `config` is text that json_parse_settings has taken as an object; false if its `providers` is no object. */
bool config_text_put_provider(struct buffer *out, const char *config, const char *name, const char *entry);

#endif

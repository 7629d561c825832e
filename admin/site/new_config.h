/* The first config of a site: config-template.json with what is the owner's in the place of what is nobody's.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_NEW_CONFIG_H
#define CGI_LOGIN_NEW_CONFIG_H

#include "base/buffer.h"
#include "base/error.h"

#include <cjson/cJSON.h>

struct new_config {
    const char *template_path;
    const char *home; /* where the config will lie, and the users */
    const char *base_url;
    const char *provider; /* its name, and its entry */
    const cJSON *entry;
};

/* Appends the text, with a new key. It holds secrets. ERROR_CONFIG if the template is not there or damaged. */
enum error_code new_config_make(const struct new_config *config, struct buffer *text, struct error *error);

#endif

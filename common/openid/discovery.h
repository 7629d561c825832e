/* What an OpenID Connect issuer publishes about itself (OpenID Connect Discovery 1.0), and its keys. Both are kept in a
 * file for each provider beside the config, so that a program that begins a login touches no network.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_DISCOVERY_H
#define CGI_LOGIN_DISCOVERY_H

#include "config/config.h"

#include <cjson/cJSON.h>

/* Reads the metadata that are kept for the issuer, under the provider's name: *metadata becomes the document
 * (json_free), or NULL where there is none that is whole, of this issuer and young enough; that is no failure. */
enum error_code discovery_read(const struct config *config, const char *provider, const char *issuer, int64_t now,
                               cJSON **metadata, struct error *error);

#endif

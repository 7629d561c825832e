/* Fetching what a provider's issuer publishes, metadata and keys, from the command line.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ISSUER_REFRESH_H
#define CGI_LOGIN_ISSUER_REFRESH_H

#include "config/config.h"
#include "config/provider.h"
#include "http/http_client.h"

/* Fetches both, keeps them beside the config, and completes the provider. `remark` says why they could not be kept, ""
 * if they were. On failure the cause is in `error`. */
enum error_code issuer_refresh(const struct config *config, struct provider *provider, struct http_client *client,
                               struct error *remark, struct error *error);

#endif

/* Fetching what an issuer publishes about itself, and keeping it (issuer.h).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ISSUER_FETCH_H
#define CGI_LOGIN_ISSUER_FETCH_H

#include "openid/issuer.h"
#include "openid/published.h"

/* Asks for the metadata without waiting for them: `published` is to be closed. */
void issuer_fetch_begin(const struct provider *provider, struct http_client *client, struct published *published);

/* Waits for them, checks them, and keeps them beside the config. On ERROR_NONE *metadata belongs to the caller
 * (json_free); `remark` says why they could not be kept, "" if they were. */
enum error_code issuer_fetch_end(const struct config *config, const struct provider *provider,
                                 struct published *published, int64_t now, cJSON **metadata, struct error *remark,
                                 struct error *error);

/* Does both, and completes the provider. */
enum error_code issuer_fetch(const struct config *config, struct provider *provider, struct http_client *client,
                             int64_t now, struct error *remark, struct error *error);

#endif

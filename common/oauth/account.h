/* The person's account at the provider: read from the profile endpoint, and mapped to our fields.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ACCOUNT_H
#define CGI_LOGIN_ACCOUNT_H

#include "config/provider.h"
#include "oauth/http_client.h"
#include "oauth/token.h"

/* Reads the profile with the token. *account becomes an object of our fields: texts (ids exact to the last digit), and
 * `counts` of whole numbers; a field that the provider left out, or that is no text or number, is left out. It always
 * has an `id`. On ERROR_NONE it belongs to the caller (json_free); otherwise it is NULL. */
enum error_code account_read(struct http_client *client, const struct provider *provider, const struct token *token,
                             cJSON **account, struct error *error);

#endif

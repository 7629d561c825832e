/* How a client proves itself with a private key instead of a secret that it shares with the provider: a text that it
 * signs for each request (RFC 7523, section 2.2). As `client_assertion` it is private_key_jwt (OpenID Connect Core 1.0,
 * section 9); Apple takes such a text in the place of the secret.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CLIENT_ASSERTION_H
#define CGI_LOGIN_CLIENT_ASSERTION_H

#include "config/provider.h"

/* `client_assertion_type` (RFC 7523, section 2.2). */
#define CLIENT_ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

/* Reads the key of `client_key` and signs. On ERROR_NONE *assertion belongs to the caller (secret_free); otherwise it
 * is NULL. ERROR_CONFIG: the key cannot be read or does not sign; the cause names the setting. */
enum error_code client_assertion_make(const struct provider *provider, int64_t now, struct secret **assertion,
                                      struct error *error);

#endif

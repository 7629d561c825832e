/* Logging out at the provider, too (OpenID Connect RP-Initiated Logout 1.0).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_LOGOUT_H
#define CGI_LOGIN_PROVIDER_LOGOUT_H

#include "program/context.h"

/* Appends to `url` where the browser is to be sent so that the person who was signed in with this provider is logged
 * out there as well; nothing where that is not possible, or not wanted (`logout_at_provider`). *title becomes what
 * people call the provider. A fault of the provider's settings is noted: nobody is kept from logging out here. */
enum error_code provider_logout_url(struct context *context, const char *name, struct buffer *url, const char **title,
                                    struct error *error);

#endif

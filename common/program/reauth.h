/* A page that wants a fresh login: the parameter `reauth` of a link to start or to the sign-in page, which hands it on.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_REAUTH_H
#define CGI_LOGIN_REAUTH_H

#include "program/context.h"

#define REAUTH_PARAMETER "reauth"
#define REAUTH_WANTED "1"

/* Reads it. ERROR_BAD_REQUEST if it stands twice or is malformed: dropped, it would be a login as any other. */
enum error_code reauth_read(struct context *context, bool *wanted, struct error *error);

/* Appends it to a URL, where it is wanted. */
void reauth_append(bool wanted, struct buffer *url);

/* Tells whether the browser's last login is too old to count as fresh: older than `session.max_age`, or than the
 * shortest `reauth_minutes` of a rule of the gate or than the owner's page takes, which would send the browser here
 * again. ERROR_INTERNAL when memory runs out. */
enum error_code reauth_is_needed(struct context *context, bool *needed, struct error *error);

#endif

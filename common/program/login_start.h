/* Starting a login: what the link asks for, and the browser's way to the provider.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_LOGIN_START_H
#define CGI_LOGIN_LOGIN_START_H

#include "program/context.h"

/* What the link asks for. */
struct login_wish {
    char return_to[RETURN_TO_MAX + 1]; /* "" for the default */
    bool reauth;                       /* ?reauth=1: a page wants a fresh login */
    const char *link;                  /* the permit to link an account (link_permit.h), owned by the query; or NULL */
};

/* Reads it from the query. ERROR_BAD_REQUEST for a `reauth` or `link` that stands twice or is malformed. */
enum error_code login_wish_read(struct context *context, struct login_wish *wish, struct error *error);

/* Appends it to a URL. */
void login_wish_append(const struct login_wish *wish, struct buffer *url);

/* Sends the browser to the URL; a client that wants JSON is told it. */
void login_start_redirect(struct context *context, const struct buffer *url);

/* Sends the browser to the provider, with a state that only this browser can bring back. ERROR_LINK_REFUSED where an
 * account is to be linked and the permit is not this session's. */
enum error_code login_start(struct context *context, const struct login_wish *wish, struct error *error);

#endif

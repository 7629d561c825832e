/* Who is signed in, as names and values for the site's own scripts: the environment of a guarded script, the headers of
 * an auth_request, what whoami prints. Never of what the client says.
 *   REMOTE_USER         "PROVIDER:ID", which no other person ever has
 *   CGI_LOGIN_PROVIDER  CGI_LOGIN_ID  CGI_LOGIN_USERNAME  CGI_LOGIN_NAME
 *   CGI_LOGIN_EMAIL     only an address that the provider has verified
 *   CGI_LOGIN_GROUPS    separated by commas; in a group's name "," and "%" are percent-encoded
 * Values are UTF-8 as it is, without control characters. One that is not known is "".
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_VISITOR_H
#define CGI_LOGIN_VISITOR_H

#include "base/buffer.h"
#include "session/session.h"

enum visitor_value {
    VISITOR_USER,
    VISITOR_PROVIDER,
    VISITOR_ID,
    VISITOR_USERNAME,
    VISITOR_NAME,
    VISITOR_EMAIL,
    VISITOR_GROUPS,
    VISITOR_VALUES /* how many there are */
};

/* The name of the environment variable, such as "CGI_LOGIN_ID". */
const char *visitor_variable(enum visitor_value value);

/* Appends the value. */
void visitor_append(struct buffer *out, const struct session *session, enum visitor_value value);

#endif

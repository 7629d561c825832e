/* Who is signed in, as names and values for the site's own scripts: the environment of a guarded script, the headers of
 * an auth_request, what whoami prints. Never of what the client says.
 *   REMOTE_USER         "PROVIDER:ID" of the account that is signed in with, which no other person ever has. It is not
 *                       the `_id` of the stored user, whose accounts may be several
 *   CGI_LOGIN_PROVIDER  CGI_LOGIN_ID
 *   CGI_LOGIN_USERNAME  which may change hands
 *   CGI_LOGIN_NAME      to be shown: one that is long ends in "…"
 *   CGI_LOGIN_EMAIL     only an address that the provider has verified
 *   CGI_LOGIN_GROUPS    separated by commas; in a group's name ",", "%", control characters, and blanks around it are
 *                       percent-encoded. Only as many as the session's cookie holds, where the gate's rules know all
 * Values are UTF-8 as it is, without control characters and without blanks around them. One that is not known is "", as
 * is one that has such: another text in its place might be another person's. Only a name gets blanks for them.
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

/* Appends the value, which has at most VISITOR_VALUE_MAX bytes. */
void visitor_append(struct buffer *out, const struct session *session, enum visitor_value value);

#endif

/* Who is signed in, as headers of a response: those by which the web server in front tells an application.
 *   X-Cgi-Login-User  -Provider  -Id  -Username  -Name  -Email  -Groups
 * Each holds what the variable of the same name does (visitor.h), as the bytes of its UTF-8, which RFC 9110 (section
 * 5.5) lets a header have and every web server hands on.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_VISITOR_HEADERS_H
#define CGI_LOGIN_VISITOR_HEADERS_H

#include "http/response.h"
#include "session/session.h"

/* Adds all of them, empty where nobody is signed in (`session` is NULL) or the value is not known: Caddy 2.6 puts its
 * own placeholder's name in the place of a header that is missing. */
void visitor_headers_add(struct response *response, const struct session *session);

#endif

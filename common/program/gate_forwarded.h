/* What a web server in front (nginx, Caddy, Traefik) says of the request that it asks the gate about.
 *   CGI_LOGIN_GATE_URI   path and query as the client sent them; a variable, so no client can set it
 *   CGI_LOGIN_GATE_PATH  beside it: the decoded path that the server is about to serve, after its own rewriting
 *   X-Original-URI       the same as the first, as a header, where the gate is asked by HTTP
 *   X-Forwarded-Uri      likewise, from a server that shows whatever the gate responds, unless that is 2xx
 *   X-Forwarded-Method   of the request, beside it
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_FORWARDED_H
#define CGI_LOGIN_GATE_FORWARDED_H

#include "base/error.h"
#include "http/request.h"

struct gate_forwarded {
    const char *uri;
    const char *path; /* NULL: the server does not say it */
    enum method method;
};

/* True if the server's own variable names a path. The headers do not count where a server might ask for something else:
 * the page of a refusal, for which Apache hands on what the client has sent. */
bool gate_forwarded_is_asked(const struct request *request);

/* True if the server understands 2xx, 401 and 403 alone, and shows nothing of the response: nginx. */
bool gate_forwarded_wants_status(const struct request *request);

/* Finds it, unread, in the request's variables. The variable counts more than the headers: ERROR_BAD_REQUEST if two of
 * those differ. ERROR_CONFIG where the server does not say what it asks about. */
enum error_code gate_forwarded_find(const struct request *request, struct gate_forwarded *forwarded,
                                    struct error *error);

#endif

/* What the gate is asked about, and by whom.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_TARGET_H
#define CGI_LOGIN_GATE_TARGET_H

#include "base/bounds.h"
#include "base/error.h"
#include "http/request.h"

/* Who asks. */
enum gate_way {
    GATE_LOCAL_REDIRECT, /* PATH_INFO has the path; the web server is told to serve it (RFC 3875, section 6.2.2) */
    GATE_AUTHORIZER,     /* FCGI_ROLE is AUTHORIZER (FastCGI 1.0, section 6.3) */
    GATE_AUTH_REQUEST,   /* nginx, Caddy, Traefik: no PATH_INFO, and the path in CGI_LOGIN_GATE_URI or a header */
    GATE_ERROR_PAGE      /* an authorizer has refused, and the web server wants the page (REDIRECT_STATUS is 401) */
};

struct gate_target {
    enum gate_way way;
    char path[SITE_PATH_MAX + 1]; /* as site_path_read gives it */
    /* The path below the web root of the file that the web server is about to serve, where it says so and that is
     * another: both must be let in. "" if there is none. */
    char file_path[SITE_PATH_MAX + 1];
    const char *query;  /* as it came, without the "?"; NULL: none. No control character is in it. */
    enum method method; /* of the request that is guarded */
};

/* Reads it. ERROR_BAD_REQUEST for a path that is refused (site_path.h), or two that contradict each other;
 * ERROR_NOT_FOUND for what is never served (site_path_is_private); ERROR_CONFIG where the web server does not say what
 * it asks about. */
enum error_code gate_target_read(const struct request *request, struct gate_target *target, struct error *error);

#endif

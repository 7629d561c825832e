/* What a handler works with: the configuration, one request, its response, and what the process keeps from one request
 * to the next. A handler touches nothing else and leaves nothing behind, so that the same one serves one request (CGI)
 * or many (FastCGI).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CONTEXT_H
#define CGI_LOGIN_CONTEXT_H

#include "config.h"
#include "kept.h"
#include "request.h"
#include "response.h"

struct context {
    const struct config *config; /* NULL only while a failure of the config itself is answered */
    const struct request *request;
    struct response *response;
    struct kept *kept;
};

#endif

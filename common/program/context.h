/* What a handler works with: the configuration, one request, its response, and what the process keeps from one request
 * to the next. A handler touches nothing else and leaves nothing behind, so that the same one serves one request (CGI)
 * or many (FastCGI).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CONTEXT_H
#define CGI_LOGIN_CONTEXT_H

#include "config/config.h"
#include "http/gateway.h"
#include "http/request.h"
#include "http/response.h"
#include "program/process_cache.h"

struct context {
    const struct config *config; /* NULL only while a failure of the config itself is answered */
    const struct request *request;
    struct response *response;
    struct process_cache *cache;
    const struct gateway *gateway;
    struct query form; /* of a POST, once context_read_form has read it */
    bool has_form;     /* the body has been read */
};

/* Reads the body as a form into context->form, under the rules of request_parse_form; empty if there is no body.
 * ERROR_BAD_REQUEST also if the body is shorter than announced. To be called once, and not before process_cache_store where both
 * are wanted: the store may be another program's to open, and that one reads the body itself (twin.h). */
enum error_code context_read_form(struct context *context, struct error *error);

/* The provider of this name, which provider_choose has given: ERROR_NOT_FOUND for NULL, ERROR_CONFIG for one that is
 * set up wrongly, with all that is wrong in the response's notes. See process_cache_provider. */
enum error_code context_provider(struct context *context, const char *name, const struct provider **provider,
                                 struct error *error);

/* Wipes and frees what was read on the way. */
void context_clear(struct context *context);

#endif

/* SPDX-License-Identifier: MIT */
#include "program/gate_answer.h"
#include "program/visitor_headers.h"

enum error_code gate_auth_request_let_in(struct context *context, const struct gate_target *target,
                                         const struct gate_decision *decision, struct error *error) {
    struct response *response = context->response;
    enum error_code code = ERROR_NONE;
    (void)target; /* the web server in front serves what it has found itself */
    response->status = 204;
    /* They are for what is served: the web server in front hands them on, as it does the cookie. */
    if (!decision->is_public) {
        response_header(response, "Cache-Control", "private, no-cache");
        response_header(response, "Vary", "Cookie");
    }
    /* The cookie goes first, so that it keeps all the room that it has in a response to a browser. */
    if (decision->signed_in && decision->session.asked)
        code = session_write(context->config, context->request, &decision->session, response, error);
    visitor_headers_add(response, decision->signed_in ? &decision->session : NULL);
    return code;
}

/* SPDX-License-Identifier: MIT */
#include "program/gate_answer.h"
#include "program/visitor_headers.h"

enum error_code gate_auth_request_let_in(struct context *context, const struct gate_target *target,
                                         const struct gate_decision *decision, struct error *error) {
    (void)target; /* the web server in front serves what it has found itself */
    context->response->status = 204;
    /* They are for what is served: the web server in front hands them on, as it does the cookie. */
    const enum error_code code = gate_add_for_browser(context, decision, error);
    visitor_headers_add(context->response, decision->signed_in ? &decision->session : NULL);
    return code;
}

/* SPDX-License-Identifier: MIT */
#include "program/gate_answer.h"
#include "program/visitor.h"

#include <stdio.h>

static void tell_visitor(struct response *response, const struct session *session) {
    for (enum visitor_value value = 0; value < VISITOR_VALUES; value++) {
        struct buffer text = BUFFER_EMPTY;
        char name[64];
        snprintf(name, sizeof name, "Variable-%s", visitor_variable(value));
        visitor_append(&text, session, value);
        response_header_buffer(response, name, &text);
        buffer_free(&text);
    }
}

enum error_code gate_authorizer_let_in(struct context *context, const struct gate_target *target,
                                       const struct gate_decision *decision, struct error *error) {
    struct response *response = context->response;
    (void)target; /* the web server serves what it has found itself */
    response->status = 200;
    if (gate_is_told(context->request, decision->is_public))
        return ERROR_NONE;
    const enum error_code code = gate_add_for_browser(context, decision, error);
    response_header(response, "Variable-" GATE_PUBLIC_VARIABLE, gate_public_word(decision->is_public));
    if (decision->signed_in)
        tell_visitor(response, &decision->session);
    return code;
}

bool gate_authorizer_refuse(struct context *context) {
    struct response *response = context->response;
    if (request_variable(context->request, "FCGI_APACHE_ROLE") == NULL)
        return false;
    response_reset(response);
    response->status = 403;
    /* Where the request has gone on from another path, Apache shows ErrorDocument's page only if the status of what was
     * refused is 200. mod_fcgid refuses that, too, where there is a Location ("internal redirection not allowed"). */
    if (request_variable(context->request, "REDIRECT_STATUS") != NULL) {
        response->status = 200;
        response_header(response, "Location", "/");
    }
    return true;
}

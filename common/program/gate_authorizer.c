/* SPDX-License-Identifier: MIT */
#include "program/gate_answer.h"
#include "program/visitor.h"

#include <stdio.h>
#include <string.h>

/* What the lines of .htaccess make of a response's caching (html/gate/authorizer.htaccess), and what tells a later check
 * of the same request that this one was made. */
#define PUBLIC_VARIABLE "CGI_LOGIN_PUBLIC"
static const char PUBLIC_YES[] = "yes", PUBLIC_NO[] = "no";

/* True if an earlier check of this request has told the same. Apache asks again where a request goes on to another file
 * (DirectoryIndex, a RewriteRule), and joins what is told twice: "instagram:1, instagram:1". The variables of the check
 * before have REDIRECT_ before their names, but where Apache asks for a request that it makes itself. */
static bool is_told(const struct request *request, bool is_public) {
    const char *told = request_variable(request, PUBLIC_VARIABLE);
    if (told == NULL)
        told = request_variable(request, "REDIRECT_" PUBLIC_VARIABLE);
    return told != NULL && (is_public || strcmp(told, PUBLIC_YES) != 0);
}

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
    enum error_code code = ERROR_NONE;
    (void)target; /* the web server serves what it has found itself */
    response->status = 200;
    if (is_told(context->request, decision->is_public))
        return ERROR_NONE;
    if (!decision->is_public) {
        response_header(response, "Cache-Control", "private, no-cache");
        response_header(response, "Vary", "Cookie");
    }
    /* The cookie goes before what only scripts get, which takes no room in what the browser gets. */
    if (decision->signed_in && decision->session.asked)
        code = session_write(context->config, context->request, &decision->session, response, error);
    response_header(response, "Variable-" PUBLIC_VARIABLE, decision->is_public ? PUBLIC_YES : PUBLIC_NO);
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

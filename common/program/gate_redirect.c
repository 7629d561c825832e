/* SPDX-License-Identifier: MIT */
#include "base/site_path.h"
#include "program/gate_answer.h"
#include "program/visitor_headers.h"

#include <string.h>

/* LiteSpeed takes a redirect to the address that was asked for, query included, for a loop. */
static bool needs_another_query(const struct request *request) {
    const char *server = request_variable(request, "SERVER_SOFTWARE");
    return server != NULL && strcasestr(server, "LiteSpeed") != NULL;
}

static void append_query(struct buffer *url, const struct request *request, const char *query) {
    static const char marker[] = "_gate";
    if (query != NULL)
        buffer_append_format(url, "?%s", query);
    if (needs_another_query(request))
        buffer_append_format(url, "%c%s", query != NULL ? '&' : '?', marker);
}

static enum error_code refuse_method(struct context *context, struct error *error) {
    context->methods = METHOD_GET | METHOD_HEAD;
    response_note(
        context->response,
        "behind a RewriteRule that leads to the gate only GET and HEAD get through: for forms and uploads "
        "guard the folder by FcgidAccessChecker (`cgi-login gate add` writes it where the host has mod_fcgid)");
    return error_set(error, ERROR_METHOD_NOT_ALLOWED, "a local redirect is a GET");
}

static enum error_code add_visitor(struct context *context, const struct gate_decision *decision, struct error *error) {
    struct response *response = context->response;
    if (gate_is_told(context->request, decision->is_public))
        return ERROR_NONE;
    const enum error_code code = gate_add_for_browser(context, decision, error);
    response_header(response, "X-Cgi-Login-Public", gate_public_word(decision->is_public));
    if (decision->signed_in)
        visitor_headers_add(response, &decision->session);
    return code;
}

enum error_code gate_redirect_let_in(struct context *context, const struct gate_target *target,
                                     const struct gate_decision *decision, struct error *error) {
    struct buffer url = BUFFER_EMPTY;
    enum error_code code = ERROR_NONE;
    if ((target->method & (METHOD_GET | METHOD_HEAD)) == 0)
        return refuse_method(context, error);
    site_path_append_encoded(&url, target->path);
    append_query(&url, context->request, target->query);
    response_local_redirect(context->response, &url);
    if (url.len > LOCAL_REDIRECT_MAX)
        code = error_set(error, ERROR_QUERY_TOO_LONG, "path and query have more than %d bytes", LOCAL_REDIRECT_MAX);
    buffer_free(&url);
    return code == ERROR_NONE ? add_visitor(context, decision, error) : code;
}

/* SPDX-License-Identifier: MIT */
#include "program/gate_answer.h"

#include "base/text.h"
#include "program/session_check.h"

const char *gate_public_word(bool is_public) {
    return is_public ? "yes" : "no";
}

bool gate_is_told(const struct request *request, bool is_public) {
    const char *told = request_variable(request, GATE_PUBLIC_VARIABLE);
    /* The variables of the check before have REDIRECT_ before their names, but where Apache asks for a request that it
     * makes itself. */
    if (told == NULL)
        told = request_variable(request, "REDIRECT_" GATE_PUBLIC_VARIABLE);
    return told != NULL && (is_public || !text_equal(told, gate_public_word(true)));
}

enum error_code gate_add_for_browser(struct context *context, const struct gate_decision *decision,
                                     struct error *error) {
    struct response *response = context->response;
    if (!decision->is_public) {
        response_header(response, "Cache-Control", "private, no-cache");
        response->vary |= RESPONSE_VARY_COOKIE;
    }
    return session_check_write(context, &decision->session, error);
}

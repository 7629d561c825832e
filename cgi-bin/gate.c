/* The gate: lets people at what the rules of `gate` guard, or shows them to the login. The web server serves it itself
 * (gate_target.h has the ways in which it asks).
 * SPDX-License-Identifier: MIT */
#include "program/gate_answer.h"
#include "program/gate_forwarded.h"
#include "program/program.h"

#include <unistd.h>

static enum error_code let_in(struct context *context, const struct gate_target *target,
                              const struct gate_decision *decision, struct error *error) {
    switch (target->way) {
    case GATE_LOCAL_REDIRECT: return gate_redirect_let_in(context, target, decision, error);
    case GATE_AUTHORIZER: return gate_authorizer_let_in(context, target, decision, error);
    case GATE_AUTH_REQUEST: return gate_auth_request_let_in(context, target, decision, error);
    case GATE_ERROR_PAGE: break;
    }
    /* nginx has asked about the very file, so it is nginx that does not serve it: a folder without an index page. */
    if (gate_forwarded_is_asked(context->request))
        return error_set(error, ERROR_NOT_FOUND, "%s is let in, and the web server does not serve it", target->path);
    /* What was refused is a file that the address does not tell, such as a folder's index page. */
    return decision->signed_in
               ? error_set(error, ERROR_NOT_ALLOWED, "%s leads to a file that is not let in", target->path)
               : error_set(error, ERROR_NOT_SIGNED_IN, "%s leads to a file that is not public", target->path);
}

/* A refusal is what the gate is for, and answered in the way in which it was asked. The rest is answered as any
 * failure: a fault of the setup, and a method that the way cannot take. */
static bool is_refusal(enum error_code code) {
    return code != ERROR_NONE && code != ERROR_METHOD_NOT_ALLOWED && error_describe(code)->status < 500;
}

static enum error_code handle(struct context *context, struct error *error) {
    struct gate_decision decision = {.signed_in = false};
    struct gate_target target;
    enum error_code code = gate_target_read(context->request, &target, error);
    if (code == ERROR_NONE)
        code = gate_decide(context, &target, &decision, error);
    if (code == ERROR_NONE)
        code = let_in(context, &target, &decision, error);
    if (is_refusal(code)) {
        /* The authorizer has told the log why, before the web server wanted the page. */
        if (target.way != GATE_ERROR_PAGE)
            program_note_failure(context, code, error);
        code = gate_refuse(context, code, &target, &decision, error);
    }
    gate_decision_clear(&decision);
    return code;
}

int main(void) {
    static const struct program program = {.name = "gate",
                                           .methods = METHOD_GET | METHOD_HEAD | METHOD_POST | METHOD_OTHER,
                                           .wants = CONTEXT_PATH,
                                           .store = process_cache_store,
                                           .handle = handle};
    return program_run(&program, environ);
}

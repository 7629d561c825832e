/* The gate's decision, the same for each way in which it is asked.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_DECISION_H
#define CGI_LOGIN_GATE_DECISION_H

#include "config/gate_rules.h"
#include "program/context.h"
#include "program/gate_target.h"
#include "session/session.h"

struct gate_decision {
    struct gate_rule rule; /* that decided; a path of NULL: none */
    bool is_public;
    bool is_too_old; /* signed in, and longer ago than the rule allows */
    bool signed_in;
    struct session session; /* if signed_in */
};

/* Decides. ERROR_NONE: may be let in. ERROR_NOT_SIGNED_IN (is_too_old tells the one kind of it), ERROR_NOT_ALLOWED (as
 * whom is in the session), ERROR_NOT_FOUND (a symbolic link on the way, or what no rule decides since the case of
 * letters would matter), and those of session_check_read. Cleared by gate_decision_clear whatever comes back. */
enum error_code gate_decide(struct context *context, const struct gate_target *target, struct gate_decision *decision,
                            struct error *error);

void gate_decision_clear(struct gate_decision *decision);

#endif

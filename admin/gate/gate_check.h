/* What `cgi-login check` says of the gate: whether each rule's path is really closed, and whether each folder with our
 * lines has a rule.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_CHECK_H
#define CGI_LOGIN_GATE_CHECK_H

#include "config/config.h"

enum gate_finding { GATE_FINDING_OK, GATE_FINDING_NOTE, GATE_FINDING_FIX };

/* Takes a finding, a sentence that may hold text from outside. */
typedef void (*gate_finding_taker)(void *context, enum gate_finding kind, const char *sentence);

/* Looks, and asks the site. `config` may be one of CONFIG_FOR_CHECK, in which much is missing. */
void gate_check(const struct config *config, gate_finding_taker take, void *context);

#endif

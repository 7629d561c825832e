/* What `cgi-login check` says of the gate: whether each rule's path is really closed, and whether each folder with our
 * lines has a rule.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_CHECK_H
#define CGI_LOGIN_GATE_CHECK_H

#include "admin/check/finding.h"
#include "config/config.h"

/* Looks, and asks the site. `config` may be one of CONFIG_FOR_CHECK, in which much is missing. */
void gate_check(const struct config *config, const struct finding_taker *taker);

#endif

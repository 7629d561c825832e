/* A rule of the gate as `gate add` writes it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_RULE_TEXT_H
#define CGI_LOGIN_GATE_RULE_TEXT_H

#include "admin/command.h"

/* True if the command line says whom to let in, or another key of the rule. */
bool gate_rule_is_said(const struct command_line *line);

/* Makes the rule of the command line (json_free). NULL when memory runs out. */
cJSON *gate_rule_make(const struct command_line *line, const char *path);

/* Appends JSON on one line, as a person would write it. */
void gate_rule_append(struct buffer *out, const cJSON *rule);

#endif

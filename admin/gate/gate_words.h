/* A rule of the gate in plain words, for the commands that tell an owner of it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_WORDS_H
#define CGI_LOGIN_GATE_WORDS_H

#include "base/buffer.h"
#include "config/gate_rules.h"

/* Appends whom the rule lets in: "everybody who is signed in", "the groups google:board@example.com". */
void gate_words_append_admitted(struct buffer *out, const struct gate_rule *rule);

#endif

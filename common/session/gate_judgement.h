/* What the rules of the gate say of a person. Groups and addresses do not all fit into a cookie, so the rules are
 * judged where the whole profile is at hand, at the login and at each check of the session, and the session keeps what
 * came of it: "MARK:BITS", the mark of the config that the rules were of, and a bit for each rule, six to a character
 * of base64url's alphabet, the first rule's the lowest.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_JUDGEMENT_H
#define CGI_LOGIN_GATE_JUDGEMENT_H

#include "config/gate_rules.h"
#include "session/session.h"

/* Judges the whole stored profile of the session's account by each rule, and writes the outcome into session->judged:
 * "" where the config has no rules. */
void gate_judgement_make(const struct config *config, struct session *session, const cJSON *profile);

/* True if what the session keeps is of the config as it is now; also where that has no rules. */
bool gate_judgement_is_current(const struct config *config, const struct session *session);

/* True if the rule lets the session's person in. Where the judgement is not current, which an outage of the store may
 * leave so, the profile in the cookie is judged: what cannot be told from it lets nobody in. */
bool gate_judgement_admits(const struct config *config, const struct session *session, const struct gate_rule *rule);

#endif

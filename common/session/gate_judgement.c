/* SPDX-License-Identifier: MIT */
#include "session/gate_judgement.h"

#include "base/json.h"
#include "base/text.h"
#include "config/allow.h"
#include "config/profile_field.h"

#include <stdio.h>
#include <string.h>

enum { RULES_PER_DIGIT = 6 };

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* What the rules from `first` on say of the account, as many as a digit holds. */
static char make_digit(const struct config *config, size_t first, const struct allow_account *account) {
    unsigned bits = 0;
    for (size_t i = 0; i < RULES_PER_DIGIT && first + i < gate_rules_count(config); i++) {
        const struct gate_rule rule = gate_rules_at(config, first + i);
        if (allow_admits(&rule.allow, account))
            bits |= 1u << i;
    }
    return digits[bits];
}

void gate_judgement_make(const struct config *config, struct session *session, const cJSON *profile) {
    const struct allow_account account = {session->provider, profile};
    const size_t count = gate_rules_count(config) < GATE_RULES_MAX ? gate_rules_count(config) : GATE_RULES_MAX;
    session->judged[0] = '\0';
    if (config->mark[0] == '\0')
        return;
    size_t len = (size_t)snprintf(session->judged, sizeof session->judged, "%s:", config->mark);
    for (size_t first = 0; first < count; first += RULES_PER_DIGIT)
        session->judged[len++] = make_digit(config, first, &account);
    session->judged[len] = '\0';
}

bool gate_judgement_is_current(const struct config *config, const struct session *session) {
    return config->mark[0] == '\0' ||
           (text_starts_with(session->judged, config->mark) && session->judged[strlen(config->mark)] == ':');
}

/* Whether the rule's bit is set. A bit that is not there is not. */
static bool has_bit(const char *bits, size_t index) {
    const size_t at = index / RULES_PER_DIGIT;
    const char *digit = at < strlen(bits) ? strchr(digits, bits[at]) : NULL;
    return digit != NULL && (((size_t)(digit - digits) >> (index % RULES_PER_DIGIT)) & 1) != 0;
}

/* Judges by the profile in the cookie. A username that was cut is no longer this person's: for that while it is none,
 * which needs no memory that could run out. */
static bool admits_as_shown(const struct session *session, const struct gate_rule *rule) {
    const struct allow_account account = {session->provider, session->profile};
    cJSON *username = json_member(session->profile, PROFILE_USERNAME);
    const bool cut = cJSON_IsString(username) && session_text_is_cut(username->valuestring);
    if (cut)
        username->type = cJSON_NULL;
    const bool admits = allow_admits(&rule->allow, &account);
    if (cut)
        username->type = cJSON_String;
    return admits;
}

bool gate_judgement_admits(const struct config *config, const struct session *session, const struct gate_rule *rule) {
    if (config->mark[0] == '\0' || !gate_judgement_is_current(config, session))
        return admits_as_shown(session, rule);
    return has_bit(session->judged + strlen(config->mark) + 1, rule->index);
}

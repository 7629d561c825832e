/* `gate`: who may see which part of the site. A list of rules, of which the first whose path holds what is asked for
 * decides; where none does, nobody may.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_RULES_H
#define CGI_LOGIN_GATE_RULES_H

#include "base/problems.h"
#include "config/allow.h"
#include "config/config.h"

/* What a rule may hold. */
extern const struct setting gate_rule_settings[];

struct gate_rule {
    size_t index;       /* its place in the list */
    const char *path;   /* of the folder, page or script */
    struct allow allow; /* whom it lets in; an empty object, or "signed_in": everybody who is signed in */
    int64_t reauth;     /* how old the login may be, in seconds; 0: any age */
    const cJSON *open;  /* `public`: paths below that everybody may see, or NULL */
};

enum gate_match {
    GATE_MATCH_NONE,     /* no rule: nobody may */
    GATE_MATCH_RULE,     /* *rule decides */
    GATE_MATCH_PUBLIC,   /* *rule holds it, and it is public there */
    GATE_MATCH_UNDECIDED /* whatever the case of letters, another rule would decide: nobody may */
};

/* Finds the rule for a path that site_path_read gave, and allocates nothing. *rule points into the config; its path is
 * NULL where there is none, and where it is not decided, it is the rule that the case of letters keeps from
 * deciding. */
enum gate_match gate_rules_find(const struct config *config, const char *path, struct gate_rule *rule);

/* True if everybody may see the path by this rule, which holds it. */
bool gate_rule_opens(const struct gate_rule *rule, const char *path);

/* The path of a rule as it stands in the list; NULL if it has none. */
const char *gate_rule_path(const cJSON *item);

/* How many rules there are, and one of them by its place. */
size_t gate_rules_count(const struct config *config);
struct gate_rule gate_rules_at(const struct config *config, size_t index);

/* Adds a line to `problems` for each fault of a rule that settings_check does not see: a path that is not in its one
 * form, what is public and does not lie below the path, a rule that an earlier one hides or by which nobody could sign
 * in, and those of allow_check. */
void gate_rules_check(const struct config *config, struct problems *problems);

#endif

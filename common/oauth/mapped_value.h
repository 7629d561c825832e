/* What a provider's response has for a value of the provider file (profile_value.h).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_MAPPED_VALUE_H
#define CGI_LOGIN_MAPPED_VALUE_H

#include "config/profile_value.h"

struct mapped_value {
    const cJSON *value; /* NULL: nothing; never null */
    cJSON *made;        /* the same where a template has made it; owned */
};

/* Finds the first of the values, one or a list, for which `root` has something. False when memory runs out. Cleared
 * with mapped_value_clear whatever comes back. */
bool mapped_value_find(const cJSON *value, const cJSON *root, enum json_template_use use, struct mapped_value *found);

void mapped_value_clear(struct mapped_value *found);

/* True if `root` has what one of the JSON Pointers of the value names, and not as null. */
bool mapped_value_is_there(const cJSON *value, const cJSON *root);

/* Providers write a truth value as true, "true", 1 or "1". */
enum mapped_truth { TRUTH_UNKNOWN, TRUTH_NO, TRUTH_YES };

enum mapped_truth mapped_truth(const cJSON *value, const cJSON *root);

/* True if both are the same text or number, or the same truth value, however that is written. */
bool mapped_value_equals(const cJSON *value, const cJSON *expected);

/* Appends the texts to the list `groups`, each once. *cut becomes true if there are more than GROUPS_MAX, which are
 * left out. False when memory runs out. */
bool mapped_groups(const cJSON *value, const cJSON *root, cJSON *groups, bool *cut);

/* Appends the group of an item, which is the item itself where `value` is NULL; likewise. */
bool mapped_groups_add(const cJSON *item, const cJSON *value, cJSON *groups, bool *cut);

#endif

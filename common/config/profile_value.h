/* What a provider file says of a field: from where its value comes. By the field it is
 *   a JSON Pointer; a text with such in braces (json_template.h); a list of these, which are tried in turn;
 *   for a truth value also true, false, or {"all": [JSON Pointers]};
 *   for a list of texts a JSON Pointer of one, {"list": JSON Pointer, "value": one of the first two}, which is looked
 *   for in each item of the list, or a list of these, all of which count.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROFILE_VALUE_H
#define CGI_LOGIN_PROFILE_VALUE_H

#include "base/json_template.h"
#include "base/problems.h"
#include "config/profile_field.h"

#include <cjson/cJSON.h>

#define VALUE_ALL "all"
#define VALUE_LIST "list"
#define VALUE_ITEM "value"

/* Checks the value of a field of this kind, which is not PROFILE_KIND_COUNTS. `where` is its key, for the messages. */
void profile_value_check(const char *where, enum profile_kind kind, const cJSON *value, struct problems *problems);

/* Checks `profile`, which maps our fields to values, and whose `counts` maps names to JSON Pointers. */
void profile_map_check(const char *where, const cJSON *map, struct problems *problems);

/* How a template is used that gives a field of this kind. */
enum json_template_use profile_value_use(enum profile_kind kind);

/* True for a text that is a JSON Pointer, and not a template. */
bool profile_value_is_pointer(const char *text);

/* True if `test` is true for one of the JSON Pointers into the profile that are in the value. */
bool profile_value_any_pointer(const cJSON *value, bool (*test)(const char *pointer, const void *context),
                               const void *context);

#endif

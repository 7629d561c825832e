/* JSON Pointer (RFC 6901). Debian's libcjson leaves cJSON_Utils out, so its few lines are here.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_JSON_POINTER_H
#define CGI_LOGIN_JSON_POINTER_H

#include <cjson/cJSON.h>

/* What `pointer` names in `root`, or NULL: no such place, or no pointer. Owned by the root. */
const cJSON *json_pointer_get(const cJSON *root, const char *pointer);

/* The first of `pointers` (one pointer, or a list of them) that names something other than null; else NULL. */
const cJSON *json_pointer_first(const cJSON *root, const cJSON *pointers);

#endif

/* Documents as MongoDB's own tools write them, in Extended JSON of any kind: canonical, where every number is an
 * object, relaxed, and the older version 1. Here a document has one form, which bson_json.h tells.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_EXTENDED_JSON_H
#define CGI_LOGIN_EXTENDED_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* Gives the document, which json_parse_extended read, that form: numbers that JSON holds exactly become numbers, times
 * {"$date": "..."}, binary data and regular expressions version 2. What has no other form ({"$oid": "..."}), or is none
 * that MongoDB writes, stays. False when memory runs out. */
bool extended_json_settle(cJSON *document);

/* {"$numberLong": "..."}, for what a number of JSON does not hold exactly. NULL when memory runs out. */
cJSON *extended_json_long(int64_t number);

/* {"$date": "..."}, or for a time that has no such text, with such a number in it. NULL when memory runs out. */
cJSON *extended_json_date(int64_t milliseconds);

#endif

/* BSON and the product's documents (cJSON in MongoDB's Extended JSON, see user.h), turned into each other.
 *
 * Strings, booleans, null, arrays, objects, 32-bit integers and doubles are themselves, a time is {"$date": "..."} and
 * a 64-bit integer that a double would round is {"$numberLong": "..."}; every other type is its canonical Extended
 * JSON ({"$oid": "..."} and so on), so that a document of another program comes back as it was.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_BSON_JSON_H
#define CGI_LOGIN_BSON_JSON_H

#include "base/json.h"

#include <bson/bson.h>
#include <cjson/cJSON.h>
#include <stdbool.h>

/* Appends `value` under `key`. False if it does not fit BSON or memory runs out. */
bool bson_json_append(bson_t *document, const char *key, const cJSON *value);

/* Appends all members of `object` to the document. */
bool bson_json_append_members(bson_t *document, const cJSON *object);

/* Reads the whole document. On JSON_PARSED *result is to be freed with json_free; otherwise it is NULL. JSON_MALFORMED
 * means that the document cannot be JSON: it holds malformed UTF-8, or is nested deeper than BSON_JSON_DEPTH_MAX. */
#define BSON_JSON_DEPTH_MAX 64
enum json_result bson_json_document(const bson_t *document, cJSON **result);

#endif

/* SPDX-License-Identifier: MIT */
#include "store/mongodb/bson_json.h"

#include "base/json.h"
#include "base/view.h"
#include "store/document_fields.h"
#include "store/extended_json.h"
#include "store/user.h"

#include <math.h>
#include <string.h>

/* To BSON. */

static bool append_number(bson_t *document, const char *key, double number) {
    if (!json_is_exact(number))
        return bson_append_double(document, key, -1, number);
    if (fabs(number) <= INT32_MAX)
        return bson_append_int32(document, key, -1, (int32_t)number);
    return bson_append_int64(document, key, -1, (int64_t)number);
}

/* True for {"$oid": "…"} and the like: the name of the first member starts with "$". */
static bool is_extended(const cJSON *object) {
    return object->child != NULL && object->child->string[0] == '$';
}

static bool append_extended(bson_t *document, const char *key, const cJSON *value) {
    const int64_t date = user_date_milliseconds(value);
    bson_t wrapped;
    bson_iter_t iterator;
    bson_error_t error;
    if (date >= 0)
        return bson_append_date_time(document, key, -1, date);
    struct view holder = view_new();
    bool appended = false;
    view_copy(&holder, "v", value);
    char *text = view_print(&holder);
    if (text != NULL && bson_init_from_json(&wrapped, text, -1, &error)) {
        appended = bson_iter_init_find(&iterator, &wrapped, "v") && bson_append_iter(document, key, -1, &iterator);
        bson_destroy(&wrapped);
    }
    json_free_text(text);
    view_free(&holder);
    return appended;
}

static bool append_array(bson_t *document, const char *key, const cJSON *array) {
    bson_t child;
    char buffer[16];
    const char *index;
    uint32_t count = 0;
    bool appended = bson_append_array_begin(document, key, -1, &child);
    if (!appended)
        return false;
    for (const cJSON *item = array->child; appended && item != NULL; item = item->next) {
        bson_uint32_to_string(count++, &index, buffer, sizeof buffer);
        appended = bson_json_append(&child, index, item);
    }
    return bson_append_array_end(document, &child) && appended;
}

static bool append_object(bson_t *document, const char *key, const cJSON *object) {
    bson_t child;
    if (is_extended(object))
        return append_extended(document, key, object);
    if (!bson_append_document_begin(document, key, -1, &child))
        return false;
    const bool appended = bson_json_append_members(&child, object);
    return bson_append_document_end(document, &child) && appended;
}

bool bson_json_append_members(bson_t *document, const cJSON *object) {
    for (const cJSON *member = object->child; member != NULL; member = member->next)
        if (!bson_json_append(document, member->string, member))
            return false;
    return true;
}

bool bson_json_append(bson_t *document, const char *key, const cJSON *value) {
    if (cJSON_IsString(value))
        return bson_append_utf8(document, key, -1, value->valuestring, -1);
    if (cJSON_IsNumber(value))
        return append_number(document, key, value->valuedouble);
    if (cJSON_IsBool(value))
        return bson_append_bool(document, key, -1, cJSON_IsTrue(value));
    if (cJSON_IsNull(value))
        return bson_append_null(document, key, -1);
    return cJSON_IsArray(value) ? append_array(document, key, value) : append_object(document, key, value);
}

/* From BSON. NULL means that memory ran out, unless *malformed is set. */

static cJSON *read_value(const bson_iter_t *iterator, unsigned depth, bool *malformed);

static bool is_text(const char *text, size_t len, bool *malformed) {
    const bool valid = bson_utf8_validate(text, len, false);
    *malformed = *malformed || !valid;
    return valid;
}

static cJSON *read_text(const bson_iter_t *iterator, bool *malformed) {
    uint32_t len;
    const char *text = bson_iter_utf8(iterator, &len);
    return is_text(text, len, malformed) ? cJSON_CreateString(text) : NULL;
}

static cJSON *read_integer(int64_t number) {
    return json_is_exact((double)number) ? cJSON_CreateNumber((double)number) : extended_json_long(number);
}

/* Reads any other type as libbson writes it. For a malformed value libbson gives no text. */
static cJSON *read_other(const bson_iter_t *iterator, bool *malformed) {
    bson_t *single = bson_new();
    cJSON *holder = NULL, *value = NULL;
    size_t len = 0;
    char *text = bson_append_iter(single, "v", -1, iterator) ? bson_as_canonical_extended_json(single, &len) : NULL;
    const enum json_result result = text != NULL ? json_parse(text, len, &holder, NULL) : JSON_MALFORMED;
    if (result == JSON_PARSED)
        value = cJSON_DetachItemFromObjectCaseSensitive(holder, "v");
    *malformed = *malformed || result == JSON_MALFORMED;
    json_free(holder);
    bson_free(text);
    bson_destroy(single);
    return value;
}

/* Adds the value at the iterator to the array, or to the object under its key. */
static bool add_member(cJSON *result, const bson_iter_t *iterator, bool array, unsigned depth, bool *malformed) {
    const char *key = bson_iter_key(iterator);
    cJSON *value = is_text(key, strlen(key), malformed) ? read_value(iterator, depth, malformed) : NULL;
    return array ? json_append(result, value) : json_add(result, key, value);
}

/* Reads what follows the iterator, as an object or an array. */
static cJSON *read_members(bson_iter_t *iterator, bool array, unsigned depth, bool *malformed) {
    *malformed = *malformed || depth == BSON_JSON_DEPTH_MAX;
    cJSON *result = *malformed ? NULL : array ? cJSON_CreateArray() : cJSON_CreateObject();
    while (result != NULL && bson_iter_next(iterator)) {
        if (!add_member(result, iterator, array, depth + 1, malformed)) {
            json_free(result);
            result = NULL;
        }
    }
    return result;
}

static cJSON *read_children(const bson_iter_t *parent, bool array, unsigned depth, bool *malformed) {
    bson_iter_t iterator;
    if (bson_iter_recurse(parent, &iterator))
        return read_members(&iterator, array, depth, malformed);
    *malformed = true;
    return NULL;
}

static cJSON *read_value(const bson_iter_t *iterator, unsigned depth, bool *malformed) {
    switch (bson_iter_type(iterator)) {
    case BSON_TYPE_UTF8: return read_text(iterator, malformed);
    case BSON_TYPE_INT32: return cJSON_CreateNumber(bson_iter_int32(iterator));
    case BSON_TYPE_INT64: return read_integer(bson_iter_int64(iterator));
    case BSON_TYPE_DOUBLE: /* cJSON prints a longer one without its point, and it would be read as an integer */
        return fabs(bson_iter_double(iterator)) <= (double)JSON_EXACT_MAX
                   ? cJSON_CreateNumber(bson_iter_double(iterator))
                   : read_other(iterator, malformed);
    case BSON_TYPE_BOOL: return cJSON_CreateBool(bson_iter_bool(iterator));
    case BSON_TYPE_NULL: return cJSON_CreateNull();
    case BSON_TYPE_DATE_TIME: return extended_json_date(bson_iter_date_time(iterator));
    case BSON_TYPE_DOCUMENT: return read_children(iterator, false, depth, malformed);
    case BSON_TYPE_ARRAY: return read_children(iterator, true, depth, malformed);
    default: return read_other(iterator, malformed);
    }
}

enum json_result bson_json_document(const bson_t *document, cJSON **result) {
    bson_iter_t iterator;
    bool malformed = !bson_iter_init(&iterator, document);
    *result = malformed ? NULL : read_members(&iterator, false, 0, &malformed);
    if (*result != NULL)
        return JSON_PARSED;
    return malformed ? JSON_MALFORMED : JSON_NO_MEMORY;
}

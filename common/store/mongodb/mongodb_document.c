/* Parts of queries and updates, and what is found.
 * SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

#include "base/buffer.h"
#include "store/mongodb/bson_json.h"
#include "store/user.h"

#include <stdio.h>
#include <string.h>

enum { DOCUMENT_MAX = 1 << 20 };

bool mongodb_append_changes(bson_t *set, bson_t *unset, const char *path, const cJSON *object) {
    bool whole = true;
    for (const cJSON *member = object->child; whole && member != NULL; member = member->next) {
        struct buffer key = BUFFER_EMPTY;
        buffer_append_format(&key, "%s.%s", path, member->string);
        if (key.failed)
            whole = false;
        else if (cJSON_IsNull(member))
            whole = BSON_APPEND_UTF8(unset, buffer_text(&key), "");
        else if (cJSON_IsObject(member) && user_date_milliseconds(member) < 0)
            whole = mongodb_append_changes(set, unset, buffer_text(&key), member);
        else if (strcmp(member->string, FIELD_ID) != 0)
            whole = bson_json_append(set, buffer_text(&key), member);
        buffer_free(&key);
    }
    return whole;
}

const char *mongodb_field_path(char path[MONGODB_FIELD_MAX], const char *provider, const char *field) {
    snprintf(path, MONGODB_FIELD_MAX, "%s.%s", provider, field);
    return path;
}

bool mongodb_append_id_query(bson_t *query, const char *provider, const char *id) {
    char path[MONGODB_FIELD_MAX];
    return BSON_APPEND_UTF8(query, mongodb_field_path(path, provider, FIELD_ID), id);
}

enum error_code mongodb_read_document(struct store_mongodb *store, const bson_t *document, cJSON **result,
                                      struct error *error) {
    *result = NULL;
    if (document->len > DOCUMENT_MAX)
        return mongodb_complain(store, "a user's document is larger than 1 MiB", error);
    switch (bson_json_document(document, result)) {
    case JSON_PARSED: return ERROR_NONE;
    case JSON_NO_MEMORY: return error_out_of_memory(error);
    case JSON_MALFORMED: break;
    }
    return mongodb_complain(store, "a user's document has malformed UTF-8 or is nested too deeply", error);
}

enum error_code mongodb_find_one(struct store_mongodb *store, mongoc_collection_t *collection, const bson_t *filter,
                                 const bson_t *fields, bson_t **found, struct error *error) {
    bson_t options = BSON_INITIALIZER;
    bson_error_t problem;
    const bson_t *document;
    enum error_code code = ERROR_NONE;
    *found = NULL;
    BSON_APPEND_INT64(&options, "limit", 1);
    if (fields != NULL)
        BSON_APPEND_DOCUMENT(&options, "projection", fields);
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, filter, &options, NULL);
    if (mongoc_cursor_next(cursor, &document))
        *found = bson_copy(document);
    else if (mongoc_cursor_error(cursor, &problem))
        code = mongodb_fail(store, &problem, error);
    mongoc_cursor_destroy(cursor);
    bson_destroy(&options);
    return code;
}

enum error_code mongodb_find_user(struct store_mongodb *store, const bson_t *filter, const bson_t *fields, cJSON **user,
                                  struct error *error) {
    bson_t *found;
    enum error_code code = mongodb_find_one(store, store->users, filter, fields, &found, error);
    if (found != NULL)
        code = mongodb_read_document(store, found, user, error);
    bson_destroy(found);
    return code;
}

bool mongodb_update_one(mongoc_collection_t *collection, const bson_t *query, const bson_t *update, uint64_t *matched,
                        bson_error_t *problem) {
    bson_iter_t count;
    bson_t reply;
    const bool done = mongoc_collection_update_one(collection, query, update, NULL, &reply, problem);
    *matched = done && bson_iter_init_find(&count, &reply, "matchedCount") ? (uint64_t)bson_iter_as_int64(&count) : 0;
    bson_destroy(&reply);
    return done;
}

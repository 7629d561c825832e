/* SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum index_kind { INDEX_PLAIN, INDEX_SPARSE, INDEX_UNIQUE, INDEX_EXPIRY };

static void append_index(bson_t *command, const char *key, enum index_kind kind) {
    bson_t indexes, index, keys;
    char name[MONGODB_FIELD_MAX + 2];
    snprintf(name, sizeof name, "%s_1", key);
    BSON_APPEND_ARRAY_BEGIN(command, "indexes", &indexes);
    BSON_APPEND_DOCUMENT_BEGIN(&indexes, "0", &index);
    BSON_APPEND_DOCUMENT_BEGIN(&index, "key", &keys);
    BSON_APPEND_INT32(&keys, key, 1);
    bson_append_document_end(&index, &keys);
    BSON_APPEND_UTF8(&index, "name", name);
    if (kind == INDEX_EXPIRY)
        BSON_APPEND_INT32(&index, "expireAfterSeconds", 0);
    if (kind == INDEX_UNIQUE)
        BSON_APPEND_BOOL(&index, "unique", true);
    if (kind == INDEX_UNIQUE || kind == INDEX_SPARSE)
        BSON_APPEND_BOOL(&index, "sparse", true); /* not every document has such a field */
    bson_append_document_end(&indexes, &index);
    bson_append_array_end(command, &indexes);
}

static bool create_index(struct store_mongodb *store, const char *collection, const char *key, enum index_kind kind,
                         bson_error_t *problem) {
    bson_t command = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&command, "createIndexes", collection);
    append_index(&command, key, kind);
    bool created = mongoc_database_write_command_with_opts(store->database, &command, NULL, NULL, problem);
    bson_destroy(&command);
    /* The owner's own index on the same field serves as well. */
    if (!created &&
        (problem->code == MONGODB_INDEX_OPTIONS_CONFLICT || problem->code == MONGODB_INDEX_KEY_SPECS_CONFLICT))
        created = true;
    return created;
}

/* Makes the index as wanted, or a plain one if the server does not know the option (FerretDB does not know
 * expireAfterSeconds) or the collection does not allow it (a user stands there twice already). */
static bool ensure_index(struct store_mongodb *store, const char *collection, const char *key, enum index_kind kind,
                         bson_error_t *problem) {
    return create_index(store, collection, key, kind, problem) ||
           (problem->domain == MONGOC_ERROR_SERVER && problem->code != MONGODB_UNAUTHORIZED &&
            create_index(store, collection, key, INDEX_PLAIN, problem));
}

bool mongodb_ensure_user_indexes(struct store_mongodb *store, const char *provider, bson_error_t *problem) {
    char id[MONGODB_FIELD_MAX], user_id[MONGODB_FIELD_MAX];
    snprintf(id, sizeof id, "%s.id", provider);
    snprintf(user_id, sizeof user_id, "%s.user_id", provider);
    return ensure_index(store, COLLECTION_USERS, id, INDEX_UNIQUE, problem) &&
           ensure_index(store, COLLECTION_USERS, user_id, INDEX_PLAIN, problem);
}

bool mongodb_ensure_session_indexes(struct store_mongodb *store, bson_error_t *problem) {
    return ensure_index(store, COLLECTION_SESSIONS, FIELD_EXPIRES, INDEX_EXPIRY, problem) &&
           ensure_index(store, COLLECTION_SESSIONS, FIELD_USER, INDEX_PLAIN, problem) &&
           ensure_index(store, COLLECTION_REQUESTS, FIELD_EXPIRES, INDEX_EXPIRY, problem);
}

bool mongodb_ensure_sid_index(struct store_mongodb *store, bson_error_t *problem) {
    return ensure_index(store, COLLECTION_SESSIONS, FIELD_SID, INDEX_SPARSE, problem);
}

enum error_code mongodb_setup(struct store *base, const char *const *providers, struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_error_t problem;
    bool done = mongodb_ensure_session_indexes(store, &problem) && mongodb_ensure_sid_index(store, &problem);
    for (; done && *providers != NULL; providers++)
        done = mongodb_ensure_user_indexes(store, *providers, &problem);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

static enum error_code has_session_index(struct store_mongodb *store, bool *found, struct error *error) {
    bson_error_t problem;
    const bson_t *index;
    bson_iter_t iterator;
    *found = false;
    mongoc_cursor_t *cursor = mongoc_collection_find_indexes_with_opts(store->sessions, NULL);
    while (mongoc_cursor_next(cursor, &index))
        if (bson_iter_init_find(&iterator, index, "name") && BSON_ITER_HOLDS_UTF8(&iterator) &&
            strcmp(bson_iter_utf8(&iterator, NULL), "expires_1") == 0)
            *found = true;
    const bool failed = mongoc_cursor_error(cursor, &problem);
    mongoc_cursor_destroy(cursor);
    return failed ? mongodb_fail(store, &problem, error) : ERROR_NONE;
}

/* Proves that writing works by a session that has expired already. */
enum error_code mongodb_probe(struct store *base, enum store_state *state, struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    unsigned char random[16];
    char id[2 * sizeof random + 1];
    bson_error_t problem;
    bson_t document = BSON_INITIALIZER, selector = BSON_INITIALIZER;
    bson_t *update = BCON_NEW("$set", "{", "probe", BCON_BOOL(true), "}");
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(id, sizeof id, random, sizeof random);
    BSON_APPEND_UTF8(&document, FIELD_DOCUMENT_ID, id);
    BSON_APPEND_DATE_TIME(&document, FIELD_EXPIRES, 0);
    BSON_APPEND_UTF8(&selector, FIELD_DOCUMENT_ID, id);
    bool exists = false;
    enum error_code code = has_session_index(store, &exists, error);
    /* No document has that _id: the calls only ask for permission. */
    if (code == ERROR_NONE && !(mongoc_collection_update_one(store->users, &selector, update, NULL, NULL, &problem) &&
                                mongoc_collection_update_one(store->requests, &selector, update, NULL, NULL, &problem)))
        code = mongodb_fail(store, &problem, error);
    if (code == ERROR_NONE && !(mongoc_collection_insert_one(store->sessions, &document, NULL, NULL, &problem) &&
                                mongoc_collection_delete_one(store->sessions, &selector, NULL, NULL, &problem)))
        code = mongodb_fail(store, &problem, error);
    *state = code == ERROR_NONE && exists ? STORE_IS_READY : STORE_IS_ABSENT;
    bson_destroy(update);
    bson_destroy(&document);
    bson_destroy(&selector);
    return code;
}

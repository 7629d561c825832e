/* SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

#include "base/json.h"
#include "config/provider_name.h"
#include "store/mongodb/bson_json.h"
#include "store/user.h"

#include <string.h>

enum error_code mongodb_user_find(struct store *base, const struct user_query *query, cJSON **user,
                                  struct error *error) {
    bson_t by_id = BSON_INITIALIZER, by_user_id = BSON_INITIALIZER;
    char path[MONGODB_FIELD_MAX];
    *user = NULL;
    mongodb_append_id_query(&by_id, query->provider, query->id);
    enum error_code code = mongodb_find_user(mongodb_own(base), &by_id, NULL, user, error);
    if (code == ERROR_NONE && *user == NULL && query->or_user_id) {
        BSON_APPEND_UTF8(&by_user_id, mongodb_field_path(path, query->provider, FIELD_USER_ID), query->id);
        code = mongodb_find_user(mongodb_own(base), &by_user_id, NULL, user, error);
    }
    bson_destroy(&by_id);
    bson_destroy(&by_user_id);
    return code;
}

/* Splits an _id "PROVIDER:ID", which is put into `key`. */
static bool read_key(const bson_t *document, char *key, const char **provider, const char **id) {
    bson_iter_t iterator;
    if (!bson_iter_init_find(&iterator, document, FIELD_DOCUMENT_ID) || !BSON_ITER_HOLDS_UTF8(&iterator))
        return false;
    const char *text = bson_iter_utf8(&iterator, NULL);
    const char *colon = strchr(text, ':');
    if (colon == NULL || strlen(text) > PROVIDER_NAME_MAX + PROVIDER_ID_MAX + 1)
        return false;
    memcpy(key, text, strlen(text) + 1);
    key[colon - text] = '\0';
    *provider = key;
    *id = key + (colon - text) + 1;
    return provider_name_is_valid(key);
}

static enum error_code visit_user(struct store_mongodb *store, const bson_t *document, store_user_visitor visit,
                                  void *context, struct error *error) {
    const char *provider, *id;
    struct error unreadable;
    cJSON *user = NULL;
    /* The _id still tells whose document it is, if it is one of ours. */
    char key[PROVIDER_NAME_MAX + PROVIDER_ID_MAX + 2];
    const enum error_code read = mongodb_read_document(store, document, &user, &unreadable);
    if (read == ERROR_INTERNAL)
        return error_out_of_memory(error);
    if (read != ERROR_NONE) {
        const bool ours = read_key(document, key, &provider, &id);
        return visit(context, ours ? provider : NULL, ours ? id : NULL, NULL, error);
    }
    const bool found = user_account(user, &provider, &id);
    const enum error_code code = visit(context, found ? provider : NULL, found ? id : NULL, user, error);
    json_free(user);
    return code;
}

/* Walks with the options of `find`, or NULL. */
static enum error_code walk_users(struct store_mongodb *store, const bson_t *options, store_user_visitor visit,
                                  void *context, struct error *error) {
    bson_t filter = BSON_INITIALIZER;
    bson_error_t problem;
    const bson_t *document;
    enum error_code code = ERROR_NONE;
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(store->users, &filter, options, NULL);
    while (code == ERROR_NONE && mongoc_cursor_next(cursor, &document))
        code = visit_user(store, document, visit, context, error);
    if (code == ERROR_NONE && mongoc_cursor_error(cursor, &problem))
        code = mongodb_fail(store, &problem, error);
    mongoc_cursor_destroy(cursor);
    bson_destroy(&filter);
    return code;
}

enum error_code mongodb_users_each(struct store *base, store_user_visitor visit, void *context, struct error *error) {
    return walk_users(mongodb_own(base), NULL, visit, context, error);
}

enum error_code mongodb_users_part(struct store *base, const struct user_part *part, store_user_visitor visit,
                                   void *context, struct error *error) {
    bson_t options = BSON_INITIALIZER, order;
    if (part->limit == 0) /* to MongoDB: all */
        return ERROR_NONE;
    /* In an order that stays, or a user would be in two parts or in none. */
    BSON_APPEND_DOCUMENT_BEGIN(&options, "sort", &order);
    BSON_APPEND_INT32(&order, FIELD_DOCUMENT_ID, 1);
    bson_append_document_end(&options, &order);
    BSON_APPEND_INT64(&options, "skip", part->skip < INT32_MAX ? (int64_t)part->skip : INT32_MAX);
    BSON_APPEND_INT64(&options, "limit", part->limit < INT32_MAX ? (int64_t)part->limit : INT32_MAX);
    const enum error_code code = walk_users(mongodb_own(base), &options, visit, context, error);
    bson_destroy(&options);
    return code;
}

/* The user is deleted first. If this stops half-way, a session that is left belongs to nobody, and signs nobody in. */
enum error_code mongodb_delete_user(struct store_mongodb *store, const bson_iter_t *user, struct error *error) {
    bson_t by_id = BSON_INITIALIZER, by_user = BSON_INITIALIZER;
    bson_error_t problem;
    bson_append_iter(&by_id, FIELD_DOCUMENT_ID, -1, user);
    bson_append_iter(&by_user, FIELD_USER, -1, user);
    const bool done = mongoc_collection_delete_one(store->users, &by_id, NULL, NULL, &problem) &&
                      mongodb_end_sessions(store, &by_user, &problem);
    bson_destroy(&by_id);
    bson_destroy(&by_user);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

enum error_code mongodb_find_user_id(struct store_mongodb *store, const struct user_query *account, bson_t **found,
                                     bson_iter_t *user, struct error *error) {
    bson_t query = BSON_INITIALIZER, fields = BSON_INITIALIZER;
    mongodb_append_id_query(&query, account->provider, account->id);
    BSON_APPEND_INT32(&fields, FIELD_DOCUMENT_ID, 1);
    enum error_code code = mongodb_find_one(store, store->users, &query, &fields, found, error);
    if (*found != NULL && !bson_iter_init_find(user, *found, FIELD_DOCUMENT_ID)) {
        bson_destroy(*found);
        *found = NULL;
        code = mongodb_complain(store, "the user's document has no _id", error);
    }
    bson_destroy(&query);
    bson_destroy(&fields);
    return code;
}

enum error_code mongodb_user_delete(struct store *base, const char *provider, const char *id, bool *deleted,
                                    struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_iter_t user;
    bson_t *found;
    enum error_code code = mongodb_find_user_id(store, &(struct user_query){provider, id, false}, &found, &user, error);
    if (found != NULL)
        code = mongodb_delete_user(store, &user, error);
    *deleted = found != NULL && code == ERROR_NONE;
    bson_destroy(found);
    return code;
}

static bool add_replacement(mongoc_bulk_operation_t *bulk, const struct store_user *user, bson_error_t *problem) {
    bson_t selector = BSON_INITIALIZER, document = BSON_INITIALIZER;
    bson_t *options = BCON_NEW("upsert", BCON_BOOL(true));
    bson_iter_t id;
    const bool added = bson_json_append_members(&document, user->document) &&
                       bson_iter_init_find(&id, &document, FIELD_DOCUMENT_ID) &&
                       bson_append_iter(&selector, FIELD_DOCUMENT_ID, -1, &id) &&
                       mongoc_bulk_operation_replace_one_with_opts(bulk, &selector, &document, options, problem);
    bson_destroy(options);
    bson_destroy(&selector);
    bson_destroy(&document);
    return added;
}

enum error_code mongodb_users_put(struct store *base, const struct store_user *users, size_t count,
                                  struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_error_t problem = {.message = "a user's document cannot be written as BSON"};
    bson_t reply;
    mongoc_bulk_operation_t *bulk = mongoc_collection_create_bulk_operation_with_opts(store->users, NULL);
    bool done = true;
    for (size_t i = 0; done && i < count; i++)
        done = add_replacement(bulk, &users[i], &problem);
    if (done && count != 0) {
        done = mongoc_bulk_operation_execute(bulk, &reply, &problem) != 0;
        bson_destroy(&reply);
    }
    mongoc_bulk_operation_destroy(bulk);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

/* Adding users who are not there yet. */

/* Makes the query of whoever has one of the document's accounts. */
static void build_owners(const cJSON *document, bson_t *query) {
    bson_t any, one;
    uint32_t count = 0;
    BSON_APPEND_ARRAY_BEGIN(query, "$or", &any);
    for (const cJSON *member = document->child; member != NULL; member = member->next) {
        char text[16];
        const char *index;
        if (!user_is_account(member))
            continue;
        bson_uint32_to_string(count++, &index, text, sizeof text);
        bson_append_document_begin(&any, index, -1, &one);
        mongodb_append_id_query(&one, member->string, json_string(member, FIELD_ID));
        bson_append_document_end(&any, &one);
    }
    bson_append_array_end(query, &any);
}

/* True for an error that is the document's own, so that the next one may fare better. FerretDB refuses the command, of
 * which libmongoc makes an error of its own, where MongoDB refuses the write. */
static bool is_of_document(const bson_error_t *problem) {
    return problem->domain == MONGOC_ERROR_BSON || problem->domain == MONGOC_ERROR_COMMAND ||
           mongodb_is_server_code(problem, MONGODB_BAD_VALUE) || mongodb_is_server_code(problem, MONGODB_INVALID_ID);
}

/* Inserts the document. The unique indexes decide, but one may be plain: see mongodb_setup.c. */
static enum error_code insert_user(struct store_mongodb *store, const bson_t *document, enum store_added *added,
                                   struct error *error) {
    bson_error_t problem;
    if (mongoc_collection_insert_one(store->users, document, NULL, NULL, &problem))
        *added = STORE_ADDED;
    else if (problem.code == MONGODB_DUPLICATE_KEY)
        *added = STORE_THERE;
    else if (is_of_document(&problem))
        *added = STORE_UNFIT;
    else
        return mongodb_fail(store, &problem, error);
    return ERROR_NONE;
}

static enum error_code add_user(struct store_mongodb *store, const struct store_user *add, enum store_added *added,
                                struct error *error) {
    bson_t query = BSON_INITIALIZER, document = BSON_INITIALIZER;
    bson_t *owner = NULL;
    enum error_code code = ERROR_NONE;
    *added = STORE_UNFIT;
    if (bson_json_append_members(&document, add->document)) {
        build_owners(add->document, &query);
        code = mongodb_find_one(store, store->users, &query, NULL, &owner, error);
        *added = STORE_THERE;
        if (code == ERROR_NONE && owner == NULL)
            code = insert_user(store, &document, added, error);
    }
    bson_destroy(owner);
    bson_destroy(&query);
    bson_destroy(&document);
    return code;
}

enum error_code mongodb_users_add(struct store *base, const struct store_user *users, size_t count,
                                  enum store_added *added, struct error *error) {
    enum error_code code = ERROR_NONE;
    for (size_t i = 0; code == ERROR_NONE && i < count; i++)
        code = add_user(mongodb_own(base), &users[i], &added[i], error);
    return code;
}

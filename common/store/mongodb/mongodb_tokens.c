/* SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

#include "base/buffer.h"
#include "base/json.h"

/* Makes the query of a change: the user, as long as the token is the expected one and no other run has a lease on
 * it. */
static void build_condition(const struct account_change *change, bson_t *query) {
    char token[MONGODB_FIELD_MAX], lease[MONGODB_FIELD_MAX];
    mongodb_append_id_query(query, change->provider, change->id);
    if (change->token != NULL)
        BSON_APPEND_UTF8(query, mongodb_field_path(token, change->provider, FIELD_ACCESS_TOKEN), change->token);
    if (change->unless_leased) {
        mongodb_field_path(lease, change->provider, FIELD_TOKEN "." FIELD_LEASE);
        BCON_APPEND(query, "$or", "[", "{", lease, "{", "$exists", BCON_BOOL(false), "}", "}", "{", lease, "{", "$lte",
                    BCON_DATE_TIME(mongodb_time(change->now)), "}", "}", "]");
    }
}

static bool build_change(const struct account_change *change, bson_t *update) {
    bson_t set = BSON_INITIALIZER, unset = BSON_INITIALIZER;
    const bool built = mongodb_append_changes(&set, &unset, change->provider, change->patch) &&
                       (bson_empty(&set) || BSON_APPEND_DOCUMENT(update, "$set", &set)) &&
                       (bson_empty(&unset) || BSON_APPEND_DOCUMENT(update, "$unset", &unset));
    bson_destroy(&set);
    bson_destroy(&unset);
    return built;
}

enum error_code mongodb_account_change(struct store *base, const struct account_change *change, bool *changed,
                                       struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t query = BSON_INITIALIZER, update = BSON_INITIALIZER;
    bson_error_t problem;
    uint64_t matched = 0;
    enum error_code code = ERROR_NONE;
    build_condition(change, &query);
    if (!build_change(change, &update))
        code = error_out_of_memory(error);
    else if (!mongodb_update_one(store->users, &query, &update, &matched, &problem))
        code = mongodb_fail(store, &problem, error);
    *changed = code == ERROR_NONE && matched != 0;
    bson_destroy(&query);
    bson_destroy(&update);
    return code;
}

/* Adds which tokens are near their end, or may be. */
static void append_due(const struct token_query *query, bson_t *filter) {
    char expiry[MONGODB_FIELD_MAX], obtained[MONGODB_FIELD_MAX], invalid[MONGODB_FIELD_MAX];
    mongodb_field_path(expiry, query->provider, FIELD_TOKEN "." FIELD_EXPIRES_AT);
    mongodb_field_path(obtained, query->provider, FIELD_TOKEN "." FIELD_OBTAINED_AT);
    mongodb_field_path(invalid, query->provider, FIELD_TOKEN "." FIELD_INVALID_SINCE);
    BCON_APPEND(filter, "$or", "[", "{", expiry, "{", "$lt", BCON_DATE_TIME(mongodb_time(query->expires_before)), "}",
                "}", "{", expiry, "{", "$exists", BCON_BOOL(false), "}", obtained, "{", "$lt",
                BCON_DATE_TIME(mongodb_time(query->obtained_before)), "}", "}", "]", invalid, "{", "$exists",
                BCON_BOOL(false), "}");
}

static void build_query(const struct token_query *query, bson_t *filter, bson_t *options) {
    char id[MONGODB_FIELD_MAX], token[MONGODB_FIELD_MAX];
    mongodb_field_path(id, query->provider, FIELD_ID);
    mongodb_field_path(token, query->provider, FIELD_ACCESS_TOKEN);
    struct buffer pattern = BUFFER_EMPTY;
    BCON_APPEND(filter, id, "{", "$gt", BCON_UTF8(query->after), "}");
    if (query->except_prefix != NULL) {
        buffer_append_format(&pattern, "^%s", query->except_prefix); /* of letters, digits, ":", "-" and "_" */
        BCON_APPEND(filter, token, "{", "$exists", BCON_BOOL(true), "$not", "{", "$regex",
                    BCON_UTF8(buffer_text(&pattern)), "}", "}");
    } else {
        BCON_APPEND(filter, token, "{", "$exists", BCON_BOOL(true), "}");
    }
    buffer_free(&pattern);
    if (query->expires_before != STORE_ANY_EXPIRY)
        append_due(query, filter);
    BCON_APPEND(options, "sort", "{", id, BCON_INT32(1), "}", "limit", BCON_INT64((int64_t)query->limit));
}

struct token_visit {
    const char *provider;
    store_user_visitor visit;
    void *context;
};

static enum error_code visit_token(struct store_mongodb *store, const bson_t *document, const struct token_visit *visit,
                                   struct error *error) {
    char path[MONGODB_FIELD_MAX];
    bson_iter_t root, id;
    struct error unreadable;
    cJSON *user = NULL;
    if (!bson_iter_init(&root, document) ||
        !bson_iter_find_descendant(&root, mongodb_field_path(path, visit->provider, FIELD_ID), &id) ||
        !BSON_ITER_HOLDS_UTF8(&id))
        return ERROR_NONE; /* for instance a list of ids: no user of ours */
    /* For a document that cannot be read the visitor gets NULL, and tells whose it is. */
    if (mongodb_read_document(store, document, &user, &unreadable) == ERROR_INTERNAL)
        return error_out_of_memory(error);
    const enum error_code code = visit->visit(visit->context, visit->provider, bson_iter_utf8(&id, NULL), user, error);
    json_free(user);
    return code;
}

enum error_code mongodb_tokens_each(struct store *base, const struct token_query *query, store_user_visitor visit,
                                    void *context, struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    const struct token_visit token_visit = {query->provider, visit, context};
    bson_t filter = BSON_INITIALIZER, options = BSON_INITIALIZER;
    bson_error_t problem;
    const bson_t *document;
    enum error_code code = ERROR_NONE;
    build_query(query, &filter, &options);
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(store->users, &filter, &options, NULL);
    while (code == ERROR_NONE && mongoc_cursor_next(cursor, &document))
        code = visit_token(store, document, &token_visit, error);
    if (code == ERROR_NONE && mongoc_cursor_error(cursor, &problem))
        code = mongodb_fail(store, &problem, error);
    mongoc_cursor_destroy(cursor);
    bson_destroy(&filter);
    bson_destroy(&options);
    return code;
}

/* Requests that were carried out.
 * SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

static enum error_code ask(struct store_mongodb *store, const struct store_request *request, bool *seen,
                           struct error *error) {
    bson_t *filter = BCON_NEW(FIELD_DOCUMENT_ID, BCON_UTF8(request->hash), FIELD_EXPIRES, "{", "$gt",
                              BCON_DATE_TIME(mongodb_time(request->now)), "}");
    bson_t *found;
    const enum error_code code = mongodb_find_one(store, store->requests, filter, NULL, &found, error);
    *seen = found != NULL;
    bson_destroy(found);
    bson_destroy(filter);
    return code;
}

static enum error_code remember(struct store_mongodb *store, const struct store_request *request, struct error *error) {
    bson_t *selector = BCON_NEW(FIELD_DOCUMENT_ID, BCON_UTF8(request->hash));
    bson_t *document = BCON_NEW(FIELD_DOCUMENT_ID, BCON_UTF8(request->hash), FIELD_EXPIRES,
                                BCON_DATE_TIME(mongodb_time(request->remember_until)));
    bson_t *options = BCON_NEW("upsert", BCON_BOOL(true));
    bson_t *expired = BCON_NEW(FIELD_EXPIRES, "{", "$lte", BCON_DATE_TIME(mongodb_time(request->now)), "}");
    bson_error_t problem;
    /* A duplicate key means that another process has just remembered the same request. */
    bool done = mongoc_collection_replace_one(store->requests, selector, document, options, NULL, &problem) ||
                mongodb_is_server_code(&problem, MONGODB_DUPLICATE_KEY);
    done = done && mongoc_collection_delete_many(store->requests, expired, NULL, NULL, &problem);
    bson_destroy(selector);
    bson_destroy(document);
    bson_destroy(options);
    bson_destroy(expired);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

enum error_code mongodb_request(struct store *base, const struct store_request *request, bool *seen,
                                struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    const enum error_code code = ask(store, request, seen, error);
    return code == ERROR_NONE && request->remember_until != 0 ? remember(store, request, error) : code;
}

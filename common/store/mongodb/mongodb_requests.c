/* Requests that were carried out.
 * SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

enum error_code mongodb_request_seen(struct store *base, const char *hash, int64_t now, bool *seen,
                                     struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t *filter = BCON_NEW("_id", BCON_UTF8(hash), "expires", "{", "$gt", BCON_DATE_TIME(now), "}");
    bson_t *found;
    const enum error_code code = mongodb_find_one(store, store->requests, filter, NULL, &found, error);
    *seen = found != NULL;
    bson_destroy(found);
    bson_destroy(filter);
    return code;
}

enum error_code mongodb_request_remember(struct store *base, const char *hash, int64_t now, int64_t expires,
                                         struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t *selector = BCON_NEW("_id", BCON_UTF8(hash));
    bson_t *document = BCON_NEW("_id", BCON_UTF8(hash), "expires", BCON_DATE_TIME(expires));
    bson_t *options = BCON_NEW("upsert", BCON_BOOL(true));
    bson_t *expired = BCON_NEW("expires", "{", "$lte", BCON_DATE_TIME(now), "}");
    bson_error_t problem;
    /* A duplicate key: the same request, at the same time, has been remembered by another process. */
    bool done = mongoc_collection_replace_one(store->requests, selector, document, options, NULL, &problem) ||
                mongodb_is_server_code(&problem, MONGODB_DUPLICATE_KEY);
    done = done && mongoc_collection_delete_many(store->requests, expired, NULL, NULL, &problem);
    bson_destroy(selector);
    bson_destroy(document);
    bson_destroy(options);
    bson_destroy(expired);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

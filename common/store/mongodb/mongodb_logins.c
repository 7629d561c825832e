/* SPDX-License-Identifier: MIT */
#include "store/login.h"
#include "store/mongodb/mongodb.h"

/* What is written of a login is no record that must outlive a failure of the primary: its acknowledgement is enough,
 * and is asked for also where the URI's write concern wants none. */
static bson_t *acknowledged(void) {
    return BCON_NEW("writeConcern", "{", "w", BCON_INT32(1), "}");
}

/* The _id is unique, which decides who was first. */
enum error_code mongodb_login_claim(struct store *base, const struct login_claim *claim, bool *claimed,
                                    struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t *document = BCON_NEW(FIELD_DOCUMENT_ID, BCON_UTF8(claim->session_id), FIELD_CLAIMED_AT,
                                BCON_DATE_TIME(mongodb_time(claim->now)), FIELD_EXPIRES,
                                BCON_DATE_TIME(mongodb_time(claim->remember_until)));
    bson_t *options = acknowledged();
    bson_error_t problem;
    enum error_code code = ERROR_NONE;
    *claimed = mongoc_collection_insert_one(store->requests, document, options, NULL, &problem);
    if (!*claimed && problem.code != MONGODB_DUPLICATE_KEY)
        code = mongodb_fail(store, &problem, error);
    bson_destroy(options);
    bson_destroy(document);
    return code;
}

/* A time of a document in seconds; 0 where there is none. */
static int64_t read_time(const bson_t *document, const char *field) {
    bson_iter_t iterator;
    return bson_iter_init_find(&iterator, document, field) && BSON_ITER_HOLDS_DATE_TIME(&iterator)
               ? bson_iter_date_time(&iterator) / MILLISECONDS_PER_SECOND
               : 0;
}

static void read_claim(const bson_t *document, struct login *login) {
    bson_iter_t outcome;
    login->state = LOGIN_RUNNING;
    login->claimed = read_time(document, FIELD_CLAIMED_AT);
    if (bson_iter_init_find(&outcome, document, FIELD_OUTCOME) && BSON_ITER_HOLDS_UTF8(&outcome))
        login_take_outcome(login, bson_iter_utf8(&outcome, NULL));
}

static void read_session(const bson_t *document, struct login *login) {
    login->state = LOGIN_SIGNED_IN;
    login->signed_in = read_time(document, FIELD_CREATED_AT);
    login->expires = read_time(document, FIELD_EXPIRES);
}

/* The session is looked for first: while it is there, nothing else counts. */
enum error_code mongodb_login_find(struct store *base, const char *session_id, struct login *login,
                                   struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t filter = BSON_INITIALIZER;
    bson_t *found = NULL;
    *login = (struct login){.state = LOGIN_UNKNOWN};
    BSON_APPEND_UTF8(&filter, FIELD_DOCUMENT_ID, session_id);
    enum error_code code = mongodb_find_one(store, store->sessions, &filter, NULL, &found, error);
    if (found != NULL) {
        read_session(found, login);
    } else if (code == ERROR_NONE) {
        code = mongodb_find_one(store, store->requests, &filter, NULL, &found, error);
        if (found != NULL)
            read_claim(found, login);
    }
    bson_destroy(found);
    bson_destroy(&filter);
    return code;
}

bool mongodb_set_outcome(struct store_mongodb *store, const bson_t *logins, const char *outcome,
                         bson_error_t *problem) {
    bson_t *update = BCON_NEW("$set", "{", FIELD_OUTCOME, BCON_UTF8(outcome), "}");
    bson_t *options = acknowledged();
    const bool done = mongoc_collection_update_many(store->requests, logins, update, options, NULL, problem);
    bson_destroy(options);
    bson_destroy(update);
    return done;
}

enum error_code mongodb_login_fail(struct store *base, const char *session_id, enum error_code failure,
                                   struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t selector = BSON_INITIALIZER;
    bson_error_t problem;
    BSON_APPEND_UTF8(&selector, FIELD_DOCUMENT_ID, session_id);
    const bool done = mongodb_set_outcome(store, &selector, error_describe(failure)->word, &problem);
    bson_destroy(&selector);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

/* SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

#include "base/buffer.h"

/* How many _ids are tried for a new user. */
enum { USER_KEYS = 9 };

bool mongodb_append_sign_in(bson_t *set, bson_t *unset, const struct sign_in *sign_in) {
    const cJSON *credentials = sign_in->credentials->members;
    return mongodb_append_changes(set, unset, sign_in->provider, sign_in->profile) &&
           (credentials == NULL || mongodb_append_changes(set, unset, sign_in->provider, credentials)) &&
           BSON_APPEND_DATE_TIME(set, FIELD_LAST_LOGIN_AT, mongodb_time(sign_in->now));
}

static bool build_update(const struct sign_in *sign_in, const char *key, bson_t *update) {
    bson_t set = BSON_INITIALIZER, unset = BSON_INITIALIZER, new_user = BSON_INITIALIZER;
    const bool built = mongodb_append_sign_in(&set, &unset, sign_in) &&
                       BSON_APPEND_UTF8(&new_user, FIELD_DOCUMENT_ID, key) &&
                       BSON_APPEND_DATE_TIME(&new_user, FIELD_CREATED_AT, mongodb_time(sign_in->now)) &&
                       BSON_APPEND_DOCUMENT(update, "$set", &set) &&
                       (bson_empty(&unset) || BSON_APPEND_DOCUMENT(update, "$unset", &unset)) &&
                       BSON_APPEND_DOCUMENT(update, "$setOnInsert", &new_user);
    bson_destroy(&set);
    bson_destroy(&unset);
    bson_destroy(&new_user);
    return built;
}

/* Makes or changes the user by one findAndModify. On a duplicate key another first login of the same person was
 * quicker, and the second try finds that user. */
static bool find_and_modify(struct store_mongodb *store, const bson_t *query, const bson_t *update, bson_t *reply,
                            bson_error_t *problem) {
    bool done = false;
    mongoc_find_and_modify_opts_t *options = mongoc_find_and_modify_opts_new();
    mongoc_find_and_modify_opts_set_update(options, update);
    mongoc_find_and_modify_opts_set_flags(options, MONGOC_FIND_AND_MODIFY_UPSERT | MONGOC_FIND_AND_MODIFY_RETURN_NEW);
    for (int attempt = 0; attempt < 2 && !done; attempt++) {
        bson_destroy(reply);
        done = mongoc_collection_find_and_modify_with_opts(store->users, query, options, reply, problem);
        if (!done && problem->code != MONGODB_DUPLICATE_KEY)
            break;
    }
    mongoc_find_and_modify_opts_destroy(options);
    return done && mongodb_is_confirmed(reply, problem);
}

/* Looks at the document that has the _id of a new user already. It may be one whose account of this name was taken away
 * or moved, and which may have another since; then another _id will do. What is no account there is another
 * program's. */
static enum error_code look_at_key(struct store_mongodb *store, const char *key, const char *provider,
                                   struct error *error) {
    bson_t query = BSON_INITIALIZER;
    bson_iter_t target, account;
    bson_t *found;
    BSON_APPEND_UTF8(&query, FIELD_DOCUMENT_ID, key);
    enum error_code code = mongodb_find_one(store, store->users, &query, NULL, &found, error);
    if (found != NULL && bson_iter_init_find(&target, found, FIELD_MERGING_INTO))
        code = error_set(error, ERROR_STORE_UNAVAILABLE,
                         "MongoDB %s: the user with the _id \"%s\" is being merged into another; if that was stopped, "
                         "run `cgi-login users merge` once more",
                         store->place, key);
    else if (found != NULL && bson_iter_init_find(&account, found, provider) && !BSON_ITER_HOLDS_DOCUMENT(&account))
        code = error_set(error, ERROR_STORE_UNAVAILABLE,
                         "MongoDB %s: the document with the _id \"%s\" has no account under %s, but something else; "
                         "correct or remove it",
                         store->place, key, provider);
    bson_destroy(found);
    bson_destroy(&query);
    return code;
}

/* Tries one _id for the user, should it be a new one; *taken says whether something else has that _id. */
static enum error_code upsert_as(struct store_mongodb *store, const struct sign_in *sign_in, const char *key,
                                 bson_t *reply, bool *taken, struct error *error) {
    bson_t query = BSON_INITIALIZER, update = BSON_INITIALIZER;
    bson_error_t problem;
    enum error_code code = ERROR_NONE;
    *taken = false;
    if (!mongodb_append_id_query(&query, sign_in->provider, sign_in->id) || !build_update(sign_in, key, &update)) {
        code = error_out_of_memory(error);
    } else if (!find_and_modify(store, &query, &update, reply, &problem)) {
        *taken = problem.code == MONGODB_DUPLICATE_KEY;
        code = *taken ? look_at_key(store, key, sign_in->provider, error) : mongodb_fail(store, &problem, error);
    }
    bson_destroy(&query);
    bson_destroy(&update);
    return code;
}

/* A new user's _id is "PROVIDER:ID", unless another user keeps that, whose account this was once. NULL when memory runs
 * out. */
static char *make_key(const struct sign_in *sign_in, unsigned number) {
    struct buffer key = BUFFER_EMPTY;
    buffer_append_format(&key, "%s:%s", sign_in->provider, sign_in->id);
    if (number != 0)
        buffer_append_format(&key, "+%u", number);
    char *text = buffer_take(&key);
    buffer_free(&key);
    return text;
}

static enum error_code upsert_user(struct store_mongodb *store, const struct sign_in *sign_in, bson_t *reply,
                                   struct error *error) {
    enum error_code code = ERROR_NONE;
    bool taken = true;
    bson_init(reply);
    for (unsigned number = 0; code == ERROR_NONE && taken && number < USER_KEYS; number++) {
        char *key = make_key(sign_in, number);
        code = key != NULL ? upsert_as(store, sign_in, key, reply, &taken, error) : error_out_of_memory(error);
        buffer_free_text(key);
    }
    return code == ERROR_NONE && taken
               ? error_set(error, ERROR_STORE_UNAVAILABLE,
                           "MongoDB %s: there are documents with the _id \"%s:%.64s\" and the like whose %s.id is "
                           "another; correct or remove them",
                           store->place, sign_in->provider, sign_in->id, sign_in->provider)
               : code;
}

/* The _id of the user that findAndModify returned, and whether it made it. */
static bool read_upserted(const bson_t *reply, bson_iter_t *id, bool *is_new) {
    bson_iter_t value, last;
    *is_new = bson_iter_init_find(&last, reply, "lastErrorObject") && BSON_ITER_HOLDS_DOCUMENT(&last) &&
              bson_iter_recurse(&last, &value) && bson_iter_find(&value, "updatedExisting") &&
              !bson_iter_as_bool(&value);
    return bson_iter_init_find(&value, reply, "value") && BSON_ITER_HOLDS_DOCUMENT(&value) &&
           bson_iter_recurse(&value, id) && bson_iter_find(id, FIELD_DOCUMENT_ID);
}

enum error_code mongodb_sign_in(struct store *base, const struct sign_in *sign_in, struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t reply;
    bson_iter_t user;
    bson_error_t unused;
    struct error ignored;
    bool is_new;
    if (sign_in->link_to != NULL)
        return mongodb_link(store, sign_in, error);
    enum error_code code = upsert_user(store, sign_in, &reply, error);
    if (code == ERROR_NONE && !read_upserted(&reply, &user, &is_new))
        code = mongodb_complain(store, "findAndModify answered without the document", error);
    if (code == ERROR_NONE)
        code = mongodb_insert_session(store, sign_in, &user, error);
    if (code == ERROR_NONE) {
        /* From here on the person is signed in. House-keeping that fails does not change that; if it keeps failing,
         * `cgi-login check` and `setup` tell. */
        if (is_new && mongodb_ensure_user_indexes(store, sign_in->provider, &unused))
            mongodb_ensure_session_indexes(store, &unused);
        if (is_new && sign_in->sid != NULL)
            mongodb_ensure_sid_index(store, &unused);
        /* Not at every sign-in, which would have to wait for it. */
        if (is_new)
            mongodb_remove_expired(store, store->requests, sign_in->now, EXPIRED_LOGINS_PER_NEW_USER, &ignored);
    }
    bson_destroy(&reply);
    return code;
}

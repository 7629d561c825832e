/* SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

#include "base/json.h"
#include "store/mongodb/bson_json.h"
#include "store/user.h"

#include <stdio.h>

static void build_session(const struct store_session *session, const bson_iter_t *user, bson_t *document) {
    BSON_APPEND_UTF8(document, FIELD_DOCUMENT_ID, session->id);
    bson_append_iter(document, FIELD_USER, -1, user);
    BSON_APPEND_UTF8(document, FIELD_PROVIDER, session->provider);
    BSON_APPEND_DATE_TIME(document, FIELD_CREATED_AT, mongodb_time(session->created));
    BSON_APPEND_DATE_TIME(document, FIELD_EXPIRES, mongodb_time(session->expires));
    if (session->agent != NULL && *session->agent != '\0')
        BSON_APPEND_UTF8(document, FIELD_AGENT, session->agent);
    if (session->sid != NULL)
        BSON_APPEND_UTF8(document, FIELD_SID, session->sid);
}

enum error_code mongodb_insert_session(struct store_mongodb *store, const struct sign_in *sign_in,
                                       const bson_iter_t *user, struct error *error) {
    bson_t document = BSON_INITIALIZER;
    bson_error_t problem;
    enum error_code code = ERROR_NONE;
    const struct store_session session = {.id = sign_in->session_id,
                                          .provider = sign_in->provider,
                                          .created = sign_in->now,
                                          .expires = sign_in->session_expires,
                                          .agent = sign_in->agent,
                                          .sid = sign_in->sid};
    build_session(&session, user, &document);
    if (!mongoc_collection_insert_one(store->sessions, &document, NULL, NULL, &problem))
        code = problem.code == MONGODB_DUPLICATE_KEY
                   ? error_set(error, ERROR_EXPIRED_LOGIN, "this login was already used")
                   : mongodb_fail(store, &problem, error);
    bson_destroy(&document);
    return code;
}

/* Makes a selector of the documents that match: by their _ids, which it counts. At most `limit`, 0: all. */
static bool select_by_ids(mongoc_collection_t *collection, const bson_t *filter, size_t limit, bson_t *selector,
                          uint32_t *count, bson_error_t *problem) {
    bson_t *options =
        BCON_NEW("projection", "{", FIELD_DOCUMENT_ID, BCON_INT32(1), "}", "limit", BCON_INT64((int64_t)limit));
    bson_t ids, list = BSON_INITIALIZER;
    const bson_t *document;
    bson_iter_t id;
    *count = 0;
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, filter, options, NULL);
    while (mongoc_cursor_next(cursor, &document)) {
        char text[16];
        const char *index;
        bson_uint32_to_string(*count, &index, text, sizeof text);
        if (bson_iter_init_find(&id, document, FIELD_DOCUMENT_ID) && bson_append_iter(&list, index, -1, &id))
            ++*count;
    }
    const bool done = !mongoc_cursor_error(cursor, problem);
    BSON_APPEND_DOCUMENT_BEGIN(selector, FIELD_DOCUMENT_ID, &ids);
    BSON_APPEND_ARRAY(&ids, "$in", &list);
    bson_append_document_end(selector, &ids);
    mongoc_cursor_destroy(cursor);
    bson_destroy(options);
    bson_destroy(&list);
    return done;
}

enum error_code mongodb_remove_expired(struct store_mongodb *store, mongoc_collection_t *collection, int64_t now,
                                       size_t limit, struct error *error) {
    bson_t *filter = BCON_NEW(FIELD_EXPIRES, "{", "$lte", BCON_DATE_TIME(mongodb_time(now)), "}");
    bson_t selector = BSON_INITIALIZER;
    bson_error_t problem;
    uint32_t count;
    bool done = select_by_ids(collection, filter, limit, &selector, &count, &problem);
    if (done && count != 0)
        done = mongoc_collection_delete_many(collection, &selector, NULL, NULL, &problem);
    bson_destroy(filter);
    bson_destroy(&selector);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

/* The sessions go first: while one is there, its login gives it to the browser again. */
bool mongodb_end_sessions(struct store_mongodb *store, const bson_t *filter, bson_error_t *problem) {
    bson_t logins = BSON_INITIALIZER;
    uint32_t count;
    const bool done = select_by_ids(store->sessions, filter, 0, &logins, &count, problem) &&
                      (count == 0 || (mongoc_collection_delete_many(store->sessions, filter, NULL, NULL, problem) &&
                                      mongodb_set_outcome(store, &logins, LOGIN_OUTCOME_ENDED, problem)));
    bson_destroy(&logins);
    return done;
}

/* A server with a TTL index removes what has expired only once a minute. */
enum error_code mongodb_find_session(struct store_mongodb *store, const char *session_id, int64_t now, bson_t **session,
                                     struct error *error) {
    bson_t *filter = BCON_NEW(FIELD_DOCUMENT_ID, BCON_UTF8(session_id), FIELD_EXPIRES, "{", "$gt",
                              BCON_DATE_TIME(mongodb_time(now)), "}");
    const enum error_code code = mongodb_find_one(store, store->sessions, filter, NULL, session, error);
    bson_destroy(filter);
    return code;
}

/* Leaves the provider that the session shows, or takes another one where the user has no such account any more: a run
 * that took it away was stopped before it came to the sessions. False without any account: nobody is signed in. */
static bool choose_account(const cJSON *document, char shown[PROVIDER_NAME_MAX + 1]) {
    const char *provider, *id;
    const cJSON *account = json_member(document, shown);
    if (account != NULL && user_is_account(account))
        return true;
    if (!user_account(document, &provider, &id))
        return false;
    snprintf(shown, PROVIDER_NAME_MAX + 1, "%s", provider);
    return true;
}

/* Finds the user of a live session. */
static enum error_code session_owner(struct store_mongodb *store, const bson_t *session, struct session_user *user,
                                     struct error *error) {
    bson_iter_t owner, provider;
    bson_t filter = BSON_INITIALIZER;
    *user = (struct session_user){.document = NULL};
    if (!bson_iter_init_find(&owner, session, FIELD_USER) || !bson_iter_init_find(&provider, session, FIELD_PROVIDER) ||
        !BSON_ITER_HOLDS_UTF8(&provider))
        return mongodb_complain(store, "a session's document has no user or provider", error);
    snprintf(user->provider, sizeof user->provider, "%s", bson_iter_utf8(&provider, NULL));
    bson_append_iter(&filter, FIELD_DOCUMENT_ID, -1, &owner);
    const enum error_code code = mongodb_find_user(store, &filter, NULL, &user->document, error);
    bson_destroy(&filter);
    if (user->document != NULL && !choose_account(user->document, user->provider)) {
        json_free(user->document);
        user->document = NULL;
    }
    return code;
}

enum error_code mongodb_session_user(struct store *base, const char *session_id, int64_t now, struct session_user *user,
                                     struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t *session;
    *user = (struct session_user){.document = NULL};
    enum error_code code = mongodb_find_session(store, session_id, now, &session, error);
    if (session != NULL)
        code = session_owner(store, session, user, error);
    bson_destroy(session);
    return code;
}

enum error_code mongodb_session_end(struct store *base, const char *session_id, struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t selector = BSON_INITIALIZER;
    bson_error_t problem;
    BSON_APPEND_UTF8(&selector, FIELD_DOCUMENT_ID, session_id);
    const bool done = mongoc_collection_delete_one(store->sessions, &selector, NULL, NULL, &problem) &&
                      mongodb_set_outcome(store, &selector, LOGIN_OUTCOME_ENDED, &problem);
    bson_destroy(&selector);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

enum error_code mongodb_sessions_end(struct store *base, const char *provider, const char *id, struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t query = BSON_INITIALIZER, fields = BSON_INITIALIZER, selector = BSON_INITIALIZER;
    bson_error_t problem;
    bson_iter_t owner;
    bson_t *user;
    mongodb_append_id_query(&query, provider, id);
    BSON_APPEND_INT32(&fields, FIELD_DOCUMENT_ID, 1);
    enum error_code code = mongodb_find_one(store, store->users, &query, &fields, &user, error);
    if (user != NULL && bson_iter_init_find(&owner, user, FIELD_DOCUMENT_ID)) {
        bson_append_iter(&selector, FIELD_USER, -1, &owner);
        if (!mongodb_end_sessions(store, &selector, &problem))
            code = mongodb_fail(store, &problem, error);
    }
    bson_destroy(user);
    bson_destroy(&query);
    bson_destroy(&fields);
    bson_destroy(&selector);
    return code;
}

enum error_code mongodb_sessions_end_by_sid(struct store *base, const char *provider, const char *sid,
                                            struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t *filter = BCON_NEW(FIELD_SID, BCON_UTF8(sid), FIELD_PROVIDER, BCON_UTF8(provider));
    bson_error_t problem;
    const bool done = mongodb_end_sessions(store, filter, &problem);
    bson_destroy(filter);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

/* Here, where it is not waited for: after the sign-in it would be one round trip more. */
void mongodb_tidy(struct store *base, int64_t now) {
    struct store_mongodb *store = mongodb_own(base);
    struct error ignored;
    mongodb_remove_expired(store, store->sessions, now, EXPIRED_SESSIONS_PER_SIGN_IN, &ignored);
}

enum error_code mongodb_sessions_expire(struct store *base, int64_t now, size_t limit, struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    const enum error_code code = mongodb_remove_expired(store, store->sessions, now, limit, error);
    return code == ERROR_NONE ? mongodb_remove_expired(store, store->requests, now, limit, error) : code;
}

/* Who visits the sessions. */
struct session_walk {
    store_session_visitor visit;
    void *context;
    const cJSON *user; /* whose all these sessions are; NULL: the user of each is looked for */
};

/* Calls the visitor with one session's document, and skips a session without a user. */
static enum error_code visit_session(struct store_mongodb *store, const bson_t *document,
                                     const struct session_walk *walk, struct error *error) {
    struct session_user found = {.document = NULL};
    cJSON *value;
    if (bson_json_document(document, &value) == JSON_NO_MEMORY)
        return error_out_of_memory(error);
    struct store_session session = {.id = json_string(value, FIELD_DOCUMENT_ID),
                                    .provider = json_string(value, FIELD_PROVIDER),
                                    .created = user_date_seconds(json_member(value, FIELD_CREATED_AT)),
                                    .expires = user_date_seconds(json_member(value, FIELD_EXPIRES)),
                                    .agent = json_string(value, FIELD_AGENT),
                                    .sid = json_string(value, FIELD_SID)};
    enum error_code code = ERROR_NONE;
    if (session.id == NULL || session.provider == NULL)
        goto done;
    snprintf(found.provider, sizeof found.provider, "%s", session.provider);
    if (walk->user == NULL)
        code = session_owner(store, document, &found, error);
    const cJSON *user = walk->user != NULL ? walk->user : found.document;
    if (code != ERROR_NONE || user == NULL || !choose_account(user, found.provider))
        goto done;
    session.provider = found.provider;
    session.owner = json_string(json_member(user, found.provider), FIELD_ID);
    if (session.agent == NULL)
        session.agent = "";
    code = walk->visit(walk->context, &session, error);
done:
    json_free(found.document);
    json_free(value);
    return code;
}

static enum error_code walk_sessions(struct store_mongodb *store, const bson_t *filter, const bson_t *options,
                                     const struct session_walk *walk, struct error *error) {
    bson_error_t problem;
    const bson_t *document;
    enum error_code code = ERROR_NONE;
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(store->sessions, filter, options, NULL);
    while (code == ERROR_NONE && mongoc_cursor_next(cursor, &document))
        code = visit_session(store, document, walk, error);
    if (code == ERROR_NONE && mongoc_cursor_error(cursor, &problem))
        code = mongodb_fail(store, &problem, error);
    mongoc_cursor_destroy(cursor);
    return code;
}

enum error_code mongodb_sessions_each(struct store *base, int64_t now, store_session_visitor visit, void *context,
                                      struct error *error) {
    const struct session_walk walk = {visit, context, NULL};
    bson_t *filter = BCON_NEW(FIELD_EXPIRES, "{", "$gt", BCON_DATE_TIME(mongodb_time(now)), "}");
    const enum error_code code = walk_sessions(mongodb_own(base), filter, NULL, &walk, error);
    bson_destroy(filter);
    return code;
}

enum error_code mongodb_sessions_of(struct store *base, const char *session_id, int64_t now,
                                    store_session_visitor visit, void *context, struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    struct session_walk walk = {visit, context, NULL};
    struct session_user owner = {.document = NULL};
    bson_t *options = BCON_NEW("sort", "{", FIELD_CREATED_AT, BCON_INT32(-1), "}");
    bson_t *filter = BCON_NEW(FIELD_EXPIRES, "{", "$gt", BCON_DATE_TIME(mongodb_time(now)), "}");
    bson_iter_t user;
    bson_t *session;
    enum error_code code = mongodb_find_session(store, session_id, now, &session, error);
    if (session != NULL)
        code = session_owner(store, session, &owner, error);
    walk.user = owner.document;
    if (walk.user != NULL && bson_iter_init_find(&user, session, FIELD_USER)) {
        bson_append_iter(filter, FIELD_USER, -1, &user);
        code = walk_sessions(store, filter, options, &walk, error);
    }
    json_free(owner.document);
    bson_destroy(session);
    bson_destroy(filter);
    bson_destroy(options);
    return code;
}

enum error_code mongodb_sessions_of_user(struct store *base, const struct account_key *account, int64_t now,
                                         store_session_visitor visit, void *context, struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t *options = BCON_NEW("sort", "{", FIELD_CREATED_AT, BCON_INT32(-1), "}");
    bson_t *filter = BCON_NEW(FIELD_EXPIRES, "{", "$gt", BCON_DATE_TIME(mongodb_time(now)), "}");
    const struct user_query query = {.provider = account->provider, .id = account->id};
    cJSON *document = NULL;
    bson_t *found = NULL;
    bson_iter_t user;
    enum error_code code = mongodb_user_find(base, &query, &document, error);
    if (document != NULL)
        code = mongodb_find_user_id(store, &query, &found, &user, error);
    if (found != NULL) {
        const struct session_walk walk = {visit, context, document};
        bson_append_iter(filter, FIELD_USER, -1, &user);
        code = walk_sessions(store, filter, options, &walk, error);
    }
    json_free(document);
    bson_destroy(found);
    bson_destroy(filter);
    bson_destroy(options);
    return code;
}

enum error_code mongodb_session_put(struct store *base, const struct store_session *session, bool *written,
                                    struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t query = BSON_INITIALIZER, fields = BSON_INITIALIZER, selector = BSON_INITIALIZER,
           document = BSON_INITIALIZER;
    bson_t *options = BCON_NEW("upsert", BCON_BOOL(true));
    bson_error_t problem;
    bson_iter_t id;
    bson_t *user;
    mongodb_append_id_query(&query, session->provider, session->owner);
    BSON_APPEND_INT32(&fields, FIELD_DOCUMENT_ID, 1);
    enum error_code code = mongodb_find_one(store, store->users, &query, &fields, &user, error);
    *written = user != NULL && code == ERROR_NONE;
    if (user != NULL && bson_iter_init_find(&id, user, FIELD_DOCUMENT_ID)) {
        build_session(session, &id, &document);
        BSON_APPEND_UTF8(&selector, FIELD_DOCUMENT_ID, session->id);
        if (!mongoc_collection_replace_one(store->sessions, &selector, &document, options, NULL, &problem))
            code = mongodb_fail(store, &problem, error);
    }
    bson_destroy(user);
    bson_destroy(options);
    bson_destroy(&query);
    bson_destroy(&fields);
    bson_destroy(&selector);
    bson_destroy(&document);
    return code;
}

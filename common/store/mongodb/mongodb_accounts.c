/* The accounts of one user: one more, one less.
 * SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

#include "base/json.h"
#include "store/user.h"

#include <stdio.h>
#include <string.h>

/* How often a change is tried that others have come before. */
enum { TRIES = 5 };

/* Linking. The account goes to the user whom the filter names, and to no other: of two that take it at once, the unique
 * index on its id refuses one. */

static enum error_code refuse_taken(const struct sign_in *sign_in, struct error *error) {
    return error_set(error, ERROR_ACCOUNT_TAKEN, "%s:%.64s is an account of another user", sign_in->provider,
                     sign_in->id);
}

static bool build_link(const struct sign_in *sign_in, bson_t *update) {
    char path[MONGODB_FIELD_MAX];
    bson_t set = BSON_INITIALIZER, unset = BSON_INITIALIZER;
    const bool built = BSON_APPEND_UTF8(&set, mongodb_field_path(path, sign_in->provider, FIELD_ID), sign_in->id) &&
                       mongodb_append_sign_in(&set, &unset, sign_in) && BSON_APPEND_DOCUMENT(update, "$set", &set) &&
                       (bson_empty(&unset) || BSON_APPEND_DOCUMENT(update, "$unset", &unset));
    bson_destroy(&set);
    bson_destroy(&unset);
    return built;
}

/* Makes the query of the user, as long as the account is theirs already or they have none of the provider. */
static void build_link_condition(const struct sign_in *sign_in, const bson_iter_t *user, bson_t *query) {
    char path[MONGODB_FIELD_MAX];
    mongodb_field_path(path, sign_in->provider, FIELD_ID);
    bson_append_iter(query, FIELD_DOCUMENT_ID, -1, user);
    BCON_APPEND(query, "$or", "[", "{", path, BCON_UTF8(sign_in->id), "}", "{", path, "{", "$exists", BCON_BOOL(false),
                "}", "}", "]");
}

static enum error_code refuse_if_taken(struct store_mongodb *store, const struct sign_in *sign_in,
                                       const bson_iter_t *user, struct error *error) {
    bson_t query = BSON_INITIALIZER, other;
    bson_t *found;
    mongodb_append_id_query(&query, sign_in->provider, sign_in->id);
    BSON_APPEND_DOCUMENT_BEGIN(&query, FIELD_DOCUMENT_ID, &other);
    bson_append_iter(&other, "$ne", -1, user);
    bson_append_document_end(&query, &other);
    enum error_code code = mongodb_find_one(store, store->users, &query, NULL, &found, error);
    if (found != NULL)
        code = refuse_taken(sign_in, error);
    bson_destroy(found);
    bson_destroy(&query);
    return code;
}

/* Says why the user did not match. */
static enum error_code refuse_user(struct store_mongodb *store, const struct sign_in *sign_in, const bson_iter_t *user,
                                   struct error *error) {
    bson_t query = BSON_INITIALIZER;
    cJSON *document = NULL;
    bson_append_iter(&query, FIELD_DOCUMENT_ID, -1, user);
    enum error_code code = mongodb_find_user(store, &query, NULL, &document, error);
    const char *own = json_string(json_member(document, sign_in->provider), FIELD_ID);
    if (code == ERROR_NONE && document == NULL)
        code = error_set(error, ERROR_NOT_SIGNED_IN, "the user to whom %s:%.64s was to be linked is gone",
                         sign_in->provider, sign_in->id);
    else if (code == ERROR_NONE)
        code = error_set(error, ERROR_ACCOUNT_TAKEN,
                         "the user to whom %s:%.64s was to be linked has another account of %s, %.64s",
                         sign_in->provider, sign_in->id, sign_in->provider, own != NULL ? own : "?");
    json_free(document);
    bson_destroy(&query);
    return code;
}

static enum error_code give_account(struct store_mongodb *store, const struct sign_in *sign_in, const bson_iter_t *user,
                                    struct error *error) {
    bson_t query = BSON_INITIALIZER, update = BSON_INITIALIZER;
    bson_error_t problem;
    uint64_t matched;
    enum error_code code = refuse_if_taken(store, sign_in, user, error);
    if (code != ERROR_NONE)
        goto done;
    build_link_condition(sign_in, user, &query);
    if (!build_link(sign_in, &update)) {
        code = error_out_of_memory(error);
    } else if (!mongodb_update_one(store->users, &query, &update, &matched, &problem)) {
        /* FerretDB reports a duplicate as a fault of its own. */
        code = refuse_if_taken(store, sign_in, user, error);
        if (code == ERROR_NONE)
            code = mongodb_fail(store, &problem, error);
    } else if (matched == 0) {
        code = refuse_user(store, sign_in, user, error);
    }
done:
    bson_destroy(&query);
    bson_destroy(&update);
    return code;
}

enum error_code mongodb_link(struct store_mongodb *store, const struct sign_in *sign_in, struct error *error) {
    bson_error_t unused;
    bson_iter_t user;
    bson_t *session;
    enum error_code code = mongodb_find_session(store, sign_in->link_to, sign_in->now, &session, error);
    if (code == ERROR_NONE && (session == NULL || !bson_iter_init_find(&user, session, FIELD_USER)))
        code = error_set(error, ERROR_NOT_SIGNED_IN, "the session to which %s:%.64s was to be linked has ended",
                         sign_in->provider, sign_in->id);
    if (code == ERROR_NONE) {
        /* First, since what keeps two users from taking one account is the index. */
        mongodb_ensure_user_indexes(store, sign_in->provider, &unused);
        if (sign_in->sid != NULL)
            mongodb_ensure_sid_index(store, &unused);
        code = give_account(store, sign_in, &user, error);
    }
    if (code == ERROR_NONE)
        code = mongodb_insert_session(store, sign_in, &user, error);
    bson_destroy(session);
    return code;
}

/* Unlinking. */

/* A user's account that is to go, and what was read of the user. */
struct removal {
    const bson_iter_t *user; /* at the _id */
    const char *provider;
    cJSON *document;
    char other[PROVIDER_NAME_MAX + 1]; /* the provider of an account that stays */
};

/* Lists the user's other accounts, as they were read: the change applies only while one of them is still there. */
static bool append_others(struct removal *removal, bson_t *query) {
    char path[MONGODB_FIELD_MAX];
    bson_t others, one;
    uint32_t count = 0;
    BSON_APPEND_ARRAY_BEGIN(query, "$or", &others);
    for (const cJSON *member = removal->document->child; member != NULL; member = member->next) {
        char text[16];
        const char *index;
        if (!user_is_account(member) || strcmp(member->string, removal->provider) == 0)
            continue;
        bson_uint32_to_string(count++, &index, text, sizeof text);
        bson_append_document_begin(&others, index, -1, &one);
        BSON_APPEND_UTF8(&one, mongodb_field_path(path, member->string, FIELD_ID), json_string(member, FIELD_ID));
        bson_append_document_end(&others, &one);
        snprintf(removal->other, sizeof removal->other, "%s", member->string);
    }
    bson_append_array_end(query, &others);
    return count != 0;
}

/* Takes the account away if it is not the last one; *taken says whether it was still as it was read. */
static enum error_code take_account(struct store_mongodb *store, struct removal *removal, bool *taken,
                                    struct error *error) {
    const cJSON *account = json_member(removal->document, removal->provider);
    bson_t query = BSON_INITIALIZER;
    bson_t *update = BCON_NEW("$unset", "{", removal->provider, BCON_UTF8(""), "}");
    bson_error_t problem;
    uint64_t matched = 0;
    enum error_code code = ERROR_NONE;
    bson_append_iter(&query, FIELD_DOCUMENT_ID, -1, removal->user);
    if (account == NULL || !user_is_account(account))
        code = error_set(error, ERROR_NOT_FOUND, "the user has no account of %s", removal->provider);
    else if (!mongodb_append_id_query(&query, removal->provider, json_string(account, FIELD_ID)) ||
             !append_others(removal, &query))
        code = error_set(error, ERROR_LAST_ACCOUNT, "%s is the user's only account", removal->provider);
    else if (!mongodb_update_one(store->users, &query, update, &matched, &problem))
        code = mongodb_fail(store, &problem, error);
    *taken = matched != 0;
    bson_destroy(&query);
    bson_destroy(update);
    return code;
}

/* Takes the account from the user, whom others may be changing, too. */
static enum error_code take_account_now(struct store_mongodb *store, struct removal *removal, struct error *error) {
    bson_t query = BSON_INITIALIZER;
    bool taken = false;
    enum error_code code = ERROR_NONE;
    bson_append_iter(&query, FIELD_DOCUMENT_ID, -1, removal->user);
    for (int tries = 0; code == ERROR_NONE && !taken && tries < TRIES; tries++) {
        removal->document = NULL;
        code = mongodb_find_user(store, &query, NULL, &removal->document, error);
        if (code == ERROR_NONE && removal->document == NULL)
            code = error_set(error, ERROR_NOT_SIGNED_IN, "the user is gone");
        else if (code == ERROR_NONE)
            code = take_account(store, removal, &taken, error);
        json_free(removal->document);
    }
    bson_destroy(&query);
    return code == ERROR_NONE && !taken ? mongodb_complain(store, "the user's accounts keep changing", error) : code;
}

/* Makes the sessions that showed the account show another one; the provider knows them no more. */
static enum error_code move_sessions(struct store_mongodb *store, const struct removal *removal, struct error *error) {
    bson_t selector = BSON_INITIALIZER;
    bson_t *update = BCON_NEW("$set", "{", FIELD_PROVIDER, BCON_UTF8(removal->other), "}", "$unset", "{", FIELD_SID,
                              BCON_UTF8(""), "}");
    bson_error_t problem;
    bson_append_iter(&selector, FIELD_USER, -1, removal->user);
    BSON_APPEND_UTF8(&selector, FIELD_PROVIDER, removal->provider);
    const bool done = mongoc_collection_update_many(store->sessions, &selector, update, NULL, NULL, &problem);
    bson_destroy(&selector);
    bson_destroy(update);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

/* The account goes first: a session that shows one which is not there shows another one anyway. */
enum error_code mongodb_account_unlink(struct store *base, const char *session_id, const char *provider,
                                       struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t query = BSON_INITIALIZER;
    bson_iter_t user;
    bson_t *session;
    BSON_APPEND_UTF8(&query, FIELD_DOCUMENT_ID, session_id);
    enum error_code code = mongodb_find_one(store, store->sessions, &query, NULL, &session, error);
    if (code == ERROR_NONE && (session == NULL || !bson_iter_init_find(&user, session, FIELD_USER)))
        code = error_set(error, ERROR_NOT_SIGNED_IN, "the session has ended");
    if (code == ERROR_NONE) {
        struct removal removal = {.user = &user, .provider = provider};
        code = take_account_now(store, &removal, error);
        if (code == ERROR_NONE)
            code = move_sessions(store, &removal, error);
    }
    bson_destroy(session);
    bson_destroy(&query);
    return code;
}

/* Ends those of the user's sessions that show the provider's account; all of them without a provider. */
static enum error_code end_sessions_of(struct store_mongodb *store, const bson_iter_t *user, const char *provider,
                                       struct error *error) {
    bson_t selector = BSON_INITIALIZER;
    bson_error_t problem;
    bson_append_iter(&selector, FIELD_USER, -1, user);
    if (provider != NULL)
        BSON_APPEND_UTF8(&selector, FIELD_PROVIDER, provider);
    const bool done = mongodb_end_sessions(store, &selector, &problem);
    bson_destroy(&selector);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

enum error_code mongodb_account_sessions_end(struct store *base, const char *provider, const char *id,
                                             struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_iter_t user;
    bson_t *found;
    enum error_code code = mongodb_find_user_id(store, &(struct user_query){provider, id, false}, &found, &user, error);
    if (found != NULL)
        code = end_sessions_of(store, &user, provider, error);
    bson_destroy(found);
    return code;
}

enum error_code mongodb_account_remove(struct store *base, const char *provider, const char *id, bool *removed,
                                       struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_iter_t user;
    bson_t *found;
    *removed = false;
    enum error_code code = mongodb_find_user_id(store, &(struct user_query){provider, id, false}, &found, &user, error);
    if (found != NULL) {
        struct removal removal = {.user = &user, .provider = provider};
        /* First: a second run, after this one was stopped, would not find the user without the account. */
        code = end_sessions_of(store, &user, NULL, error);
        if (code == ERROR_NONE)
            code = take_account_now(store, &removal, error);
        if (code == ERROR_LAST_ACCOUNT)
            code = mongodb_delete_user(store, &user, error);
        *removed = code == ERROR_NONE;
        /* Somebody else was quicker. */
        if (code == ERROR_NOT_FOUND || code == ERROR_NOT_SIGNED_IN)
            code = ERROR_NONE;
    }
    bson_destroy(found);
    return code;
}

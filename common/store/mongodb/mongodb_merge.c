/* Making two users one. No two documents can be changed at once, and the unique index on an account's id allows it in
 * one document only. So the accounts of the second user are first set aside within its document, together with whom
 * they are for; that is one change, and loses nothing. Then the first user's document takes all over, which is one
 * change again; then come the sessions, and at last the second document is deleted. Wherever this is stopped, what is
 * set aside is found again by the next run, which goes on.
 * SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

#include "base/json.h"
#include "store/mongodb/bson_json.h"
#include "store/user.h"
#include "store/user_merge.h"

#include <stdio.h>
#include <string.h>

enum { TRIES = 10 };

/* A user's document, as it is stored and as we read it. */
struct user {
    bson_iter_t id; /* in `stored` */
    bson_t *stored;
    cJSON *document;
};

static void user_clear(struct user *user) {
    bson_destroy(user->stored);
    json_free(user->document);
    *user = (struct user){.stored = NULL};
}

/* Reads the first user that matches; `stored` is NULL if there is none. */
static enum error_code read_user(struct store_mongodb *store, const bson_t *query, struct user *user,
                                 struct error *error) {
    *user = (struct user){.stored = NULL};
    enum error_code code = mongodb_find_one(store, store->users, query, NULL, &user->stored, error);
    if (user->stored != NULL)
        code = mongodb_read_document(store, user->stored, &user->document, error);
    if (code == ERROR_NONE && user->stored != NULL && !bson_iter_init_find(&user->id, user->stored, FIELD_DOCUMENT_ID))
        code = mongodb_complain(store, "a user's document has no _id", error);
    if (code != ERROR_NONE)
        user_clear(user);
    return code;
}

static enum error_code read_user_by(struct store_mongodb *store, const char *key, const bson_iter_t *value,
                                    struct user *user, struct error *error) {
    bson_t query = BSON_INITIALIZER;
    bson_append_iter(&query, key, -1, value);
    const enum error_code code = read_user(store, &query, user, error);
    bson_destroy(&query);
    return code;
}

static enum error_code read_user_with(struct store_mongodb *store, const char *provider, const char *id,
                                      struct user *user, struct error *error) {
    bson_t query = BSON_INITIALIZER;
    mongodb_append_id_query(&query, provider, id);
    const enum error_code code = read_user(store, &query, user, error);
    bson_destroy(&query);
    return code;
}

static bool is_same(const struct user *a, const struct user *b) {
    return json_equal(json_member(a->document, FIELD_DOCUMENT_ID), json_member(b->document, FIELD_DOCUMENT_ID));
}

/* Sets aside. */

/* Sets the accounts of `from` aside for `into`, unless somebody has changed them meanwhile: then the next try does. */
static enum error_code set_aside(struct store_mongodb *store, const struct user *into, const struct user *from,
                                 struct error *error) {
    bson_t query = BSON_INITIALIZER, update = BSON_INITIALIZER, set, rename;
    bson_error_t problem;
    uint64_t matched;
    char path[MONGODB_FIELD_MAX];
    bson_append_iter(&query, FIELD_DOCUMENT_ID, -1, &from->id);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
    bson_append_iter(&set, FIELD_MERGING_INTO, -1, &into->id);
    bson_append_document_end(&update, &set);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$rename", &rename);
    for (const cJSON *member = from->document->child; member != NULL; member = member->next) {
        if (!user_is_account(member))
            continue;
        mongodb_append_id_query(&query, member->string, json_string(member, FIELD_ID));
        BSON_APPEND_UTF8(&rename, member->string, mongodb_field_path(path, FIELD_MERGING, member->string));
    }
    bson_append_document_end(&update, &rename);
    const bool done = mongodb_update_one(store->users, &query, &update, &matched, &problem);
    bson_destroy(&query);
    bson_destroy(&update);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

/* Makes of a document with accounts set aside what it was before. */
static void put_back(cJSON *document) {
    cJSON *aside = cJSON_DetachItemFromObjectCaseSensitive(document, FIELD_MERGING);
    cJSON_DeleteItemFromObjectCaseSensitive(document, FIELD_MERGING_INTO);
    while (cJSON_IsObject(aside) && aside->child != NULL) {
        if (json_member(document, aside->child->string) == NULL)
            json_move(aside, aside->child, document);
        else
            json_free(cJSON_DetachItemViaPointer(aside, aside->child));
    }
    json_free(aside);
}

/* Takes over. */

/* Appends a member of the merged document: as it is stored in the other one, so that its types stay, or as it was made
 * of both. */
static bool append_merged(bson_t *set, const cJSON *member, const struct user *from) {
    char path[MONGODB_FIELD_MAX];
    bson_iter_t root, stored;
    const bool is_theirs = json_equal(member, json_member(from->document, member->string));
    if (is_theirs && bson_iter_init(&root, from->stored) &&
        (bson_iter_find_descendant(&root, mongodb_field_path(path, FIELD_MERGING, member->string), &stored) ||
         bson_iter_init_find(&stored, from->stored, member->string)))
        return bson_append_iter(set, member->string, -1, &stored);
    return bson_json_append(set, member->string, member);
}

/* Appends that a field is still as it was read. */
static void append_unchanged(bson_t *query, const char *name, const struct user *user) {
    bson_t condition;
    bson_iter_t stored;
    BSON_APPEND_DOCUMENT_BEGIN(query, name, &condition);
    if (bson_iter_init_find(&stored, user->stored, name))
        bson_append_iter(&condition, "$eq", -1, &stored);
    else
        BSON_APPEND_BOOL(&condition, "$exists", false);
    bson_append_document_end(query, &condition);
}

static bool build_takeover(const struct user *into, const struct user *from, const cJSON *merged, bson_t *query,
                           bson_t *update) {
    bson_t set = BSON_INITIALIZER;
    bool built = bson_append_iter(query, FIELD_DOCUMENT_ID, -1, &into->id);
    for (const cJSON *member = merged->child; built && member != NULL; member = member->next) {
        if (json_equal(member, json_member(into->document, member->string)))
            continue;
        append_unchanged(query, member->string, into);
        built = append_merged(&set, member, from);
    }
    built = built && BSON_APPEND_DOCUMENT(update, "$set", &set);
    bson_destroy(&set);
    return built;
}

/* True if `into` has all of `from` already: a run was stopped behind that. */
static bool has_taken_over(const struct user *into, const struct user *from) {
    const cJSON *list = json_member(into->document, FIELD_MERGED_FROM);
    bool listed = false;
    for (const cJSON *entry = cJSON_IsArray(list) ? list->child : NULL; entry != NULL; entry = entry->next)
        listed =
            listed || json_equal(json_member(entry, FIELD_DOCUMENT_ID), json_member(from->document, FIELD_DOCUMENT_ID));
    for (const cJSON *member = from->document->child; listed && member != NULL; member = member->next)
        listed =
            !user_is_account(member) || json_equal(json_member(json_member(into->document, member->string), FIELD_ID),
                                                   json_member(member, FIELD_ID));
    return listed;
}

/* Finds a user who has one of the accounts and is not `into`: between the two changes the person has logged in and
 * become a new user, or got one more account. That one is set aside, too. */
static enum error_code set_newcomer_aside(struct store_mongodb *store, const struct user *into, const struct user *from,
                                          bool *found, struct error *error) {
    enum error_code code = ERROR_NONE;
    *found = false;
    for (const cJSON *member = from->document->child; code == ERROR_NONE && !*found && member != NULL;
         member = member->next) {
        struct user owner;
        if (!user_is_account(member))
            continue;
        code = read_user_with(store, member->string, json_string(member, FIELD_ID), &owner, error);
        *found = code == ERROR_NONE && owner.stored != NULL && !is_same(&owner, into);
        if (*found)
            code = set_aside(store, into, &owner, error);
        user_clear(&owner);
    }
    return code;
}

/* Gives the accounts that were set aside back to their user, who cannot be merged after all. */
static void give_back(struct store_mongodb *store, const struct user *from) {
    bson_t query = BSON_INITIALIZER, rename;
    bson_t *update = BCON_NEW("$unset", "{", FIELD_MERGING_INTO, BCON_UTF8(""), "}");
    bson_error_t unused;
    uint64_t matched;
    char path[MONGODB_FIELD_MAX];
    bson_append_iter(&query, FIELD_DOCUMENT_ID, -1, &from->id);
    BSON_APPEND_DOCUMENT_BEGIN(update, "$rename", &rename);
    for (const cJSON *member = from->document->child; member != NULL; member = member->next)
        if (user_is_account(member))
            BSON_APPEND_UTF8(&rename, mongodb_field_path(path, FIELD_MERGING, member->string), member->string);
    bson_append_document_end(update, &rename);
    mongodb_update_one(store->users, &query, update, &matched, &unused);
    bson_destroy(&query);
    bson_destroy(update);
}

/* Finds out why `into` did not take it: because of a newcomer, who is set aside, or for good. */
static enum error_code handle_refusal(struct store_mongodb *store, const struct user *into, const struct user *from,
                                      const bson_error_t *problem, struct error *error) {
    bool newcomer;
    enum error_code code = set_newcomer_aside(store, into, from, &newcomer, error);
    if (code != ERROR_NONE || newcomer)
        return code;
    if (problem->domain == MONGOC_ERROR_SERVER)
        give_back(store, from);
    return mongodb_fail(store, problem, error);
}

/* Gives `into` all of `from`; *done says whether both were still as they were read. */
static enum error_code take_over(struct store_mongodb *store, const struct user *into, const struct user *from,
                                 bool *done, struct error *error) {
    bson_t query = BSON_INITIALIZER, update = BSON_INITIALIZER;
    bson_error_t problem;
    uint64_t matched = 0;
    cJSON *merged;
    enum error_code code = user_merge(into->document, from->document, &merged, error);
    if (code == ERROR_ACCOUNT_TAKEN)
        give_back(store, from);
    else if (code == ERROR_NONE && !build_takeover(into, from, merged, &query, &update))
        code = error_out_of_memory(error);
    else if (code == ERROR_NONE && !mongodb_update_one(store->users, &query, &update, &matched, &problem))
        code = handle_refusal(store, into, from, &problem, error);
    *done = code == ERROR_NONE && matched != 0;
    json_free(merged);
    bson_destroy(&query);
    bson_destroy(&update);
    return code;
}

/* Clears up. */

static enum error_code move_sessions(struct store_mongodb *store, const struct user *into, const struct user *from,
                                     struct error *error) {
    bson_t selector = BSON_INITIALIZER, update = BSON_INITIALIZER, set;
    bson_error_t problem;
    bson_append_iter(&selector, FIELD_USER, -1, &from->id);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
    bson_append_iter(&set, FIELD_USER, -1, &into->id);
    bson_append_document_end(&update, &set);
    const bool done = mongoc_collection_update_many(store->sessions, &selector, &update, NULL, NULL, &problem);
    bson_destroy(&selector);
    bson_destroy(&update);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

static enum error_code delete_set_aside(struct store_mongodb *store, const struct user *into, const struct user *from,
                                        struct error *error) {
    bson_t selector = BSON_INITIALIZER;
    bson_error_t problem;
    bson_append_iter(&selector, FIELD_DOCUMENT_ID, -1, &from->id);
    bson_append_iter(&selector, FIELD_MERGING_INTO, -1, &into->id);
    const bool done = mongoc_collection_delete_one(store->users, &selector, NULL, NULL, &problem);
    bson_destroy(&selector);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

/* The sessions are moved once more in the end: a sign-in that was under way has made its own meanwhile. */
static enum error_code clear_up(struct store_mongodb *store, const struct user *into, const struct user *from,
                                struct error *error) {
    enum error_code code = move_sessions(store, into, from, error);
    if (code == ERROR_NONE)
        code = delete_set_aside(store, into, from, error);
    return code == ERROR_NONE ? move_sessions(store, into, from, error) : code;
}

/* Goes on with one user whose accounts are set aside for `into`; *found says whether there was one. */
static enum error_code go_on(struct store_mongodb *store, const struct user *into, bool *found, struct error *error) {
    struct user from;
    bool done = false;
    enum error_code code = read_user_by(store, FIELD_MERGING_INTO, &into->id, &from, error);
    *found = code == ERROR_NONE && from.stored != NULL;
    if (*found) {
        put_back(from.document);
        done = has_taken_over(into, &from);
        if (!done)
            code = take_over(store, into, &from, &done, error);
        if (done)
            code = clear_up(store, into, &from, error);
    }
    user_clear(&from);
    return code;
}

/* All of it. */

/* Says that nobody has the account, or whom the user who had it is becoming. */
static enum error_code refuse_missing(struct store_mongodb *store, const struct account_key *key, struct error *error) {
    char path[MONGODB_FIELD_MAX], inner[MONGODB_FIELD_MAX];
    const char *provider, *id;
    bson_t query = BSON_INITIALIZER;
    bson_iter_t target;
    struct user aside, into = {.stored = NULL};
    snprintf(inner, sizeof inner, "%s.%s", key->provider, FIELD_ID);
    BSON_APPEND_UTF8(&query, mongodb_field_path(path, FIELD_MERGING, inner), key->id);
    enum error_code code = read_user(store, &query, &aside, error);
    if (aside.stored != NULL && bson_iter_init_find(&target, aside.stored, FIELD_MERGING_INTO))
        code = read_user_by(store, FIELD_DOCUMENT_ID, &target, &into, error);
    if (code == ERROR_NONE && into.stored != NULL && user_account(into.document, &provider, &id))
        code = error_set(error, ERROR_NOT_FOUND, "%s:%s is being merged into %s:%s; name that one first", key->provider,
                         key->id, provider, id);
    else if (code == ERROR_NONE)
        code = error_set(error, ERROR_NOT_FOUND, "there is no user %s:%s", key->provider, key->id);
    user_clear(&aside);
    user_clear(&into);
    bson_destroy(&query);
    return code;
}

/* Begins with the user who has the account `from`; *done says whether that is `into` by now. */
static enum error_code begin(struct store_mongodb *store, const struct user *into, const struct account_key *from_key,
                             bool *done, struct error *error) {
    struct user from;
    cJSON *merged = NULL;
    enum error_code code = read_user_with(store, from_key->provider, from_key->id, &from, error);
    if (code == ERROR_NONE && from.stored == NULL)
        code = refuse_missing(store, from_key, error);
    *done = code == ERROR_NONE && is_same(into, &from);
    /* Whether they can be merged is asked before anything is changed. */
    if (code == ERROR_NONE && !*done)
        code = user_merge(into->document, from.document, &merged, error);
    if (code == ERROR_NONE && !*done)
        code = set_aside(store, into, &from, error);
    json_free(merged);
    user_clear(&from);
    return code;
}

enum error_code mongodb_users_merge(struct store *base, const struct account_key *into_key,
                                    const struct account_key *from_key, struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    enum error_code code = ERROR_NONE;
    bool done = false, found = false;
    for (int tries = 0; code == ERROR_NONE && !done && tries < TRIES; tries++) {
        struct user into;
        code = read_user_with(store, into_key->provider, into_key->id, &into, error);
        if (code == ERROR_NONE && into.stored == NULL)
            code = refuse_missing(store, into_key, error);
        if (code == ERROR_NONE)
            code = go_on(store, &into, &found, error);
        if (code == ERROR_NONE && !found)
            code = begin(store, &into, from_key, &done, error);
        user_clear(&into);
    }
    return code == ERROR_NONE && !done ? mongodb_complain(store, "both users keep changing; run this again", error)
                                       : code;
}

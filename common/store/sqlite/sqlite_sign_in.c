/* SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include "base/buffer.h"
#include "base/json.h"
#include "store/user.h"

/* *taken says whether a user's document has this _id: that of a user who has given the account up keeps it. */
static enum error_code key_is_taken(struct store_sqlite *store, const char *key, bool *taken, struct error *error) {
    const struct sqlite_argument arguments[] = {{key, 0}};
    int64_t user;
    const enum error_code code = sqlite_number(
        store, &(struct sqlite_query){"SELECT user FROM users WHERE key = ?1", arguments, 1}, &user, error);
    *taken = user != 0;
    return code;
}

/* Gives a new document an _id that no other has, and prints it to *key. */
static enum error_code choose_key(struct store_sqlite *store, cJSON *document, const struct sign_in *sign_in,
                                  char **key, struct error *error) {
    bool taken = false;
    enum error_code code = sqlite_document_key(document, key, error);
    if (code == ERROR_NONE)
        code = key_is_taken(store, *key, &taken, error);
    for (unsigned number = 1; code == ERROR_NONE && taken; number++) {
        json_free_text(*key);
        *key = NULL;
        code =
            user_renumber(document, sign_in->provider, sign_in->id, number) ? ERROR_NONE : error_out_of_memory(error);
        if (code == ERROR_NONE)
            code = sqlite_document_key(document, key, error);
        if (code == ERROR_NONE)
            code = key_is_taken(store, *key, &taken, error);
    }
    return code;
}

static enum error_code insert_user(struct store_sqlite *store, const struct sign_in *sign_in, int64_t *user,
                                   struct error *error) {
    cJSON *document =
        user_document(sign_in->provider, sign_in->id, sign_in->profile, sign_in->credentials, sign_in->now);
    char *key = NULL, *text = NULL;
    enum error_code code =
        document != NULL ? choose_key(store, document, sign_in, &key, error) : error_out_of_memory(error);
    if (code == ERROR_NONE && (text = json_print(document)) == NULL)
        code = error_out_of_memory(error);
    if (code == ERROR_NONE) {
        const struct sqlite_argument arguments[] = {{key, 0}, {text, 0}};
        code = sqlite_run(store, "INSERT INTO users (key, document) VALUES (?1, ?2)", arguments, 2, error);
        *user = sqlite3_last_insert_rowid(store->database);
    }
    json_free_text(key);
    json_free_text(text);
    json_free(document);
    return code;
}

/* Merges the account into the user's document. What lies under the provider's name with another id is no account of
 * this user: nothing of it may become part of one. */
static enum error_code update_user(struct store_sqlite *store, const struct sign_in *sign_in, int64_t user,
                                   struct error *error) {
    cJSON *patch = user_patch(sign_in->provider, sign_in->profile, sign_in->credentials, sign_in->now);
    char *text = patch != NULL ? json_print(patch) : NULL;
    enum error_code code;
    if (text == NULL) {
        code = error_out_of_memory(error);
    } else {
        const struct sqlite_argument arguments[] = {{NULL, user},     {text, 0},           {sign_in->provider, 0},
                                                    {sign_in->id, 0}, {SQLITE_ID_PATH, 0}, {SQLITE_MEMBER_PATH, 0}};
        code =
            sqlite_run(store,
                       "UPDATE users SET document = json_patch(CASE WHEN json_extract(document, printf(?5, ?3)) <> ?4 "
                       "THEN json_remove(document, printf(?6, ?3)) ELSE document END, ?2) "
                       "WHERE user = ?1 AND json_type(document) = 'object'",
                       arguments, 6, error);
        if (code == ERROR_NONE && sqlite3_changes(store->database) == 0)
            code = error_set(error, ERROR_STORE_UNAVAILABLE, "SQLite %s: the document of %s:%.64s is no JSON object",
                             store->path, sign_in->provider, sign_in->id);
    }
    json_free_text(text);
    json_free(patch);
    return code;
}

static enum error_code take_text(struct store_sqlite *store, sqlite3_stmt *row, void *context, struct error *error) {
    (void)store;
    struct buffer *text = context;
    buffer_append_text(text, (const char *)sqlite3_column_text(row, 0));
    return text->failed ? error_out_of_memory(error) : ERROR_NONE;
}

/* Refuses a second account of one provider. */
static enum error_code refuse_second(struct store_sqlite *store, const struct sign_in *sign_in, int64_t user,
                                     struct error *error) {
    const struct sqlite_argument arguments[] = {{NULL, user}, {sign_in->provider, 0}};
    const struct sqlite_query query = {"SELECT id FROM accounts WHERE user = ?1 AND provider = ?2", arguments, 2};
    struct buffer other = BUFFER_EMPTY;
    enum error_code code = sqlite_rows(store, &query, take_text, &other, error);
    if (code == ERROR_NONE && other.len != 0)
        code = error_set(error, ERROR_ACCOUNT_TAKEN,
                         "the user to whom %s:%.64s was to be linked has another account of %s, %.64s",
                         sign_in->provider, sign_in->id, sign_in->provider, buffer_text(&other));
    buffer_free(&other);
    return code;
}

/* Whom the account is to be linked to. `owner`: who has it now, or 0. */
static enum error_code find_linking_user(struct store_sqlite *store, const struct sign_in *sign_in, int64_t owner,
                                         int64_t *user, struct error *error) {
    const enum error_code code = sqlite_session_owner(store, sign_in->link_to, sign_in->now, user, error);
    if (code != ERROR_NONE || (*user != 0 && *user == owner))
        return code;
    if (*user == 0)
        return error_set(error, ERROR_NOT_SIGNED_IN, "the session to which %s:%.64s was to be linked has ended",
                         sign_in->provider, sign_in->id);
    if (owner != 0)
        return error_set(error, ERROR_ACCOUNT_TAKEN, "%s:%.64s is an account of another user", sign_in->provider,
                         sign_in->id);
    return refuse_second(store, sign_in, *user, error);
}

/* Writes the account: to its own user, to the one whom it is linked to, or to a new one. */
static enum error_code put_user(struct store_sqlite *store, const struct sign_in *sign_in, int64_t *user,
                                struct error *error) {
    int64_t owner;
    enum error_code code = sqlite_account_user(store, sign_in->provider, sign_in->id, &owner, error);
    *user = owner;
    if (code == ERROR_NONE && sign_in->link_to != NULL)
        code = find_linking_user(store, sign_in, owner, user, error);
    if (code == ERROR_NONE)
        code = *user != 0 ? update_user(store, sign_in, *user, error) : insert_user(store, sign_in, user, error);
    if (code != ERROR_NONE)
        return code;
    const struct sqlite_account account = {sign_in->provider, sign_in->id, json_string(sign_in->profile, FIELD_USER_ID),
                                           *user};
    return sqlite_put_account(store, &account, error);
}

enum error_code sqlite_sign_in(struct store *base, const struct sign_in *sign_in, struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    int64_t user = 0;
    enum error_code code = sqlite_begin_writing(store, error);
    if (code != ERROR_NONE)
        return code;
    code = put_user(store, sign_in, &user, error);
    if (code == ERROR_NONE)
        code = sqlite_insert_session(store, sign_in, user, error);
    if (code == ERROR_NONE)
        code = sqlite_remove_expired(store, sign_in->now, EXPIRED_SESSIONS_PER_SIGN_IN, error);
    return sqlite_finish(store, code, error);
}

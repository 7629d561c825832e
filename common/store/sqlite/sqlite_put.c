/* Writing whole documents: over those of the same users, or of users who are not there yet.
 * SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include "base/json.h"
#include "store/user.h"

/* Takes who has an account, or the document's _id, for the user of the document. *user is 0 as long as nobody has. */
static enum error_code same_user(struct store_sqlite *store, const struct store_user *put, int64_t found, int64_t *user,
                                 struct error *error) {
    if (found != 0 && *user != 0 && found != *user)
        return error_set(error, ERROR_STORE_UNAVAILABLE,
                         "SQLite %s: accounts of the user %s:%.64s belong to two users there; merge the two first "
                         "(cgi-login users merge)",
                         store->path, put->provider, put->id);
    if (found != 0)
        *user = found;
    return ERROR_NONE;
}

static enum error_code find_put_user(struct store_sqlite *store, const struct store_user *put, const char *key,
                                     int64_t *user, struct error *error) {
    const struct sqlite_argument arguments[] = {{key != NULL ? key : "", 0}};
    int64_t found;
    enum error_code code = sqlite_account_user(store, put->provider, put->id, user, error);
    if (code == ERROR_NONE)
        code = sqlite_number(store, &(struct sqlite_query){"SELECT user FROM users WHERE key = ?1", arguments, 1},
                             &found, error);
    if (code == ERROR_NONE)
        code = same_user(store, put, found, user, error);
    for (const cJSON *member = put->document->child; code == ERROR_NONE && member != NULL; member = member->next) {
        if (!user_is_account(member))
            continue;
        code = sqlite_account_user(store, member->string, json_string(member, FIELD_ID), &found, error);
        if (code == ERROR_NONE)
            code = same_user(store, put, found, user, error);
    }
    return code;
}

static enum error_code put_accounts(struct store_sqlite *store, const struct store_user *put, int64_t user,
                                    struct error *error) {
    const struct sqlite_argument arguments[] = {{NULL, user}};
    enum error_code code = sqlite_run(store, "DELETE FROM accounts WHERE user = ?1", arguments, 1, error);
    for (const cJSON *member = put->document->child; code == ERROR_NONE && member != NULL; member = member->next) {
        if (!user_is_account(member))
            continue;
        const struct sqlite_account account = {member->string, json_string(member, FIELD_ID),
                                               json_string(member, FIELD_USER_ID), user};
        code = sqlite_put_account(store, &account, error);
    }
    return code == ERROR_NONE ? sqlite_settle_sessions(store, user, error) : code;
}

/* Writes the document over that of the user, or makes a user of it where that is 0. */
static enum error_code write_user(struct store_sqlite *store, const struct store_user *put, const char *key,
                                  int64_t user, struct error *error) {
    char *text = json_print(put->document);
    if (text == NULL)
        return error_out_of_memory(error);
    const struct sqlite_argument arguments[] = {{NULL, user}, {key != NULL ? key : "", 0}, {text, 0}};
    enum error_code code =
        sqlite_run(store,
                   user != 0 ? "UPDATE users SET key = nullif(?2, ''), document = ?3 WHERE user = ?1"
                             : "INSERT INTO users (key, document) SELECT nullif(?2, ''), ?3 WHERE ?1 = 0",
                   arguments, 3, error);
    if (code == ERROR_NONE)
        code = put_accounts(store, put, user != 0 ? user : sqlite3_last_insert_rowid(store->database), error);
    json_free_text(text);
    return code;
}

static enum error_code put_user(struct store_sqlite *store, const struct store_user *put, struct error *error) {
    char *key;
    int64_t user = 0;
    enum error_code code = sqlite_document_key(put->document, &key, error);
    if (code == ERROR_NONE)
        code = find_put_user(store, put, key, &user, error);
    if (code == ERROR_NONE)
        code = write_user(store, put, key, user, error);
    json_free_text(key);
    return code;
}

enum error_code sqlite_users_put(struct store *base, const struct store_user *users, size_t count,
                                 struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    enum error_code code = sqlite_begin_writing(store, error);
    if (code != ERROR_NONE)
        return code;
    for (size_t i = 0; code == ERROR_NONE && i < count; i++)
        code = put_user(store, &users[i], error);
    return sqlite_finish(store, code, error);
}

/* Adding users who are not there yet. */

static enum error_code is_there(struct store_sqlite *store, const struct store_user *add, const char *key, bool *there,
                                struct error *error) {
    const struct sqlite_argument arguments[] = {{key != NULL ? key : "", 0}};
    int64_t user;
    enum error_code code = sqlite_number(
        store, &(struct sqlite_query){"SELECT user FROM users WHERE key = ?1", arguments, 1}, &user, error);
    *there = user != 0;
    for (const cJSON *member = add->document->child; code == ERROR_NONE && !*there && member != NULL;
         member = member->next) {
        if (!user_is_account(member))
            continue;
        code = sqlite_account_user(store, member->string, json_string(member, FIELD_ID), &user, error);
        *there = user != 0;
    }
    return code;
}

static enum error_code add_user(struct store_sqlite *store, const struct store_user *add, enum store_added *added,
                                struct error *error) {
    char *key;
    bool there = false;
    enum error_code code = sqlite_document_key(add->document, &key, error);
    if (code == ERROR_NONE)
        code = is_there(store, add, key, &there, error);
    if (code == ERROR_NONE && !there)
        code = write_user(store, add, key, 0, error);
    *added = there ? STORE_THERE : STORE_ADDED;
    json_free_text(key);
    return code;
}

enum error_code sqlite_users_add(struct store *base, const struct store_user *users, size_t count,
                                 enum store_added *added, struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    enum error_code code = sqlite_begin_writing(store, error);
    if (code != ERROR_NONE)
        return code;
    for (size_t i = 0; code == ERROR_NONE && i < count; i++)
        code = add_user(store, &users[i], &added[i], error);
    return sqlite_finish(store, code, error);
}

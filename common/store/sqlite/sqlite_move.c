/* From schema 1, which had a row of `users` for each account, to one row a user. Where a document held several
 * accounts, as one that came from MongoDB can, each of them had a row with a copy of it.
 *
 * Everything happens inside one transaction. A document is written as it is, but for what its copies know better. What
 * cannot be read is kept, too.
 * SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include "base/json.h"
#include "store/user.h"

#include <string.h>

/* A session without a user signs nobody in; its trigger, where there is one, marks the login. */
static const char SET_ASIDE[] =
    "DELETE FROM sessions WHERE NOT EXISTS"
    " (SELECT 1 FROM users WHERE users.provider = sessions.provider AND users.id = account);"
    "DROP TRIGGER IF EXISTS sessions_end;"
    "DROP INDEX IF EXISTS users_user_id;"
    "DROP INDEX IF EXISTS sessions_expires;"
    "DROP INDEX IF EXISTS sessions_account;"
    "ALTER TABLE users RENAME TO users_1;"
    "ALTER TABLE sessions RENAME TO sessions_1;";

static const char FINISH[] =
    "INSERT INTO sessions (id, user, provider, agent, sid, createdAt, expires)"
    " SELECT sessions_1.id, accounts.user, sessions_1.provider, '', NULL, createdAt, expires FROM sessions_1"
    " JOIN accounts ON accounts.provider = sessions_1.provider AND accounts.id = sessions_1.account;"
    "DROP TABLE users_1;"
    "DROP TABLE sessions_1;";

/* One row of the old table. */
struct old_row {
    int64_t number; /* becomes the user's */
    const char *provider;
    const char *id;
    const char *other_id;
    cJSON *document; /* NULL if it cannot be read */
    char *key;
};

static enum error_code insert_user(struct store_sqlite *store, const struct old_row *row, struct error *error) {
    const struct sqlite_argument arguments[] = {{NULL, row->number}, {row->key != NULL ? row->key : "", 0}};
    return sqlite_run(store,
                      "INSERT INTO users (user, key, document) SELECT rowid, nullif(?2, ''), document FROM users_1 "
                      "WHERE rowid = ?1",
                      arguments, 2, error);
}

/* Gives a member of a user's document a name that no provider has: it is the account of another user. */
static enum error_code disown(struct store_sqlite *store, int64_t user, const char *provider, struct error *error) {
    const struct sqlite_argument arguments[] = {
        {NULL, user}, {provider, 0}, {SQLITE_MEMBER_PATH, 0}, {"$.\"%s:former\"", 0}};
    return sqlite_run(store,
                      "UPDATE users SET document = json_set(json_remove(document, printf(?3, ?2)), printf(?4, ?2), "
                      "json_extract(document, printf(?3, ?2))) WHERE user = ?1 AND json_valid(document)",
                      arguments, 4, error);
}

static enum error_code give_account(struct store_sqlite *store, const struct old_row *row, int64_t owner,
                                    struct error *error) {
    const struct sqlite_account account = {row->provider, row->id, row->other_id, row->number};
    const struct sqlite_argument arguments[] = {{row->provider, 0}, {row->id, 0}};
    enum error_code code = ERROR_NONE;
    if (owner != 0)
        code = sqlite_run(store, "DELETE FROM accounts WHERE provider = ?1 AND id = ?2", arguments, 2, error);
    if (code == ERROR_NONE && owner != 0)
        code = disown(store, owner, row->provider, error);
    return code == ERROR_NONE ? sqlite_put_account(store, &account, error) : code;
}

/* Adds the other accounts that the document holds. One that has a user already is not this one's. */
static enum error_code add_other_accounts(struct store_sqlite *store, const struct old_row *row, struct error *error) {
    enum error_code code = ERROR_NONE;
    const cJSON *member = row->document != NULL ? row->document->child : NULL;
    for (; code == ERROR_NONE && member != NULL; member = member->next) {
        int64_t owner;
        if (!user_is_account(member) || strcmp(member->string, row->provider) == 0)
            continue;
        const struct sqlite_account account = {member->string, json_string(member, FIELD_ID),
                                               json_string(member, FIELD_USER_ID), row->number};
        code = sqlite_account_user(store, account.provider, account.id, &owner, error);
        if (code == ERROR_NONE)
            code = owner == 0 ? sqlite_put_account(store, &account, error)
                              : disown(store, row->number, account.provider, error);
    }
    return code;
}

#define LAST_LOGIN_PATH "'$." FIELD_LAST_LOGIN_AT ".\"" FIELD_DATE "\"'"

/* Takes what only this copy of the user's document knows: its own account, and a later login. */
static enum error_code take_over(struct store_sqlite *store, const struct old_row *row, int64_t user,
                                 struct error *error) {
    static const char *const statements[] = {
        "UPDATE users SET document = json_set(users.document, printf(?4, ?3), "
        "json_extract(copy.document, printf(?4, ?3))) FROM users_1 AS copy "
        "WHERE users.user = ?1 AND copy.rowid = ?2 AND json_type(copy.document, printf(?4, ?3)) = 'object'",
        "UPDATE users SET document = json_set(users.document, '$." FIELD_LAST_LOGIN_AT "', "
        "json_extract(copy.document, '$." FIELD_LAST_LOGIN_AT "')) FROM users_1 AS copy "
        "WHERE users.user = ?1 AND copy.rowid = ?2 AND json_extract(copy.document, " LAST_LOGIN_PATH ") > "
        "coalesce(json_extract(users.document, " LAST_LOGIN_PATH "), '')"};
    const struct sqlite_account account = {row->provider, row->id, row->other_id, user};
    const struct sqlite_argument arguments[] = {
        {NULL, user}, {NULL, row->number}, {row->provider, 0}, {SQLITE_MEMBER_PATH, 0}};
    enum error_code code = ERROR_NONE;
    for (size_t i = 0; code == ERROR_NONE && i < sizeof statements / sizeof *statements; i++)
        code = sqlite_run(store, statements[i], arguments, i == 0 ? 4 : 2, error);
    return code == ERROR_NONE ? sqlite_put_account(store, &account, error) : code;
}

/* True if the document of the row is a copy of that of the user who has the account. */
static enum error_code is_copy(struct store_sqlite *store, const struct old_row *row, int64_t owner, int64_t *copy,
                               struct error *error) {
    const struct sqlite_argument arguments[] = {{NULL, owner}, {row->key != NULL ? row->key : "", 0}};
    const struct sqlite_query query = {"SELECT count(*) FROM users WHERE user = ?1 AND key = ?2", arguments, 2};
    *copy = 0;
    return owner != 0 && row->document != NULL ? sqlite_number(store, &query, copy, error) : ERROR_NONE;
}

static enum error_code move_row(struct store_sqlite *store, const struct old_row *row, struct error *error) {
    int64_t owner, copy = 0;
    enum error_code code = sqlite_account_user(store, row->provider, row->id, &owner, error);
    if (code == ERROR_NONE)
        code = is_copy(store, row, owner, &copy, error);
    if (code == ERROR_NONE && copy != 0)
        return take_over(store, row, owner, error);
    if (code == ERROR_NONE)
        code = insert_user(store, row, error);
    if (code == ERROR_NONE)
        code = give_account(store, row, owner, error);
    return code == ERROR_NONE ? add_other_accounts(store, row, error) : code;
}

static enum error_code take_row(struct store_sqlite *store, sqlite3_stmt *statement, void *context,
                                struct error *error) {
    struct error unreadable;
    struct old_row row = {.number = sqlite3_column_int64(statement, 0),
                          .provider = (const char *)sqlite3_column_text(statement, 1),
                          .id = (const char *)sqlite3_column_text(statement, 2),
                          .other_id = (const char *)sqlite3_column_text(statement, 3)};
    (void)context;
    enum error_code code = ERROR_NONE;
    if (sqlite3_column_type(statement, 4) != SQLITE_NULL &&
        sqlite_read_document(store, statement, 4, &row.document, &unreadable) == ERROR_INTERNAL)
        code = error_out_of_memory(error);
    if (code == ERROR_NONE && row.document != NULL)
        code = sqlite_document_key(row.document, &row.key, error);
    if (code == ERROR_NONE)
        code = move_row(store, &row, error);
    json_free_text(row.key);
    json_free(row.document);
    return code;
}

enum error_code sqlite_move(struct store_sqlite *store, const char *tables, struct error *error) {
    static const struct sqlite_query rows = {
        "SELECT rowid, provider, id, user_id, CASE WHEN typeof(document) = 'text' AND json_valid(document) "
        "THEN document END FROM users_1 ORDER BY rowid",
        NULL, 0};
    struct sqlite_kept kept[SQLITE_KEPT_MAX];
    /* A view of the owner's must not keep its table from being renamed. */
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 1, NULL);
    enum error_code code = sqlite_script(store, SET_ASIDE, error);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, NULL);
    if (code == ERROR_NONE)
        code = sqlite_script(store, tables, error);
    if (code == ERROR_NONE) {
        sqlite_keep_statements(store, kept);
        code = sqlite_rows(store, &rows, take_row, NULL, error);
        sqlite_drop_statements(store);
    }
    return code == ERROR_NONE ? sqlite_script(store, FINISH, error) : code;
}

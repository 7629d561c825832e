/* The tables, and opening the store for what reads and what writes.
 * SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Version 1 had one account a user, and a row of `users` for each account. */
enum { SCHEMA_VERSION = 2 };

static const char SCHEMA[] =
    "CREATE TABLE users (user INTEGER PRIMARY KEY, key TEXT, document TEXT NOT NULL);"
    "CREATE INDEX users_key ON users (key);"
    "CREATE TABLE accounts (provider TEXT NOT NULL, id TEXT NOT NULL, other_id TEXT, user INTEGER NOT NULL,"
    " PRIMARY KEY (provider, id));"
    "CREATE INDEX accounts_other_id ON accounts (provider, other_id);"
    "CREATE UNIQUE INDEX accounts_user ON accounts (user, provider);"
    "CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, user INTEGER NOT NULL, provider TEXT NOT NULL,"
    " agent TEXT NOT NULL, sid TEXT, createdAt INTEGER NOT NULL, expires INTEGER NOT NULL);"
    "CREATE INDEX sessions_expires ON sessions (expires);"
    "CREATE INDEX sessions_user ON sessions (user);"
    "CREATE INDEX sessions_sid ON sessions (provider, sid) WHERE sid IS NOT NULL;"
    "CREATE TABLE IF NOT EXISTS requests (hash TEXT NOT NULL PRIMARY KEY, expires INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS logins (id TEXT NOT NULL PRIMARY KEY, claimedAt INTEGER NOT NULL, outcome TEXT,"
    " expires INTEGER NOT NULL);"
    /* The trigger sees all that ends a session: also a user's deletion, and what another program does. */
    "CREATE TRIGGER sessions_end AFTER DELETE ON sessions BEGIN"
    " UPDATE logins SET outcome = '" LOGIN_OUTCOME_ENDED "' WHERE id = old.id; END;"
    "PRAGMA user_version = 2;";

/* What a file holds. Sums over no rows are NULL, which is read as 0. */
static const char CONTENT[] =
    "SELECT (SELECT user_version FROM pragma_user_version), count(*), sum(name IN ('users', 'sessions', 'requests'))"
    " FROM sqlite_master WHERE type = 'table'";
enum { OWN_TABLES = 3 }; /* of every version */

/* Refuses a database of another program, which may have a version of its own. */
static enum error_code judge_content(struct store_sqlite *store, sqlite3_stmt *row, void *context,
                                     struct error *error) {
    int *version = context;
    *version = sqlite3_column_int(row, 0);
    const int tables = sqlite3_column_int(row, 1);
    const bool ours = tables == 0 || (*version != 0 && sqlite3_column_int(row, 2) == OWN_TABLES);
    if (!ours)
        return error_set(error, ERROR_STORE_UNAVAILABLE,
                         "store: %s is a database of another program; name another file", store->path);
    if (*version > SCHEMA_VERSION)
        return error_set(error, ERROR_STORE_UNAVAILABLE,
                         "SQLite %s was made by a newer cgi-login (schema %d; this one knows %d); use that version",
                         store->path, *version, SCHEMA_VERSION);
    return ERROR_NONE;
}

/* Reads the version of the tables: 0 if there are none yet. */
static enum error_code schema_version(struct store_sqlite *store, int *version, struct error *error) {
    return sqlite_rows(store, &(struct sqlite_query){CONTENT, NULL, 0}, judge_content, version, error);
}

/* Opens a file whose mode counts. One that others can read is known to be ours before its mode is judged, and that
 * connection is closed again: a mode is changed only while SQLite does not have the file open. */
static enum error_code connect_to_ours(struct store_sqlite *store, enum sqlite_file_mode mode, struct error *error) {
    struct stat status;
    int version = 0;
    if (stat(store->path, &status) == 0 && sqlite_is_wide(&status)) {
        enum error_code code = sqlite_connect(store, SQLITE_MODE_KEPT, error);
        if (code == ERROR_NONE)
            code = schema_version(store, &version, error);
        sqlite_disconnect(store);
        if (code != ERROR_NONE)
            return code;
    }
    return sqlite_connect(store, mode, error);
}

/* Makes the tables where there are none, or moves those of an older version, inside a transaction. */
static enum error_code ensure_schema(struct store_sqlite *store, struct error *error) {
    int version = 0;
    const enum error_code code = schema_version(store, &version, error);
    if (code != ERROR_NONE || version == SCHEMA_VERSION)
        return code;
    return version == 0 ? sqlite_script(store, SCHEMA, error) : sqlite_move(store, SCHEMA, error);
}

/* Begins a transaction on a file that is open, and brings its tables up to date. */
static enum error_code begin_up_to_date(struct store_sqlite *store, struct error *error) {
    enum error_code code = sqlite_begin(store, error);
    if (code != ERROR_NONE)
        return code;
    code = ensure_schema(store, error);
    return code == ERROR_NONE ? ERROR_NONE : sqlite_finish(store, code, error);
}

/* Whoever comes first moves an older file; the others wait for its lock, and then see that it is done. */
static enum error_code bring_up_to_date(struct store_sqlite *store, int *version, struct error *error) {
    enum error_code code = begin_up_to_date(store, error);
    if (code == ERROR_NONE)
        code = sqlite_finish(store, code, error);
    if (code == ERROR_NONE)
        *version = SCHEMA_VERSION;
    return code;
}

enum error_code sqlite_open_for_reading(struct store_sqlite *store, bool *ready, struct error *error) {
    int version = 0;
    *ready = false;
    if (!sqlite_exists(store))
        return ERROR_NONE;
    enum error_code code = sqlite_connect(store, SQLITE_MODE_KEPT, error);
    if (code == ERROR_NONE)
        code = schema_version(store, &version, error);
    if (code == ERROR_NONE && version != 0 && version != SCHEMA_VERSION)
        code = bring_up_to_date(store, &version, error);
    *ready = code == ERROR_NONE && version == SCHEMA_VERSION;
    return code;
}

enum error_code sqlite_begin_changing(struct store_sqlite *store, bool *ready, struct error *error) {
    enum error_code code = sqlite_open_for_reading(store, ready, error);
    if (*ready)
        code = sqlite_begin(store, error);
    *ready = *ready && code == ERROR_NONE;
    return code;
}

static enum error_code open_for_writing(struct store_sqlite *store, struct error *error) {
    return sqlite_exists(store) ? connect_to_ours(store, SQLITE_MODE_PRIVATE, error) : sqlite_create(store, error);
}

enum error_code sqlite_begin_writing(struct store_sqlite *store, struct error *error) {
    const enum error_code code = open_for_writing(store, error);
    return code == ERROR_NONE ? begin_up_to_date(store, error) : code;
}

enum error_code sqlite_setup(struct store *base, const char *const *providers, struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    (void)providers; /* one table serves them all */
    const enum error_code code = sqlite_begin_writing(store, error);
    return code == ERROR_NONE ? sqlite_finish(store, code, error) : code;
}

enum error_code sqlite_probe(struct store *base, enum store_state *state, struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    int version = 0;
    *state = STORE_IS_ABSENT;
    if (store->path[strlen(store->path) - 1] == '/')
        return sqlite_refuse_folder(store, error);
    enum error_code code = sqlite_check_folder(store, W_OK | X_OK, error);
    if (code != ERROR_NONE || !sqlite_exists(store))
        return code;
    code = connect_to_ours(store, SQLITE_MODE_REFUSED, error);
    if (code == ERROR_NONE)
        code = sqlite_begin(store, error);
    if (code != ERROR_NONE)
        return code;
    /* A write that is taken back proves that the file, the journal and the folder can be written. */
    code = schema_version(store, &version, error);
    if (code == ERROR_NONE)
        code = sqlite_run(store, "CREATE TABLE cgi_login_probe (x)", NULL, 0, error);
    struct error unused;
    sqlite_run(store, "ROLLBACK", NULL, 0, &unused);
    if (code == ERROR_NONE && version != 0)
        *state = version == SCHEMA_VERSION ? STORE_IS_READY : STORE_IS_OLDER;
    return code;
}

/* SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include "base/file_fault.h"

#include <string.h>

const char *sqlite_remedy(int result) {
    switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "; another program keeps it locked, or too many people sign in at once";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: return "; the file and its folder must belong to the user that runs the programs";
    case SQLITE_FULL: return "; free some space in the account";
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return "; restore it from a backup, or name another file in `store`";
    default: return "";
    }
}

/* What the system said of the file, where that is what is to be mended. SQLite keeps it for these two codes. */
static const char *find_fault_of_host(sqlite3 *database, int result) {
    const int primary = result & 0xFF;
    return primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN ? file_fault_of_host(sqlite3_system_errno(database))
                                                                 : NULL;
}

enum error_code sqlite_fail(const struct store_sqlite *store, struct error *error) {
    const int result = store->database != NULL ? sqlite3_extended_errcode(store->database) : SQLITE_NOMEM;
    if ((result & 0xFF) == SQLITE_NOMEM || result == SQLITE_IOERR_NOMEM)
        return error_out_of_memory(error); /* a lack of memory says nothing about the store */
    const char *message = sqlite3_errmsg(store->database);
    const char *host = find_fault_of_host(store->database, result);
    if (host != NULL)
        return error_set(error, ERROR_STORE_UNAVAILABLE, "SQLite %s: %s: %s", store->path, message, host);
    return error_set(error, ERROR_STORE_UNAVAILABLE, "SQLite %s: %s%s", store->path, message, sqlite_remedy(result));
}

/* The slot of a statement that is to be kept, or NULL. Whoever asks with the same text asks with the same pointer. */
static struct sqlite_kept *kept_slot(const struct store_sqlite *store, const char *sql) {
    for (size_t i = 0; store->kept != NULL && i < SQLITE_KEPT_MAX; i++)
        if (store->kept[i].sql == NULL || store->kept[i].sql == sql)
            return &store->kept[i];
    return NULL;
}

static int make_statement(struct store_sqlite *store, const char *sql, sqlite3_stmt **statement) {
    struct sqlite_kept *slot = kept_slot(store, sql);
    if (slot != NULL && slot->sql != NULL) {
        *statement = slot->statement;
        return SQLITE_OK;
    }
    const int result = sqlite3_prepare_v2(store->database, sql, -1, statement, NULL);
    if (slot != NULL && result == SQLITE_OK)
        *slot = (struct sqlite_kept){sql, *statement};
    return result;
}

static void release_statement(struct store_sqlite *store, sqlite3_stmt *statement) {
    for (size_t i = 0; store->kept != NULL && i < SQLITE_KEPT_MAX; i++) {
        if (store->kept[i].statement == statement) {
            sqlite3_reset(statement);
            return;
        }
    }
    sqlite3_finalize(statement);
}

void sqlite_keep_statements(struct store_sqlite *store, struct sqlite_kept kept[SQLITE_KEPT_MAX]) {
    memset(kept, 0, sizeof *kept * SQLITE_KEPT_MAX);
    store->kept = kept;
}

void sqlite_drop_statements(struct store_sqlite *store) {
    for (size_t i = 0; i < SQLITE_KEPT_MAX; i++)
        sqlite3_finalize(store->kept[i].statement);
    store->kept = NULL;
}

enum error_code sqlite_prepare(struct store_sqlite *store, const char *sql, const struct sqlite_argument *arguments,
                               size_t count, sqlite3_stmt **statement, struct error *error) {
    int result = make_statement(store, sql, statement);
    for (size_t i = 0; result == SQLITE_OK && i < count; i++) {
        const int index = (int)i + 1;
        result = arguments[i].text != NULL ? sqlite3_bind_text(*statement, index, arguments[i].text, -1, SQLITE_STATIC)
                                           : sqlite3_bind_int64(*statement, index, arguments[i].number);
    }
    if (result == SQLITE_OK)
        return ERROR_NONE;
    const enum error_code code = sqlite_fail(store, error);
    release_statement(store, *statement);
    *statement = NULL;
    return code;
}

enum error_code sqlite_run(struct store_sqlite *store, const char *sql, const struct sqlite_argument *arguments,
                           size_t count, struct error *error) {
    sqlite3_stmt *statement = NULL;
    enum error_code code = sqlite_prepare(store, sql, arguments, count, &statement, error);
    if (code != ERROR_NONE)
        return code;
    const int result = sqlite3_step(statement);
    if (result != SQLITE_DONE && result != SQLITE_ROW)
        code = sqlite_fail(store, error);
    release_statement(store, statement);
    return code;
}

enum error_code sqlite_begin(struct store_sqlite *store, struct error *error) {
    return sqlite_run(store, "BEGIN IMMEDIATE", NULL, 0, error);
}

enum error_code sqlite_finish(struct store_sqlite *store, enum error_code code, struct error *error) {
    struct error unused;
    if (code == ERROR_NONE)
        code = sqlite_run(store, "COMMIT", NULL, 0, error);
    if (code != ERROR_NONE && sqlite3_get_autocommit(store->database) == 0)
        sqlite_run(store, "ROLLBACK", NULL, 0, &unused);
    return code;
}

enum error_code sqlite_script(struct store_sqlite *store, const char *sql, struct error *error) {
    return sqlite3_exec(store->database, sql, NULL, NULL, NULL) == SQLITE_OK ? ERROR_NONE : sqlite_fail(store, error);
}

enum error_code sqlite_rows(struct store_sqlite *store, const struct sqlite_query *query, sqlite_row_reader read,
                            void *context, struct error *error) {
    sqlite3_stmt *statement = NULL;
    int result = SQLITE_DONE;
    enum error_code code = sqlite_prepare(store, query->sql, query->arguments, query->count, &statement, error);
    while (code == ERROR_NONE && (result = sqlite3_step(statement)) == SQLITE_ROW)
        code = read(store, statement, context, error);
    if (code == ERROR_NONE && result != SQLITE_DONE)
        code = sqlite_fail(store, error);
    release_statement(store, statement);
    return code;
}

static enum error_code take_number(struct store_sqlite *store, sqlite3_stmt *row, void *context, struct error *error) {
    (void)store, (void)error;
    *(int64_t *)context = sqlite3_column_int64(row, 0);
    return ERROR_NONE;
}

enum error_code sqlite_number(struct store_sqlite *store, const struct sqlite_query *query, int64_t *number,
                              struct error *error) {
    *number = 0;
    return sqlite_rows(store, query, take_number, number, error);
}

enum error_code sqlite_each_row(struct store *base, const struct sqlite_query *query, sqlite_row_reader read,
                                void *context, struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    bool ready;
    const enum error_code code = sqlite_open_for_reading(store, &ready, error);
    return ready ? sqlite_rows(store, query, read, context, error) : code;
}

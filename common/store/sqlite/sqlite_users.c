/* SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include "base/buffer.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

static enum error_code read_document(struct store_sqlite *store, sqlite3_stmt *statement, int column, cJSON **document,
                                     struct error *error) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    const int len = sqlite3_column_bytes(statement, column);
    *document = NULL;
    if (text == NULL || json_parse(text, (size_t)len, document, NULL) == JSON_NO_MEMORY)
        return error_out_of_memory(error);
    if (cJSON_IsObject(*document))
        return ERROR_NONE;
    json_free(*document);
    *document = NULL;
    return error_set(error, ERROR_STORE_UNAVAILABLE, "SQLite %s: a user's document is no JSON object", store->path);
}

static enum error_code take_document(struct store_sqlite *store, sqlite3_stmt *row, void *context,
                                     struct error *error) {
    return read_document(store, row, 0, context, error);
}

enum error_code sqlite_find_document(struct store *base, const char *sql, const struct sqlite_argument *arguments,
                                     size_t count, cJSON **document, struct error *error) {
    const struct sqlite_query query = {sql, arguments, count};
    *document = NULL;
    return sqlite_each_row(base, &query, take_document, document, error);
}

enum error_code sqlite_user_find(struct store *base, const struct user_query *query, cJSON **user,
                                 struct error *error) {
    const struct sqlite_argument arguments[] = {{query->provider, 0}, {query->id, 0}};
    return sqlite_find_document(base,
                                query->or_user_id
                                    ? "SELECT document FROM users WHERE provider = ?1 AND (id = ?2 OR user_id = ?2) "
                                      "ORDER BY id = ?2 DESC LIMIT 1"
                                    : "SELECT document FROM users WHERE provider = ?1 AND id = ?2",
                                arguments, 2, user, error);
}

/* A copy of a column's text, to be freed; NULL when memory runs out. */
static char *copy_column(sqlite3_stmt *row, int column) {
    const char *text = (const char *)sqlite3_column_text(row, column);
    return text != NULL ? strdup(text) : NULL;
}

enum error_code sqlite_take_user(struct store_sqlite *store, sqlite3_stmt *row, void *context, struct error *error) {
    struct sqlite_batch *batch = context;
    const size_t at = batch->count++;
    batch->last_row = sqlite3_column_int64(row, 3);
    batch->users[at].provider = copy_column(row, 0);
    batch->users[at].id = copy_column(row, 1);
    if (batch->users[at].provider == NULL || batch->users[at].id == NULL)
        return error_out_of_memory(error);
    /* For a document that cannot be read the visitor gets NULL, and tells whose it is. */
    struct error unreadable;
    const enum error_code code = read_document(store, row, 2, &batch->users[at].document, &unreadable);
    return code == ERROR_INTERNAL ? error_out_of_memory(error) : ERROR_NONE;
}

enum error_code sqlite_visit_batch(struct sqlite_batch *batch, enum error_code code, store_user_visitor visit,
                                   void *context, struct error *error) {
    for (size_t i = 0; i < batch->count; i++) {
        if (code == ERROR_NONE)
            code = visit(context, batch->users[i].provider, batch->users[i].id, batch->users[i].document, error);
        free(batch->users[i].provider);
        free(batch->users[i].id);
        json_free(batch->users[i].document);
    }
    *batch = (struct sqlite_batch){.last_row = batch->last_row};
    return code;
}

enum error_code sqlite_users_each(struct store *base, store_user_visitor visit, void *context, struct error *error) {
    struct sqlite_batch batch = {.last_row = 0};
    enum error_code code = ERROR_NONE;
    for (size_t count = SQLITE_BATCH_MAX; code == ERROR_NONE && count == SQLITE_BATCH_MAX;) {
        const struct sqlite_argument arguments[] = {{NULL, batch.last_row}, {NULL, SQLITE_BATCH_MAX}};
        const struct sqlite_query query = {
            "SELECT provider, id, document, rowid FROM users WHERE rowid > ?1 ORDER BY rowid LIMIT ?2", arguments, 2};
        code = sqlite_each_row(base, &query, sqlite_take_user, &batch, error);
        count = batch.count;
        code = sqlite_visit_batch(&batch, code, visit, context, error);
    }
    return code;
}

enum error_code sqlite_user_delete(struct store *base, const char *provider, const char *id, bool *deleted,
                                   struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    const struct sqlite_argument arguments[] = {{provider, 0}, {id, 0}};
    bool ready;
    *deleted = false;
    enum error_code code = sqlite_open_for_reading(store, &ready, error);
    if (ready)
        code = sqlite_begin(store, error);
    if (!ready || code != ERROR_NONE)
        return code;
    code = sqlite_run(store, "DELETE FROM sessions WHERE provider = ?1 AND account = ?2", arguments, 2, error);
    if (code == ERROR_NONE)
        code = sqlite_run(store, "DELETE FROM users WHERE provider = ?1 AND id = ?2", arguments, 2, error);
    *deleted = code == ERROR_NONE && sqlite3_changes(store->database) != 0;
    return sqlite_finish(store, code, error);
}

static enum error_code put_user(struct store_sqlite *store, const struct store_user *user, struct error *error) {
    char *text = json_print(user->document);
    if (text == NULL)
        return error_out_of_memory(error);
    const struct sqlite_argument arguments[] = {
        {user->provider, 0}, {user->id, 0}, {text, 0}, {SQLITE_USER_ID_PATH, 0}};
    const enum error_code code =
        sqlite_run(store,
                   "INSERT INTO users (provider, id, user_id, document) "
                   "VALUES (?1, ?2, json_extract(?3, printf(?4, ?1)), ?3) ON CONFLICT (provider, id) "
                   "DO UPDATE SET document = excluded.document, user_id = excluded.user_id",
                   arguments, 4, error);
    json_free_text(text);
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

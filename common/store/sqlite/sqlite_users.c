/* SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include "base/buffer.h"
#include "base/json.h"
#include "store/user.h"

#include <stdlib.h>
#include <string.h>

enum error_code sqlite_read_document(struct store_sqlite *store, sqlite3_stmt *row, int column, cJSON **document,
                                     struct error *error) {
    const char *text = (const char *)sqlite3_column_text(row, column);
    const int len = sqlite3_column_bytes(row, column);
    *document = NULL;
    if (text == NULL || json_parse(text, (size_t)len, document, NULL) == JSON_NO_MEMORY)
        return error_out_of_memory(error);
    if (cJSON_IsObject(*document))
        return ERROR_NONE;
    json_free(*document);
    *document = NULL;
    return error_set(error, ERROR_STORE_UNAVAILABLE, "SQLite %s: a user's document is no JSON object", store->path);
}

enum error_code sqlite_take_document(struct store_sqlite *store, sqlite3_stmt *row, void *context,
                                     struct error *error) {
    return sqlite_read_document(store, row, 0, context, error);
}

enum error_code sqlite_document_key(const cJSON *document, char **key, struct error *error) {
    const cJSON *id = json_member(document, FIELD_DOCUMENT_ID);
    *key = id != NULL ? json_print(id) : NULL;
    return id != NULL && *key == NULL ? error_out_of_memory(error) : ERROR_NONE;
}

/* Both halves are a look-up of a key; OR would make SQLite read every account of the provider. */
enum error_code sqlite_user_find(struct store *base, const struct user_query *query, cJSON **user,
                                 struct error *error) {
    const struct sqlite_argument arguments[] = {{query->provider, 0}, {query->id, 0}, {NULL, query->or_user_id}};
    const struct sqlite_query rows = {
        "SELECT document FROM users WHERE user = coalesce("
        "(SELECT user FROM accounts WHERE provider = ?1 AND id = ?2), "
        "(SELECT user FROM accounts WHERE provider = ?1 AND other_id = ?2 AND ?3 LIMIT 1))",
        arguments, 3};
    *user = NULL;
    return sqlite_each_row(base, &rows, sqlite_take_document, user, error);
}

/* Copies a column's text, to be freed; NULL stays NULL. `failed` becomes true when memory runs out. */
static char *copy_column(sqlite3_stmt *row, int column, bool *failed) {
    const bool is_null = sqlite3_column_type(row, column) == SQLITE_NULL;
    const char *text = (const char *)sqlite3_column_text(row, column);
    char *copy = text != NULL ? strdup(text) : NULL;
    *failed = *failed || (copy == NULL && !is_null);
    return copy;
}

enum error_code sqlite_take_user(struct store_sqlite *store, sqlite3_stmt *row, void *context, struct error *error) {
    struct sqlite_batch *batch = context;
    const size_t at = batch->count++;
    bool failed = false;
    batch->last_row = sqlite3_column_int64(row, 3);
    batch->users[at].provider = copy_column(row, 0, &failed);
    batch->users[at].id = copy_column(row, 1, &failed);
    if (failed)
        return error_out_of_memory(error);
    /* For a document that cannot be read the visitor gets NULL, and tells whose it is. */
    struct error unreadable;
    const enum error_code code = sqlite_read_document(store, row, 2, &batch->users[at].document, &unreadable);
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

/* A visitor between, which shows users by the account that user_account takes. The row says which account there is
 * where the document cannot be read. */
struct user_visit {
    store_user_visitor visit;
    void *context;
};

static enum error_code visit_user(void *context, const char *provider, const char *id, const cJSON *document,
                                  struct error *error) {
    const struct user_visit *visit = context;
    const char *first_provider, *first_id;
    if (document != NULL && user_account(document, &first_provider, &first_id)) {
        provider = first_provider;
        id = first_id;
    }
    return visit->visit(visit->context, provider, id, document, error);
}

enum error_code sqlite_users_part(struct store *base, const struct user_part *part, store_user_visitor visit,
                                  void *context, struct error *error) {
    struct sqlite_batch batch = {.last_row = 0};
    struct user_visit user_visit = {visit, context};
    enum error_code code = ERROR_NONE;
    size_t left = part->limit, skip = part->skip;
    for (size_t count = SQLITE_BATCH_MAX; code == ERROR_NONE && count == SQLITE_BATCH_MAX && left != 0;) {
        const struct sqlite_argument arguments[] = {{NULL, batch.last_row},
                                                    {NULL, left < SQLITE_BATCH_MAX ? (int64_t)left : SQLITE_BATCH_MAX},
                                                    {NULL, skip < INT64_MAX ? (int64_t)skip : INT64_MAX}};
        const struct sqlite_query query = {
            "SELECT provider, id, document, users.user FROM users LEFT JOIN accounts ON accounts.rowid = "
            "(SELECT min(rowid) FROM accounts WHERE accounts.user = users.user) "
            "WHERE users.user > ?1 ORDER BY users.user LIMIT ?2 OFFSET ?3",
            arguments, 3};
        code = sqlite_each_row(base, &query, sqlite_take_user, &batch, error);
        count = batch.count;
        left -= count;
        skip = 0;
        code = sqlite_visit_batch(&batch, code, visit_user, &user_visit, error);
    }
    return code;
}

enum error_code sqlite_users_each(struct store *base, store_user_visitor visit, void *context, struct error *error) {
    return sqlite_users_part(base, &(struct user_part){.limit = SIZE_MAX}, visit, context, error);
}

enum error_code sqlite_user_delete(struct store *base, const char *provider, const char *id, bool *deleted,
                                   struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    int64_t user = 0;
    bool ready;
    *deleted = false;
    enum error_code code = sqlite_begin_changing(store, &ready, error);
    if (!ready)
        return code;
    code = sqlite_account_user(store, provider, id, &user, error);
    if (code == ERROR_NONE && user != 0)
        code = sqlite_remove_user(store, user, error);
    code = sqlite_finish(store, code, error);
    *deleted = code == ERROR_NONE && user != 0;
    return code;
}

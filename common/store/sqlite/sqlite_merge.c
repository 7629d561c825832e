/* Two users become one.
 * SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include "base/json.h"
#include "store/user_merge.h"

#include <string.h>

static enum error_code find_user(struct store_sqlite *store, const struct account_key *account, int64_t *user,
                                 struct error *error) {
    const enum error_code code = sqlite_account_user(store, account->provider, account->id, user, error);
    return code == ERROR_NONE && *user == 0
               ? error_set(error, ERROR_NOT_FOUND, "there is no user %s:%.64s", account->provider, account->id)
               : code;
}

static enum error_code read_user(struct store_sqlite *store, int64_t user, cJSON **document, struct error *error) {
    const struct sqlite_argument arguments[] = {{NULL, user}};
    *document = NULL;
    return sqlite_rows(store, &(struct sqlite_query){"SELECT document FROM users WHERE user = ?1", arguments, 1},
                       sqlite_take_document, document, error);
}

/* Refuses a document that nobody could read any more. */
static enum error_code write_user(struct store_sqlite *store, int64_t user, const cJSON *document,
                                  struct error *error) {
    char *text = json_print(document);
    cJSON *readable = NULL;
    enum json_result result = text != NULL ? json_parse(text, strlen(text), &readable, NULL) : JSON_NO_MEMORY;
    const struct sqlite_argument arguments[] = {{NULL, user}, {text, 0}};
    enum error_code code = result == JSON_PARSED ? ERROR_NONE : error_out_of_memory(error);
    if (result == JSON_MALFORMED)
        code = error_set(error, ERROR_STORE_UNAVAILABLE,
                         "SQLite %s: the merged document would be too large or too deep", store->path);
    if (code == ERROR_NONE)
        code = sqlite_run(store, "UPDATE users SET document = ?2 WHERE user = ?1", arguments, 2, error);
    json_free(readable);
    json_free_text(text);
    return code;
}

static enum error_code merge_documents(struct store_sqlite *store, int64_t into, int64_t from, struct error *error) {
    cJSON *documents[2] = {NULL, NULL}, *merged = NULL;
    enum error_code code = read_user(store, into, &documents[0], error);
    if (code == ERROR_NONE)
        code = read_user(store, from, &documents[1], error);
    if (code == ERROR_NONE)
        code = user_merge(documents[0], documents[1], &merged, error);
    if (code == ERROR_NONE)
        code = write_user(store, into, merged, error);
    json_free(documents[0]);
    json_free(documents[1]);
    json_free(merged);
    return code;
}

static enum error_code merge(struct store_sqlite *store, const struct account_key *into, const struct account_key *from,
                             struct error *error) {
    static const char *const statements[] = {"UPDATE accounts SET user = ?1 WHERE user = ?2",
                                             "UPDATE sessions SET user = ?1 WHERE user = ?2",
                                             "DELETE FROM users WHERE user = ?2"};
    int64_t kept = 0, gone = 0;
    enum error_code code = find_user(store, into, &kept, error);
    if (code == ERROR_NONE)
        code = find_user(store, from, &gone, error);
    if (code != ERROR_NONE || kept == gone)
        return code;
    const struct sqlite_argument arguments[] = {{NULL, kept}, {NULL, gone}};
    code = merge_documents(store, kept, gone, error);
    for (size_t i = 0; code == ERROR_NONE && i < sizeof statements / sizeof *statements; i++)
        code = sqlite_run(store, statements[i], arguments, 2, error);
    return code;
}

enum error_code sqlite_users_merge(struct store *base, const struct account_key *into, const struct account_key *from,
                                   struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    bool ready;
    enum error_code code = sqlite_begin_changing(store, &ready, error);
    if (!ready)
        return code == ERROR_NONE
                   ? error_set(error, ERROR_NOT_FOUND, "there is no user %s:%.64s", into->provider, into->id)
                   : code;
    code = merge(store, into, from, error);
    return sqlite_finish(store, code, error);
}

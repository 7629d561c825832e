/* Which user has an account; unlinking one, removing one, making two users one.
 * SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include "base/json.h"
#include "store/user_merge.h"

#include <string.h>

enum error_code sqlite_account_user(struct store_sqlite *store, const char *provider, const char *id, int64_t *user,
                                    struct error *error) {
    const struct sqlite_argument arguments[] = {{provider, 0}, {id, 0}};
    const struct sqlite_query query = {"SELECT user FROM accounts WHERE provider = ?1 AND id = ?2", arguments, 2};
    return sqlite_number(store, &query, user, error);
}

enum error_code sqlite_put_account(struct store_sqlite *store, const struct sqlite_account *account,
                                   struct error *error) {
    const char *other_id = account->other_id != NULL ? account->other_id : "";
    const struct sqlite_argument arguments[] = {
        {account->provider, 0}, {account->id, 0}, {other_id, 0}, {NULL, account->user}};
    return sqlite_run(store,
                      "INSERT INTO accounts (provider, id, other_id, user) VALUES (?1, ?2, nullif(?3, ''), ?4) "
                      "ON CONFLICT (provider, id) DO UPDATE SET other_id = coalesce(excluded.other_id, other_id)",
                      arguments, 4, error);
}

enum error_code sqlite_settle_sessions(struct store_sqlite *store, int64_t user, struct error *error) {
    const struct sqlite_argument arguments[] = {{NULL, user}};
    return sqlite_run(store,
                      "UPDATE sessions SET sid = NULL, provider = (SELECT provider FROM accounts WHERE user = ?1 "
                      "ORDER BY rowid LIMIT 1) WHERE user = ?1 AND "
                      "provider NOT IN (SELECT provider FROM accounts WHERE user = ?1)",
                      arguments, 1, error);
}

enum error_code sqlite_remove_user(struct store_sqlite *store, int64_t user, struct error *error) {
    static const char *const statements[] = {"DELETE FROM sessions WHERE user = ?1",
                                             "DELETE FROM accounts WHERE user = ?1",
                                             "DELETE FROM users WHERE user = ?1"};
    const struct sqlite_argument arguments[] = {{NULL, user}};
    enum error_code code = ERROR_NONE;
    for (size_t i = 0; code == ERROR_NONE && i < sizeof statements / sizeof *statements; i++)
        code = sqlite_run(store, statements[i], arguments, 1, error);
    return code;
}

static enum error_code count_accounts(struct store_sqlite *store, int64_t user, int64_t *count, struct error *error) {
    const struct sqlite_argument arguments[] = {{NULL, user}};
    return sqlite_number(store, &(struct sqlite_query){"SELECT count(*) FROM accounts WHERE user = ?1", arguments, 1},
                         count, error);
}

/* Takes one of several accounts from a user. */
static enum error_code take_account(struct store_sqlite *store, int64_t user, const char *provider,
                                    struct error *error) {
    const struct sqlite_argument arguments[] = {{NULL, user}, {provider, 0}, {SQLITE_MEMBER_PATH, 0}};
    enum error_code code =
        sqlite_run(store, "DELETE FROM accounts WHERE user = ?1 AND provider = ?2", arguments, 2, error);
    if (code == ERROR_NONE)
        code = sqlite_run(store, "UPDATE users SET document = json_remove(document, printf(?3, ?2)) WHERE user = ?1",
                          arguments, 3, error);
    return code == ERROR_NONE ? sqlite_settle_sessions(store, user, error) : code;
}

static enum error_code unlink_account(struct store_sqlite *store, const char *session_id, const char *provider,
                                      struct error *error) {
    int64_t user, owned = 0, count = 0;
    enum error_code code = sqlite_session_owner(store, session_id, 0, &user, error);
    if (code != ERROR_NONE)
        return code;
    if (user == 0)
        return error_set(error, ERROR_NOT_SIGNED_IN, "the session has ended");
    const struct sqlite_argument arguments[] = {{NULL, user}, {provider, 0}};
    const struct sqlite_query query = {"SELECT count(*) FROM accounts WHERE user = ?1 AND provider = ?2", arguments, 2};
    code = sqlite_number(store, &query, &owned, error);
    if (code == ERROR_NONE)
        code = count_accounts(store, user, &count, error);
    if (code == ERROR_NONE && owned == 0)
        return error_set(error, ERROR_NOT_FOUND, "the user has no account of %s", provider);
    if (code == ERROR_NONE && count == 1)
        return error_set(error, ERROR_LAST_ACCOUNT, "the account of %s is the only one of its user", provider);
    return code == ERROR_NONE ? take_account(store, user, provider, error) : code;
}

enum error_code sqlite_account_unlink(struct store *base, const char *session_id, const char *provider,
                                      struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    bool ready;
    enum error_code code = sqlite_begin_changing(store, &ready, error);
    if (!ready)
        return code == ERROR_NONE ? error_set(error, ERROR_NOT_SIGNED_IN, "the session has ended") : code;
    code = unlink_account(store, session_id, provider, error);
    return sqlite_finish(store, code, error);
}

static enum error_code remove_account(struct store_sqlite *store, int64_t user, const char *provider,
                                      struct error *error) {
    const struct sqlite_argument arguments[] = {{NULL, user}, {provider, 0}};
    int64_t count;
    enum error_code code = count_accounts(store, user, &count, error);
    if (code != ERROR_NONE)
        return code;
    if (count == 1)
        return sqlite_remove_user(store, user, error);
    code = sqlite_run(store, "DELETE FROM sessions WHERE user = ?1 AND provider = ?2", arguments, 2, error);
    return code == ERROR_NONE ? take_account(store, user, provider, error) : code;
}

enum error_code sqlite_account_remove(struct store *base, const char *provider, const char *id, bool *removed,
                                      struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    int64_t user = 0;
    bool ready;
    *removed = false;
    enum error_code code = sqlite_begin_changing(store, &ready, error);
    if (!ready)
        return code;
    code = sqlite_account_user(store, provider, id, &user, error);
    if (code == ERROR_NONE && user != 0)
        code = remove_account(store, user, provider, error);
    code = sqlite_finish(store, code, error);
    *removed = code == ERROR_NONE && user != 0;
    return code;
}

/* Merging. */

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

/* Which user has an account; unlinking one, removing one.
 * SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

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
    const struct sqlite_argument arguments[] = {{NULL, user}};
    int64_t count;
    enum error_code code = count_accounts(store, user, &count, error);
    if (code != ERROR_NONE)
        return code;
    if (count == 1)
        return sqlite_remove_user(store, user, error);
    code = sqlite_run(store, "DELETE FROM sessions WHERE user = ?1", arguments, 1, error);
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

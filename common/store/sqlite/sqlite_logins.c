/* SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include "store/login.h"

/* The primary key decides who was first. Only the oldest rows are looked at for old claims, so that no index of them
 * has to be kept. */
static enum error_code claim_login(struct store_sqlite *store, const struct login_claim *claim, bool *claimed,
                                   struct error *error) {
    const struct sqlite_argument arguments[] = {
        {claim->session_id, 0}, sqlite_time(claim->now), sqlite_time(claim->remember_until)};
    const struct sqlite_argument expired[] = {sqlite_time(claim->now), {NULL, EXPIRED_LOGINS_PER_CLAIM}};
    enum error_code code =
        sqlite_run(store, "INSERT INTO logins (id, claimedAt, expires) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                   arguments, 3, error);
    *claimed = code == ERROR_NONE && sqlite3_changes(store->database) != 0;
    if (*claimed)
        code = sqlite_run(store,
                          "DELETE FROM logins WHERE expires <= ?1 AND "
                          "rowid IN (SELECT rowid FROM logins ORDER BY rowid LIMIT ?2)",
                          expired, 2, error);
    return code;
}

enum error_code sqlite_login_claim(struct store *base, const struct login_claim *claim, bool *claimed,
                                   struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    bool first = false;
    *claimed = false;
    enum error_code code = sqlite_begin_writing(store, error);
    if (code != ERROR_NONE)
        return code;
    code = claim_login(store, claim, &first, error);
    code = sqlite_finish(store, code, error);
    *claimed = first && code == ERROR_NONE;
    return code;
}

static void read_login(sqlite3_stmt *row, struct login *login) {
    const char *outcome = (const char *)sqlite3_column_text(row, 1);
    login->claimed = sqlite_column_time(row, 0);
    login->signed_in = sqlite_column_time(row, 2);
    login->expires = sqlite_column_time(row, 3);
    if (sqlite3_column_type(row, 2) != SQLITE_NULL)
        login->state = LOGIN_SIGNED_IN;
    else if (outcome != NULL)
        login_take_outcome(login, outcome);
    else if (sqlite3_column_type(row, 0) != SQLITE_NULL)
        login->state = LOGIN_RUNNING;
}

enum error_code sqlite_login_find(struct store *base, const char *session_id, struct login *login,
                                  struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    const struct sqlite_argument arguments[] = {{session_id, 0}};
    sqlite3_stmt *statement = NULL;
    bool ready;
    *login = (struct login){.state = LOGIN_UNKNOWN};
    enum error_code code = sqlite_open_for_reading(store, &ready, error);
    if (code != ERROR_NONE || !ready)
        return code;
    code = sqlite_prepare(store,
                          "SELECT claimedAt, outcome, sessions.createdAt, sessions.expires FROM (SELECT ?1 AS wanted) "
                          "LEFT JOIN logins ON logins.id = wanted LEFT JOIN sessions ON sessions.id = wanted",
                          arguments, 1, &statement, error);
    if (code != ERROR_NONE)
        return code;
    const int result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        read_login(statement, login);
    else if (result != SQLITE_DONE)
        code = sqlite_fail(store, error);
    sqlite3_finalize(statement);
    return code;
}

enum error_code sqlite_login_fail(struct store *base, const char *session_id, enum error_code failure,
                                  struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    const struct sqlite_argument arguments[] = {{session_id, 0}, {error_describe(failure)->word, 0}};
    bool ready;
    const enum error_code code = sqlite_open_for_reading(store, &ready, error);
    if (code != ERROR_NONE || !ready)
        return code;
    return sqlite_run(store, "UPDATE logins SET outcome = ?2 WHERE id = ?1", arguments, 2, error);
}

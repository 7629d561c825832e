/* SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include <stdio.h>

#define SESSION_COLUMNS "sessions (id, user, provider, agent, sid, createdAt, expires) "

static const char *text_or_none(const char *text) {
    return text != NULL ? text : "";
}

enum error_code sqlite_insert_session(struct store_sqlite *store, const struct sign_in *sign_in, int64_t user,
                                      struct error *error) {
    const struct sqlite_argument arguments[] = {{sign_in->session_id, 0},
                                                {NULL, user},
                                                {sign_in->provider, 0},
                                                {text_or_none(sign_in->agent), 0},
                                                {text_or_none(sign_in->sid), 0},
                                                sqlite_time(sign_in->now),
                                                sqlite_time(sign_in->session_expires)};
    const enum error_code code = sqlite_run(
        store, "INSERT INTO " SESSION_COLUMNS "VALUES (?1, ?2, ?3, ?4, nullif(?5, ''), ?6, ?7)", arguments, 7, error);
    if (code != ERROR_NONE && sqlite3_extended_errcode(store->database) == SQLITE_CONSTRAINT_PRIMARYKEY)
        return error_set(error, ERROR_EXPIRED_LOGIN, "this login was already used");
    return code;
}

enum error_code sqlite_remove_expired(struct store_sqlite *store, int64_t now, size_t limit, struct error *error) {
    const struct sqlite_argument arguments[] = {sqlite_time(now), {NULL, (int64_t)limit}};
    return sqlite_run(store, "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires <= ?1 LIMIT ?2)",
                      arguments, 2, error);
}

enum error_code sqlite_session_owner(struct store_sqlite *store, const char *session_id, int64_t now, int64_t *user,
                                     struct error *error) {
    const struct sqlite_argument arguments[] = {{session_id, 0}, sqlite_time(now)};
    const struct sqlite_query query = {"SELECT user FROM sessions WHERE id = ?1 AND expires > ?2", arguments, 2};
    return sqlite_number(store, &query, user, error);
}

static enum error_code take_session_user(struct store_sqlite *store, sqlite3_stmt *row, void *context,
                                         struct error *error) {
    struct session_user *user = context;
    snprintf(user->provider, sizeof user->provider, "%s", (const char *)sqlite3_column_text(row, 1));
    return sqlite_read_document(store, row, 0, &user->document, error);
}

enum error_code sqlite_session_user(struct store *base, const char *session_id, int64_t now, struct session_user *user,
                                    struct error *error) {
    const struct sqlite_argument arguments[] = {{session_id, 0}, sqlite_time(now)};
    const struct sqlite_query query = {"SELECT document, provider FROM sessions JOIN users ON users.user = "
                                       "sessions.user WHERE sessions.id = ?1 AND expires > ?2",
                                       arguments, 2};
    *user = (struct session_user){.document = NULL};
    return sqlite_each_row(base, &query, take_session_user, user, error);
}

enum error_code sqlite_session_end(struct store *base, const char *session_id, struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    const struct sqlite_argument arguments[] = {{session_id, 0}};
    bool ready;
    const enum error_code code = sqlite_open_for_reading(store, &ready, error);
    return ready ? sqlite_run(store, "DELETE FROM sessions WHERE id = ?1", arguments, 1, error) : code;
}

enum error_code sqlite_sessions_end(struct store *base, const char *provider, const char *id, struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    const struct sqlite_argument arguments[] = {{provider, 0}, {id, 0}};
    bool ready;
    const enum error_code code = sqlite_open_for_reading(store, &ready, error);
    return ready ? sqlite_run(store,
                              "DELETE FROM sessions WHERE user = (SELECT user FROM accounts WHERE provider = ?1 AND "
                              "id = ?2)",
                              arguments, 2, error)
                 : code;
}

enum error_code sqlite_account_sessions_end(struct store *base, const char *provider, const char *id,
                                            struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    const struct sqlite_argument arguments[] = {{provider, 0}, {id, 0}};
    bool ready;
    const enum error_code code = sqlite_open_for_reading(store, &ready, error);
    return ready ? sqlite_run(store,
                              "DELETE FROM sessions WHERE provider = ?1 AND "
                              "user = (SELECT user FROM accounts WHERE provider = ?1 AND id = ?2)",
                              arguments, 2, error)
                 : code;
}

enum error_code sqlite_sessions_end_by_sid(struct store *base, const char *provider, const char *sid,
                                           struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    const struct sqlite_argument arguments[] = {{provider, 0}, {sid, 0}};
    bool ready;
    const enum error_code code = sqlite_open_for_reading(store, &ready, error);
    return ready ? sqlite_run(store, "DELETE FROM sessions WHERE provider = ?1 AND sid = ?2", arguments, 2, error)
                 : code;
}

/* A transaction of its own would wait for the disk: sqlite_sign_in does it within its own. */
void sqlite_tidy(struct store *base, int64_t now) {
    (void)base, (void)now;
}

enum error_code sqlite_sessions_expire(struct store *base, int64_t now, size_t limit, struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    bool ready;
    const enum error_code code = sqlite_open_for_reading(store, &ready, error);
    return ready ? sqlite_remove_expired(store, now, limit, error) : code;
}

struct session_visit {
    store_session_visitor visit;
    void *context;
};

static enum error_code visit_session(struct store_sqlite *store, sqlite3_stmt *row, void *context,
                                     struct error *error) {
    const struct session_visit *visit = context;
    const struct store_session session = {.id = (const char *)sqlite3_column_text(row, 0),
                                          .provider = (const char *)sqlite3_column_text(row, 1),
                                          .owner = (const char *)sqlite3_column_text(row, 2),
                                          .created = sqlite_column_time(row, 3),
                                          .expires = sqlite_column_time(row, 4),
                                          .agent = (const char *)sqlite3_column_text(row, 5),
                                          .sid = (const char *)sqlite3_column_text(row, 6)};
    (void)store;
    return visit->visit(visit->context, &session, error);
}

/* Sessions with the account that they show; what follows may narrow and order them. */
#define SESSIONS                                                                                                       \
    "SELECT sessions.id, sessions.provider, accounts.id, createdAt, expires, agent, sid FROM sessions "                \
    "JOIN accounts ON accounts.user = sessions.user AND accounts.provider = sessions.provider WHERE expires > ?1 "

enum error_code sqlite_sessions_each(struct store *base, int64_t now, store_session_visitor visit, void *context,
                                     struct error *error) {
    const struct sqlite_argument arguments[] = {sqlite_time(now)};
    const struct sqlite_query query = {SESSIONS, arguments, 1};
    struct session_visit session_visit = {visit, context};
    return sqlite_each_row(base, &query, visit_session, &session_visit, error);
}

enum error_code sqlite_sessions_of(struct store *base, const char *session_id, int64_t now, store_session_visitor visit,
                                   void *context, struct error *error) {
    const struct sqlite_argument arguments[] = {sqlite_time(now), {session_id, 0}};
    const struct sqlite_query query = {SESSIONS
                                       "AND sessions.user = (SELECT user FROM sessions WHERE id = ?2 AND expires > ?1) "
                                       "ORDER BY createdAt DESC, sessions.id",
                                       arguments, 2};
    struct session_visit session_visit = {visit, context};
    return sqlite_each_row(base, &query, visit_session, &session_visit, error);
}

enum error_code sqlite_sessions_of_user(struct store *base, const struct account_key *account, int64_t now,
                                        store_session_visitor visit, void *context, struct error *error) {
    const struct sqlite_argument arguments[] = {sqlite_time(now), {account->provider, 0}, {account->id, 0}};
    const struct sqlite_query query = {
        SESSIONS "AND sessions.user = (SELECT user FROM accounts WHERE provider = ?2 AND id = ?3) "
                 "ORDER BY createdAt DESC, sessions.id",
        arguments, 3};
    struct session_visit session_visit = {visit, context};
    return sqlite_each_row(base, &query, visit_session, &session_visit, error);
}

enum error_code sqlite_session_put(struct store *base, const struct store_session *session, bool *written,
                                   struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    const struct sqlite_argument arguments[] = {{session->id, 0},
                                                {session->provider, 0},
                                                {session->owner, 0},
                                                {text_or_none(session->agent), 0},
                                                {text_or_none(session->sid), 0},
                                                sqlite_time(session->created),
                                                sqlite_time(session->expires)};
    *written = false;
    enum error_code code = sqlite_begin_writing(store, error);
    if (code != ERROR_NONE)
        return code;
    code = sqlite_run(store,
                      "INSERT OR REPLACE INTO " SESSION_COLUMNS "SELECT ?1, user, ?2, ?4, nullif(?5, ''), ?6, ?7 "
                      "FROM accounts WHERE provider = ?2 AND id = ?3",
                      arguments, 7, error);
    const bool found = code == ERROR_NONE && sqlite3_changes(store->database) != 0;
    code = sqlite_finish(store, code, error);
    *written = code == ERROR_NONE && found;
    return code;
}

/* Users and sessions in one SQLite file: one row a user, with the document as JSON; one row an account, which leads
 * from provider and id to the user; one row a session of a user. What the files of this backend share; store_sqlite.c
 * gathers its operations.
 *
 * The journal is the rollback journal, never WAL: hosting homes are often on NFS, where WAL's shared memory does not
 * work. The file is made 0600 before SQLite opens it, and what writes to one with a wide mode closes it again; SQLite
 * gives its journal the same mode.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SQLITE_H
#define CGI_LOGIN_SQLITE_H

#include "store/document_fields.h"
#include "store/store_backend.h"

#include <sqlite3.h>
#include <sys/stat.h>

struct store_sqlite {
    struct store base;
    sqlite3 *database; /* NULL until something is read from or written to an existing file */
    dev_t device;      /* with the inode, which file that is */
    ino_t inode;
    bool limited; /* there is a deadline */
    struct deadline deadline;
    struct deadline patience; /* of the lock that is waited for */
    struct sqlite_kept *kept; /* NULL, but while statements are kept */
    char *path;
};

/* The backend's operations, as store.h has them: sqlite_sign_in and so on. */
#define DECLARE(operation) __typeof__(store_##operation) sqlite_##operation;
STORE_OPERATIONS(DECLARE)
#undef DECLARE

static inline struct store_sqlite *sqlite_own(struct store *store) {
    return (struct store_sqlite *)store;
}

/* Errors. */

/* Returns what the operator can do about SQLite's code: words to append, or "". */
const char *sqlite_remedy(int result);

/* Puts SQLite's last failure into `error`. */
enum error_code sqlite_fail(const struct store_sqlite *store, struct error *error);

/* The file (sqlite_file.c). */

/* What is to become of a file that others can read. */
enum sqlite_file_mode {
    SQLITE_MODE_KEPT,    /* an operation that only reads changes nothing */
    SQLITE_MODE_PRIVATE, /* an operation that writes closes it to others */
    SQLITE_MODE_REFUSED  /* a check tells */
};

bool sqlite_exists(const struct store_sqlite *store);

/* True if others can read or write a file of this status, and it is ours to change. */
bool sqlite_is_wide(const struct stat *status);

/* Says whether the file's folder is there and, with W_OK, may be written to. */
enum error_code sqlite_check_folder(const struct store_sqlite *store, int wanted, struct error *error);
enum error_code sqlite_refuse_folder(const struct store_sqlite *store, struct error *error);

/* Opens the file that is there, where it is a database of ours and not open yet. */
enum error_code sqlite_connect(struct store_sqlite *store, enum sqlite_file_mode mode, struct error *error);
void sqlite_disconnect(struct store_sqlite *store);

/* Makes the file where there is none, and opens it. */
enum error_code sqlite_create(struct store_sqlite *store, struct error *error);

/* The tables (sqlite_schema.c). */

/* Opens the store for an operation that only reads; *ready says whether there is anything to read. A file of an older
 * schema is moved first. */
enum error_code sqlite_open_for_reading(struct store_sqlite *store, bool *ready, struct error *error);

/* Opens the store for an operation that writes: makes the file and the tables if they are missing, and begins a
 * transaction, which sqlite_finish ends on ERROR_NONE. */
enum error_code sqlite_begin_writing(struct store_sqlite *store, struct error *error);

/* Opens the store for an operation that changes what is there, and begins a transaction likewise, where *ready says
 * that there is anything. */
enum error_code sqlite_begin_changing(struct store_sqlite *store, bool *ready, struct error *error);

/* Runs several statements without arguments. */
enum error_code sqlite_script(struct store_sqlite *store, const char *sql, struct error *error);

/* Moves the tables of schema 1 to those of today, inside a transaction (sqlite_move.c). `tables`: the script that makes
 * today's. */
enum error_code sqlite_move(struct store_sqlite *store, const char *tables, struct error *error);

/* Statements: prepared, bound in order, run (sqlite_statement.c). */

struct sqlite_argument {
    const char *text; /* NULL: the number counts */
    int64_t number;
};

/* Times are milliseconds in the tables of sessions and requests. */
static inline struct sqlite_argument sqlite_time(int64_t seconds) {
    return (struct sqlite_argument){NULL, seconds * MILLISECONDS_PER_SECOND};
}

static inline int64_t sqlite_column_time(sqlite3_stmt *row, int column) {
    return sqlite3_column_int64(row, column) / MILLISECONDS_PER_SECOND;
}

/* A statement that is run for each of very many rows: it costs more to prepare than to run. */
struct sqlite_kept {
    const char *sql;
    sqlite3_stmt *statement;
};
enum { SQLITE_KEPT_MAX = 12 };

/* From here on each statement is prepared once, and found again by its text's address; until they are dropped. */
void sqlite_keep_statements(struct store_sqlite *store, struct sqlite_kept kept[SQLITE_KEPT_MAX]);
void sqlite_drop_statements(struct store_sqlite *store);

enum error_code sqlite_prepare(struct store_sqlite *store, const char *sql, const struct sqlite_argument *arguments,
                               size_t count, sqlite3_stmt **statement, struct error *error);

/* Runs a statement that returns nothing of interest. */
enum error_code sqlite_run(struct store_sqlite *store, const char *sql, const struct sqlite_argument *arguments,
                           size_t count, struct error *error);

enum error_code sqlite_begin(struct store_sqlite *store, struct error *error);

/* Commits if all went well so far, else takes everything back. */
enum error_code sqlite_finish(struct store_sqlite *store, enum error_code code, struct error *error);

struct sqlite_query {
    const char *sql;
    const struct sqlite_argument *arguments;
    size_t count;
};

/* Takes what it needs of a row. */
typedef enum error_code (*sqlite_row_reader)(struct store_sqlite *store, sqlite3_stmt *row, void *context,
                                             struct error *error);

/* Reads every row of the query, on a store that is open. */
enum error_code sqlite_rows(struct store_sqlite *store, const struct sqlite_query *query, sqlite_row_reader read,
                            void *context, struct error *error);

/* Reads one number: that of the first row's first column, 0 if there is no row. */
enum error_code sqlite_number(struct store_sqlite *store, const struct sqlite_query *query, int64_t *number,
                              struct error *error);

/* Reads every row of the query; there is none if the store has not been made. */
enum error_code sqlite_each_row(struct store *base, const struct sqlite_query *query, sqlite_row_reader read,
                                void *context, struct error *error);

/* Users (sqlite_users.c), a batch at a time: nothing is locked while they are visited, which may take as long as it
 * likes. */

enum { SQLITE_BATCH_MAX = 50 };

struct sqlite_batch {
    size_t count;
    int64_t last_row;
    struct {
        char *provider;
        char *id;
        cJSON *document;
    } users[SQLITE_BATCH_MAX];
};

/* A row reader for rows of provider, id, document and the number of the row; its context is the batch. */
enum error_code sqlite_take_user(struct store_sqlite *store, sqlite3_stmt *row, void *context, struct error *error);

/* Visits the users of a batch that was read without a fault, and empties it. `code`: how the reading went. */
enum error_code sqlite_visit_batch(struct sqlite_batch *batch, enum error_code code, store_user_visitor visit,
                                   void *context, struct error *error);

/* Reads a column as a user's document; *document is NULL on a failure. */
enum error_code sqlite_read_document(struct store_sqlite *store, sqlite3_stmt *row, int column, cJSON **document,
                                     struct error *error);

/* A row reader for rows of a document; its context is a cJSON *. */
enum error_code sqlite_take_document(struct store_sqlite *store, sqlite3_stmt *row, void *context, struct error *error);

/* The column users.key: the document's _id as JSON. *key is to be freed with json_free_text, and NULL for a document
 * without one. */
enum error_code sqlite_document_key(const cJSON *document, char **key, struct error *error);

/* Accounts (sqlite_accounts.c). A user is known by the number of the row. */

/* *user becomes the user who has the account, 0 if nobody has. */
enum error_code sqlite_account_user(struct store_sqlite *store, const char *provider, const char *id, int64_t *user,
                                    struct error *error);

struct sqlite_account {
    const char *provider;
    const char *id;
    const char *other_id; /* the other id by which the provider may name the user, or NULL */
    int64_t user;
};

/* Adds an account, or keeps its other id where it is known already. */
enum error_code sqlite_put_account(struct store_sqlite *store, const struct sqlite_account *account,
                                   struct error *error);

/* Makes the sessions of a user that show an account which the user has no more show another. */
enum error_code sqlite_settle_sessions(struct store_sqlite *store, int64_t user, struct error *error);

/* Removes a user with all accounts and sessions. */
enum error_code sqlite_remove_user(struct store_sqlite *store, int64_t user, struct error *error);

/* Paths in a document, for SQL's printf() with the provider's name; quoted, since that may hold a "-". */
#define SQLITE_MEMBER_PATH "$.\"%s\""
#define SQLITE_ACCOUNT_PATH SQLITE_MEMBER_PATH "."
#define SQLITE_ID_PATH SQLITE_ACCOUNT_PATH FIELD_ID
#define SQLITE_TOKEN_PATH SQLITE_ACCOUNT_PATH FIELD_ACCESS_TOKEN
#define SQLITE_LEASE_PATH SQLITE_ACCOUNT_PATH FIELD_TOKEN "." FIELD_LEASE ".\"" FIELD_DATE "\""
#define SQLITE_EXPIRY_PATH SQLITE_ACCOUNT_PATH FIELD_TOKEN "." FIELD_EXPIRES_AT ".\"" FIELD_DATE "\""
#define SQLITE_OBTAINED_PATH SQLITE_ACCOUNT_PATH FIELD_TOKEN "." FIELD_OBTAINED_AT ".\"" FIELD_DATE "\""
#define SQLITE_INVALID_PATH SQLITE_ACCOUNT_PATH FIELD_TOKEN "." FIELD_INVALID_SINCE

/* Sessions (sqlite_sessions.c). */

enum error_code sqlite_insert_session(struct store_sqlite *store, const struct sign_in *sign_in, int64_t user,
                                      struct error *error);

/* *user becomes the user of the session, if it has not expired by `now`, else 0. */
enum error_code sqlite_session_owner(struct store_sqlite *store, const char *session_id, int64_t now, int64_t *user,
                                     struct error *error);
enum error_code sqlite_remove_expired(struct store_sqlite *store, int64_t now, size_t limit, struct error *error);

#endif

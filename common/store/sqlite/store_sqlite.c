/* Users and sessions in one SQLite file: documents as JSON, one row a user, with provider and id as the primary key.
 *
 * The journal is the rollback journal, never WAL: hosting homes are often on NFS, where WAL's shared memory does not
 * work. The file is made 0600 before SQLite opens it, and what writes to one with a wide mode closes it again; SQLite
 * gives its journal the same mode.
 * SPDX-License-Identifier: MIT */
#include "store/store_backend.h"

#include "base/buffer.h"
#include "base/json.h"
#include "store/user.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct store_sqlite {
    struct store base;
    sqlite3 *database; /* NULL until something is asked of a file that exists */
    dev_t device;      /* of that file */
    ino_t inode;
    char *path;
};

enum { SCHEMA_VERSION = 1 };

static const char SCHEMA[] =
    "CREATE TABLE IF NOT EXISTS users (provider TEXT NOT NULL, id TEXT NOT NULL, user_id TEXT, document TEXT NOT NULL,"
    " PRIMARY KEY (provider, id));"
    "CREATE INDEX IF NOT EXISTS users_user_id ON users (provider, user_id);"
    "CREATE TABLE IF NOT EXISTS sessions (id TEXT NOT NULL PRIMARY KEY, user TEXT NOT NULL, provider TEXT NOT NULL,"
    " account TEXT NOT NULL, createdAt INTEGER NOT NULL, expires INTEGER NOT NULL);"
    "CREATE INDEX IF NOT EXISTS sessions_expires ON sessions (expires);"
    "CREATE INDEX IF NOT EXISTS sessions_account ON sessions (provider, account);"
    "CREATE TABLE IF NOT EXISTS requests (hash TEXT NOT NULL PRIMARY KEY, expires INTEGER NOT NULL);"
    "PRAGMA user_version = 1;";

static struct store_sqlite *own(struct store *store) {
    return (struct store_sqlite *)store;
}

static const char *remedy(int result) {
    switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "; another program kept it locked for 10 seconds";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: return "; the file and its folder must belong to the user that runs the programs";
    case SQLITE_FULL: return "; free some space in the account";
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return "; restore it from a backup, or name another file in `store`";
    default: return "";
    }
}

static enum error_code fail(const struct store_sqlite *store, struct error *error) {
    const int result = store->database != NULL ? sqlite3_extended_errcode(store->database) : SQLITE_NOMEM;
    return error_set(error, ERROR_STORE_UNAVAILABLE, "SQLite %s: %s%s", store->path,
                     store->database != NULL ? sqlite3_errmsg(store->database) : "out of memory", remedy(result));
}

/* Statements: prepared, bound in order, run. */

struct argument {
    const char *text; /* NULL: the number counts */
    int64_t number;
};

static enum error_code prepare(struct store_sqlite *store, const char *sql, const struct argument *arguments,
                               size_t count, sqlite3_stmt **statement, struct error *error) {
    int result = sqlite3_prepare_v2(store->database, sql, -1, statement, NULL);
    for (size_t i = 0; result == SQLITE_OK && i < count; i++) {
        const int index = (int)i + 1;
        result = arguments[i].text != NULL ? sqlite3_bind_text(*statement, index, arguments[i].text, -1, SQLITE_STATIC)
                                           : sqlite3_bind_int64(*statement, index, arguments[i].number);
    }
    if (result == SQLITE_OK)
        return ERROR_NONE;
    const enum error_code code = fail(store, error);
    sqlite3_finalize(*statement);
    *statement = NULL;
    return code;
}

/* Runs a statement that returns nothing of interest. */
static enum error_code run(struct store_sqlite *store, const char *sql, const struct argument *arguments, size_t count,
                           struct error *error) {
    sqlite3_stmt *statement = NULL;
    enum error_code code = prepare(store, sql, arguments, count, &statement, error);
    if (code != ERROR_NONE)
        return code;
    const int result = sqlite3_step(statement);
    if (result != SQLITE_DONE && result != SQLITE_ROW)
        code = fail(store, error);
    sqlite3_finalize(statement);
    return code;
}

static enum error_code begin(struct store_sqlite *store, struct error *error) {
    return run(store, "BEGIN IMMEDIATE", NULL, 0, error);
}

/* Commits if all went well so far, else takes everything back. */
static enum error_code finish(struct store_sqlite *store, enum error_code code, struct error *error) {
    struct error unused;
    if (code == ERROR_NONE)
        code = run(store, "COMMIT", NULL, 0, error);
    if (code != ERROR_NONE && sqlite3_get_autocommit(store->database) == 0)
        run(store, "ROLLBACK", NULL, 0, &unused);
    return code;
}

/* Opening. */

static bool exists(const struct store_sqlite *store) {
    return access(store->path, F_OK) == 0 || errno != ENOENT;
}

/* What is to become of a file that others can read. */
enum file_mode {
    MODE_KEPT,         /* what only reads changes nothing */
    MODE_MADE_PRIVATE, /* by what writes */
    MODE_REFUSED       /* by a check, which tells */
};

/* Others can read or write it, and it is ours to change. */
static bool is_wide(const struct stat *status) {
    return (status->st_mode & 077) != 0 && status->st_uid == geteuid();
}

static enum error_code handle_mode(const struct store_sqlite *store, enum file_mode mode, int descriptor,
                                   const struct stat *status, struct error *error) {
    if (!is_wide(status))
        return ERROR_NONE;
    if (mode == MODE_REFUSED)
        return error_set(error, ERROR_STORE_UNAVAILABLE,
                         "store: %s can be read or written by other users (mode %04o); run: chmod 600 %s", store->path,
                         (unsigned)status->st_mode & 07777u, store->path);
    if (mode == MODE_MADE_PRIVATE)
        fchmod(descriptor, S_IRUSR | S_IWUSR); /* a file system without modes is no reason to refuse a login */
    return ERROR_NONE;
}

static enum error_code refuse_folder(const struct store_sqlite *store, struct error *error) {
    return error_set(error, ERROR_STORE_UNAVAILABLE, "store: %s is a folder; write a file's name after it",
                     store->path);
}

/* True where a transaction was broken off: SQLite takes it back when it opens the file, which may start with anything
 * until then. */
static bool has_journal(const struct store_sqlite *store) {
    struct buffer path = BUFFER_EMPTY;
    struct stat status;
    buffer_append_format(&path, "%s-journal", store->path);
    const bool found = !path.failed && stat(buffer_text(&path), &status) == 0 && status.st_size > 0;
    buffer_free(&path);
    return found;
}

/* *database says whether it is one, or an empty file, which becomes one. */
static enum error_code look_inside(const struct store_sqlite *store, int descriptor, bool *database,
                                   struct error *error) {
    static const char header[] = "SQLite format 3"; /* and its NUL */
    char start[sizeof header];
    const ssize_t len = pread(descriptor, start, sizeof start, 0);
    *database = len == 0 || (len == (ssize_t)sizeof start && memcmp(start, header, sizeof start) == 0);
    if (len < 0)
        return error_set(error, ERROR_STORE_UNAVAILABLE, "SQLite %s cannot be read: %s", store->path, strerror(errno));
    if (*database || has_journal(store))
        return ERROR_NONE;
    return error_set(error, ERROR_STORE_UNAVAILABLE,
                     "store: %s is no SQLite database; restore it from a backup, or name another file", store->path);
}

/* Refuses a folder, and a file of another program, which nothing of ours may change: a path that was mistyped leads
 * there. The mode is changed by the descriptor that was checked. To be called only while SQLite does not have the file
 * open: closing any descriptor of it would let go of SQLite's locks. */
static enum error_code check_file(const struct store_sqlite *store, enum file_mode mode, struct error *error) {
    struct stat status;
    enum error_code code;
    bool database = false;
    /* O_NONBLOCK: opening a FIFO must not wait for a writer. */
    const int descriptor = open(store->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0 || fstat(descriptor, &status) != 0)
        code = error_set(error, ERROR_STORE_UNAVAILABLE, "SQLite %s cannot be opened: %s%s", store->path,
                         strerror(errno), remedy(SQLITE_CANTOPEN));
    else if (S_ISDIR(status.st_mode))
        code = refuse_folder(store, error);
    else if (!S_ISREG(status.st_mode))
        code = error_set(error, ERROR_STORE_UNAVAILABLE, "store: %s is no regular file; name another", store->path);
    else
        code = look_inside(store, descriptor, &database, error);
    if (database)
        code = handle_mode(store, mode, descriptor, &status, error);
    if (descriptor >= 0)
        close(descriptor);
    return code;
}

static void disconnect(struct store_sqlite *store) {
    sqlite3_close(store->database);
    store->database = NULL;
}

static enum error_code connect_file(struct store_sqlite *store, enum file_mode mode, struct error *error) {
    struct stat status;
    if (store->database != NULL)
        return ERROR_NONE;
    enum error_code code = check_file(store, mode, error);
    if (code != ERROR_NONE)
        return code;
    if (sqlite3_open_v2(store->path, &store->database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
        code = fail(store, error);
        disconnect(store);
        return code;
    }
    if (stat(store->path, &status) == 0) {
        store->device = status.st_dev;
        store->inode = status.st_ino;
    }
    sqlite3_extended_result_codes(store->database, 1);
    sqlite3_busy_timeout(store->database, STORE_BUSY_TIMEOUT_MS);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return ERROR_NONE;
}

/* Says whether the file's folder is there and, with W_OK, may be written to. */
static enum error_code check_folder(const struct store_sqlite *store, int wanted, struct error *error) {
    char *folder = strdup(store->path);
    enum error_code code = ERROR_NONE;
    if (folder == NULL)
        return error_out_of_memory(error);
    char *name = strrchr(folder, '/');
    if (name == folder)
        name++; /* the root folder is its slash */
    *name = '\0';
    if (access(folder, wanted) != 0)
        code = errno == ENOENT
                   ? error_set(error, ERROR_STORE_UNAVAILABLE, "store: there is no folder %s; make the folder", folder)
                   : error_set(error, ERROR_STORE_UNAVAILABLE, "the folder %s cannot be written to: %s", folder,
                               strerror(errno));
    free(folder);
    return code;
}

static enum error_code create_file(struct store_sqlite *store, struct error *error) {
    const int descriptor = open(store->path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    const int cause = errno;
    enum error_code code = ERROR_NONE;
    if (descriptor >= 0) {
        fchmod(descriptor, S_IRUSR | S_IWUSR); /* whatever the umask is */
        close(descriptor);
    } else if (cause == EISDIR) {
        code = refuse_folder(store, error);
    } else if (cause != EEXIST) {
        code = cause == ENOENT ? check_folder(store, F_OK, error) : ERROR_NONE;
        if (code == ERROR_NONE)
            code = error_set(error, ERROR_STORE_UNAVAILABLE, "SQLite %s cannot be made: %s%s", store->path,
                             strerror(cause), remedy(SQLITE_CANTOPEN));
    }
    return code == ERROR_NONE ? connect_file(store, MODE_MADE_PRIVATE, error) : code;
}

static enum error_code schema_version(struct store_sqlite *store, int *version, struct error *error) {
    sqlite3_stmt *statement = NULL;
    enum error_code code = prepare(store, "PRAGMA user_version", NULL, 0, &statement, error);
    if (code != ERROR_NONE)
        return code;
    if (sqlite3_step(statement) == SQLITE_ROW)
        *version = sqlite3_column_int(statement, 0);
    else
        code = fail(store, error);
    sqlite3_finalize(statement);
    if (code == ERROR_NONE && *version > SCHEMA_VERSION)
        code =
            error_set(error, ERROR_STORE_UNAVAILABLE,
                      "SQLite %s was made by a newer cgi-login (schema %d); use that version", store->path, *version);
    return code;
}

/* Inside a transaction: makes tables and indexes where they are missing. */
static enum error_code ensure_schema(struct store_sqlite *store, struct error *error) {
    int version = 0;
    const enum error_code code = schema_version(store, &version, error);
    if (code == ERROR_NONE && version == 0 && sqlite3_exec(store->database, SCHEMA, NULL, NULL, NULL) != SQLITE_OK)
        return fail(store, error);
    return code;
}

/* For what only reads: *ready says whether there is anything to read. */
static enum error_code open_for_reading(struct store_sqlite *store, bool *ready, struct error *error) {
    int version = 0;
    *ready = false;
    if (!exists(store))
        return ERROR_NONE;
    enum error_code code = connect_file(store, MODE_KEPT, error);
    if (code == ERROR_NONE)
        code = schema_version(store, &version, error);
    *ready = code == ERROR_NONE && version == SCHEMA_VERSION;
    return code;
}

/* For what writes: makes the file where there is none, and closes one that others can read: for that one that is open
 * already is opened again, since its mode is changed only while SQLite does not have it open. */
static enum error_code open_for_writing(struct store_sqlite *store, struct error *error) {
    struct stat status;
    if (store->database != NULL && stat(store->path, &status) == 0 && is_wide(&status))
        disconnect(store);
    return exists(store) ? connect_file(store, MODE_MADE_PRIVATE, error) : create_file(store, error);
}

/* The same, with a transaction begun. */
static enum error_code begin_writing(struct store_sqlite *store, struct error *error) {
    const enum error_code code = open_for_writing(store, error);
    return code == ERROR_NONE ? begin(store, error) : code;
}

static enum error_code setup(struct store *base, const char *const *providers, struct error *error) {
    struct store_sqlite *store = own(base);
    (void)providers; /* one table serves them all */
    enum error_code code = create_file(store, error);
    if (code == ERROR_NONE)
        code = begin(store, error);
    return code == ERROR_NONE ? finish(store, ensure_schema(store, error), error) : code;
}

static enum error_code probe(struct store *base, bool *set_up, struct error *error) {
    struct store_sqlite *store = own(base);
    int version = 0;
    *set_up = false;
    if (store->path[strlen(store->path) - 1] == '/')
        return refuse_folder(store, error);
    enum error_code code = check_folder(store, W_OK | X_OK, error);
    if (code != ERROR_NONE || !exists(store))
        return code;
    code = connect_file(store, MODE_REFUSED, error);
    if (code == ERROR_NONE)
        code = begin(store, error);
    if (code != ERROR_NONE)
        return code;
    /* A write that is taken back proves that the file, the journal and the folder can be written. */
    code = schema_version(store, &version, error);
    if (code == ERROR_NONE)
        code = run(store, "CREATE TABLE cgi_login_probe (x)", NULL, 0, error);
    struct error unused;
    run(store, "ROLLBACK", NULL, 0, &unused);
    *set_up = version == SCHEMA_VERSION;
    return code;
}

/* Paths in a document, for SQL's printf() with the provider's name; quoted, since that may hold a "-". */
static const char USER_ID_PATH[] = "$.\"%s\".user_id";
static const char TOKEN_PATH[] = "$.\"%s\".accessToken";
static const char LEASE_PATH[] = "$.\"%s\".token.renewingUntil.\"$date\"";
static const char EXPIRY_PATH[] = "$.\"%s\".token.expiresAt.\"$date\"";
static const char INVALID_PATH[] = "$.\"%s\".token.invalidSince";

/* Signing in. */

static enum error_code upsert_user(struct store_sqlite *store, const struct sign_in *sign_in, struct error *error) {
    cJSON *document =
        user_document(sign_in->provider, sign_in->id, sign_in->profile, sign_in->credentials, sign_in->now);
    cJSON *patch = user_patch(sign_in->provider, sign_in->profile, sign_in->credentials, sign_in->now);
    char *document_text = document != NULL ? json_print(document) : NULL;
    char *patch_text = patch != NULL ? json_print(patch) : NULL;
    enum error_code code;
    if (document_text == NULL || patch_text == NULL) {
        code = error_out_of_memory(error);
    } else {
        const struct argument arguments[] = {
            {sign_in->provider, 0}, {sign_in->id, 0}, {document_text, 0}, {patch_text, 0}, {USER_ID_PATH, 0}};
        code = run(store,
                   "INSERT INTO users (provider, id, user_id, document) "
                   "VALUES (?1, ?2, json_extract(?3, printf(?5, ?1)), ?3) ON CONFLICT (provider, id) DO UPDATE "
                   "SET document = json_patch(document, ?4), user_id = coalesce(excluded.user_id, user_id)",
                   arguments, 5, error);
    }
    json_free_text(document_text);
    json_free_text(patch_text);
    json_free(document);
    json_free(patch);
    return code;
}

/* Where a session of the user ?2, ?3 goes and what it holds. */
#define SESSION_OF_USER                                                                                                \
    "sessions (id, user, provider, account, createdAt, expires) "                                                      \
    "SELECT ?1, json_extract(document, '$._id'), provider, id, ?4, ?5 FROM users WHERE provider = ?2 AND id = ?3"

static enum error_code insert_session(struct store_sqlite *store, const struct sign_in *sign_in, struct error *error) {
    const struct argument arguments[] = {{sign_in->session_id, 0},
                                         {sign_in->provider, 0},
                                         {sign_in->id, 0},
                                         {NULL, sign_in->now},
                                         {NULL, sign_in->session_expires}};
    const enum error_code code = run(store, "INSERT INTO " SESSION_OF_USER, arguments, 5, error);
    if (code != ERROR_NONE && sqlite3_extended_errcode(store->database) == SQLITE_CONSTRAINT_PRIMARYKEY)
        return error_set(error, ERROR_EXPIRED_LOGIN, "this login was already used");
    return code;
}

static enum error_code remove_expired(struct store_sqlite *store, int64_t now, size_t limit, struct error *error) {
    const struct argument arguments[] = {{NULL, now}, {NULL, (int64_t)limit}};
    return run(store, "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires <= ?1 LIMIT ?2)",
               arguments, 2, error);
}

static enum error_code sign_in_user(struct store *base, const struct sign_in *sign_in, struct error *error) {
    struct store_sqlite *store = own(base);
    enum error_code code = begin_writing(store, error);
    if (code != ERROR_NONE)
        return code;
    code = ensure_schema(store, error);
    if (code == ERROR_NONE)
        code = upsert_user(store, sign_in, error);
    if (code == ERROR_NONE)
        code = insert_session(store, sign_in, error);
    if (code == ERROR_NONE)
        code = remove_expired(store, sign_in->now, EXPIRED_SESSIONS_PER_SIGN_IN, error);
    return finish(store, code, error);
}

/* Reading. */

static enum error_code read_document(struct store_sqlite *store, sqlite3_stmt *statement, int column, cJSON **document,
                                     struct error *error) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    const int len = sqlite3_column_bytes(statement, column);
    *document = text != NULL ? json_parse(text, (size_t)len, NULL) : NULL;
    if (cJSON_IsObject(*document))
        return ERROR_NONE;
    json_free(*document);
    *document = NULL;
    return error_set(error, ERROR_STORE_UNAVAILABLE, "SQLite %s: a user's document is no JSON object", store->path);
}

struct query {
    const char *sql;
    const struct argument *arguments;
    size_t count;
};

/* Takes what it wants of a row. */
typedef enum error_code (*row_reader)(struct store_sqlite *store, sqlite3_stmt *row, void *context,
                                      struct error *error);

/* Reads every row that the query gives; none where the store has not been made. */
static enum error_code each_row(struct store *base, const struct query *query, row_reader read, void *context,
                                struct error *error) {
    struct store_sqlite *store = own(base);
    sqlite3_stmt *statement = NULL;
    bool ready;
    int result = SQLITE_DONE;
    enum error_code code = open_for_reading(store, &ready, error);
    if (code != ERROR_NONE || !ready)
        return code;
    code = prepare(store, query->sql, query->arguments, query->count, &statement, error);
    while (code == ERROR_NONE && (result = sqlite3_step(statement)) == SQLITE_ROW)
        code = read(store, statement, context, error);
    if (code == ERROR_NONE && result != SQLITE_DONE)
        code = fail(store, error);
    sqlite3_finalize(statement);
    return code;
}

static enum error_code take_document(struct store_sqlite *store, sqlite3_stmt *row, void *context,
                                     struct error *error) {
    return read_document(store, row, 0, context, error);
}

/* The document of the one row that the query can give; *document is NULL if there is none. */
static enum error_code find_document(struct store *base, const char *sql, const struct argument *arguments,
                                     size_t count, cJSON **document, struct error *error) {
    const struct query query = {sql, arguments, count};
    *document = NULL;
    return each_row(base, &query, take_document, document, error);
}

static enum error_code session_user(struct store *base, const char *session_id, int64_t now, cJSON **user,
                                    struct error *error) {
    const struct argument arguments[] = {{session_id, 0}, {NULL, now}};
    return find_document(base,
                         "SELECT document FROM sessions JOIN users ON users.provider = sessions.provider AND "
                         "users.id = sessions.account WHERE sessions.id = ?1 AND expires > ?2",
                         arguments, 2, user, error);
}

static enum error_code user_find(struct store *base, const char *provider, const char *id, cJSON **user,
                                 struct error *error) {
    const struct argument arguments[] = {{provider, 0}, {id, 0}};
    return find_document(base, "SELECT document FROM users WHERE provider = ?1 AND id = ?2", arguments, 2, user, error);
}

static enum error_code session_end(struct store *base, const char *session_id, struct error *error) {
    struct store_sqlite *store = own(base);
    const struct argument arguments[] = {{session_id, 0}};
    bool ready;
    const enum error_code code = open_for_reading(store, &ready, error);
    return ready ? run(store, "DELETE FROM sessions WHERE id = ?1", arguments, 1, error) : code;
}

/* Users, a lot at a time: nothing is locked while they are visited, which may take as long as it likes. */

enum { USERS_A_LOT = 50 };

struct lot {
    size_t count;
    int64_t last_row;
    struct {
        char *provider;
        char *id;
        cJSON *document;
    } users[USERS_A_LOT];
};

/* A copy of a column's text, to be freed; NULL when memory runs out. */
static char *copy_column(sqlite3_stmt *row, int column) {
    const char *text = (const char *)sqlite3_column_text(row, column);
    return text != NULL ? strdup(text) : NULL;
}

static enum error_code take_user(struct store_sqlite *store, sqlite3_stmt *row, void *context, struct error *error) {
    struct lot *lot = context;
    const size_t at = lot->count++;
    lot->last_row = sqlite3_column_int64(row, 3);
    lot->users[at].provider = copy_column(row, 0);
    lot->users[at].id = copy_column(row, 1);
    if (lot->users[at].provider == NULL || lot->users[at].id == NULL)
        return error_out_of_memory(error);
    struct error unreadable; /* the visitor gets NULL, and says whose it is */
    read_document(store, row, 2, &lot->users[at].document, &unreadable);
    return ERROR_NONE;
}

/* Visits the users of a lot that was read without a fault, and empties it. */
static enum error_code visit_lot(struct lot *lot, enum error_code code, store_user_visitor visit, void *context,
                                 struct error *error) {
    for (size_t i = 0; i < lot->count; i++) {
        if (code == ERROR_NONE)
            code = visit(context, lot->users[i].provider, lot->users[i].id, lot->users[i].document, error);
        free(lot->users[i].provider);
        free(lot->users[i].id);
        json_free(lot->users[i].document);
    }
    *lot = (struct lot){.last_row = lot->last_row};
    return code;
}

static enum error_code users_each(struct store *base, store_user_visitor visit, void *context, struct error *error) {
    struct lot lot = {.last_row = 0};
    enum error_code code = ERROR_NONE;
    for (size_t count = USERS_A_LOT; code == ERROR_NONE && count == USERS_A_LOT;) {
        const struct argument arguments[] = {{NULL, lot.last_row}, {NULL, USERS_A_LOT}};
        const struct query query = {
            "SELECT provider, id, document, rowid FROM users WHERE rowid > ?1 ORDER BY rowid LIMIT ?2", arguments, 2};
        code = each_row(base, &query, take_user, &lot, error);
        count = lot.count;
        code = visit_lot(&lot, code, visit, context, error);
    }
    return code;
}

static enum error_code user_delete(struct store *base, const char *provider, const char *id, bool *deleted,
                                   struct error *error) {
    struct store_sqlite *store = own(base);
    const struct argument arguments[] = {{provider, 0}, {id, 0}};
    bool ready;
    *deleted = false;
    enum error_code code = open_for_reading(store, &ready, error);
    if (ready)
        code = begin(store, error);
    if (!ready || code != ERROR_NONE)
        return code;
    code = run(store, "DELETE FROM sessions WHERE provider = ?1 AND account = ?2", arguments, 2, error);
    if (code == ERROR_NONE)
        code = run(store, "DELETE FROM users WHERE provider = ?1 AND id = ?2", arguments, 2, error);
    *deleted = code == ERROR_NONE && sqlite3_changes(store->database) != 0;
    return finish(store, code, error);
}

static enum error_code sessions_end(struct store *base, const char *provider, const char *id, struct error *error) {
    struct store_sqlite *store = own(base);
    const struct argument arguments[] = {{provider, 0}, {id, 0}};
    bool ready;
    const enum error_code code = open_for_reading(store, &ready, error);
    return ready ? run(store, "DELETE FROM sessions WHERE provider = ?1 AND account = ?2", arguments, 2, error) : code;
}

static enum error_code sessions_expire(struct store *base, int64_t now, size_t limit, struct error *error) {
    struct store_sqlite *store = own(base);
    bool ready;
    const enum error_code code = open_for_reading(store, &ready, error);
    return ready ? remove_expired(store, now, limit, error) : code;
}

static enum error_code user_find_either(struct store *base, const char *provider, const char *id, cJSON **user,
                                        struct error *error) {
    const struct argument arguments[] = {{provider, 0}, {id, 0}};
    return find_document(base,
                         "SELECT document FROM users WHERE provider = ?1 AND (id = ?2 OR user_id = ?2) "
                         "ORDER BY id = ?2 DESC LIMIT 1",
                         arguments, 2, user, error);
}

/* Tokens. */

/* The patch as it applies to a whole document; to be freed with json_free_text. */
static char *document_patch(const struct account_change *change) {
    cJSON *patch = cJSON_CreateObject();
    cJSON *copy = cJSON_Duplicate(change->patch, true);
    char *text = NULL;
    if (copy != NULL && cJSON_AddItemToObject(patch, change->provider, copy))
        text = json_print(patch);
    else
        json_free(copy);
    json_free(patch);
    return text;
}

static enum error_code account_change(struct store *base, const struct account_change *change, bool *changed,
                                      struct error *error) {
    struct store_sqlite *store = own(base);
    bool ready;
    *changed = false;
    enum error_code code = open_for_reading(store, &ready, error);
    if (!ready)
        return code;
    cJSON *now = user_date(change->now);
    char *patch = document_patch(change);
    if (now == NULL || patch == NULL) {
        code = error_out_of_memory(error);
    } else {
        const struct argument arguments[] = {{change->provider, 0},
                                             {change->id, 0},
                                             {patch, 0},
                                             {change->token != NULL ? change->token : "", 0},
                                             {TOKEN_PATH, 0},
                                             {NULL, change->unclaimed},
                                             {json_string(now, "$date"), 0},
                                             {LEASE_PATH, 0}};
        code = run(store,
                   "UPDATE users SET document = json_patch(document, ?3) WHERE provider = ?1 AND id = ?2 "
                   "AND (?4 = '' OR json_extract(document, printf(?5, ?1)) = ?4) "
                   "AND (NOT ?6 OR coalesce(json_extract(document, printf(?8, ?1)), '') <= ?7)",
                   arguments, 8, error);
        *changed = code == ERROR_NONE && sqlite3_changes(store->database) != 0;
    }
    json_free_text(patch);
    json_free(now);
    return code;
}

static enum error_code tokens_each(struct store *base, const struct token_query *query, store_user_visitor visit,
                                   void *context, struct error *error) {
    const bool any = query->expires_before == STORE_ANY_EXPIRY;
    struct lot lot = {.last_row = 0};
    cJSON *before = user_date(any ? 0 : query->expires_before);
    if (before == NULL)
        return error_out_of_memory(error);
    const struct argument arguments[] = {{query->provider, 0},
                                         {query->after, 0},
                                         {json_string(before, "$date"), 0},
                                         {NULL, query->limit < USERS_A_LOT ? (int64_t)query->limit : USERS_A_LOT},
                                         {TOKEN_PATH, 0},
                                         {EXPIRY_PATH, 0},
                                         {INVALID_PATH, 0},
                                         {NULL, any},
                                         {query->except_prefix != NULL ? query->except_prefix : "", 0}};
    const struct query rows = {
        "SELECT provider, id, document, rowid FROM users WHERE provider = ?1 AND id > ?2 AND "
        "CASE WHEN json_valid(document) THEN (?8 OR json_extract(document, printf(?6, ?1)) < ?3) AND "
        "json_extract(document, printf(?5, ?1)) IS NOT NULL AND "
        "(?9 = '' OR substr(json_extract(document, printf(?5, ?1)), 1, length(?9)) <> ?9) AND "
        "(?8 OR json_extract(document, printf(?7, ?1)) IS NULL) ELSE true END "
        "ORDER BY id LIMIT ?4",
        arguments, 9};
    const enum error_code code = each_row(base, &rows, take_user, &lot, error);
    json_free(before);
    return visit_lot(&lot, code, visit, context, error);
}

/* Requests that were carried out. */

static enum error_code take_presence(struct store_sqlite *store, sqlite3_stmt *row, void *context,
                                     struct error *error) {
    (void)store, (void)row, (void)error;
    *(bool *)context = true;
    return ERROR_NONE;
}

static enum error_code request_seen(struct store *base, const char *hash, int64_t now, bool *seen,
                                    struct error *error) {
    const struct argument arguments[] = {{hash, 0}, {NULL, now}};
    const struct query query = {"SELECT 1 FROM requests WHERE hash = ?1 AND expires > ?2", arguments, 2};
    *seen = false;
    return each_row(base, &query, take_presence, seen, error);
}

static enum error_code request_remember(struct store *base, const char *hash, int64_t now, int64_t expires,
                                        struct error *error) {
    struct store_sqlite *store = own(base);
    const struct argument insert[] = {{hash, 0}, {NULL, expires}};
    const struct argument expire[] = {{NULL, now}};
    enum error_code code = begin_writing(store, error);
    if (code != ERROR_NONE)
        return code;
    code = ensure_schema(store, error);
    if (code == ERROR_NONE)
        code = run(store, "DELETE FROM requests WHERE expires <= ?1", expire, 1, error);
    if (code == ERROR_NONE)
        code = run(store, "INSERT OR REPLACE INTO requests (hash, expires) VALUES (?1, ?2)", insert, 2, error);
    return finish(store, code, error);
}

/* Moving between stores. */

static enum error_code put_user(struct store_sqlite *store, const struct store_user *user, struct error *error) {
    char *text = json_print(user->document);
    if (text == NULL)
        return error_out_of_memory(error);
    const struct argument arguments[] = {{user->provider, 0}, {user->id, 0}, {text, 0}, {USER_ID_PATH, 0}};
    const enum error_code code = run(store,
                                     "INSERT INTO users (provider, id, user_id, document) "
                                     "VALUES (?1, ?2, json_extract(?3, printf(?4, ?1)), ?3) ON CONFLICT (provider, id) "
                                     "DO UPDATE SET document = excluded.document, user_id = excluded.user_id",
                                     arguments, 4, error);
    json_free_text(text);
    return code;
}

static enum error_code users_put(struct store *base, const struct store_user *users, size_t count,
                                 struct error *error) {
    struct store_sqlite *store = own(base);
    enum error_code code = begin_writing(store, error);
    if (code != ERROR_NONE)
        return code;
    code = ensure_schema(store, error);
    for (size_t i = 0; code == ERROR_NONE && i < count; i++)
        code = put_user(store, &users[i], error);
    return finish(store, code, error);
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
                                          .account = (const char *)sqlite3_column_text(row, 2),
                                          .created = sqlite3_column_int64(row, 3),
                                          .expires = sqlite3_column_int64(row, 4)};
    (void)store;
    return visit->visit(visit->context, &session, error);
}

static enum error_code sessions_each(struct store *base, int64_t now, store_session_visitor visit, void *context,
                                     struct error *error) {
    const struct argument arguments[] = {{NULL, now}};
    const struct query query = {
        "SELECT sessions.id, provider, account, createdAt, expires FROM sessions WHERE expires > ?1 AND "
        "EXISTS (SELECT 1 FROM users WHERE users.provider = sessions.provider AND users.id = account)",
        arguments, 1};
    struct session_visit session_visit = {visit, context};
    return each_row(base, &query, visit_session, &session_visit, error);
}

static enum error_code session_put(struct store *base, const struct store_session *session, bool *written,
                                   struct error *error) {
    struct store_sqlite *store = own(base);
    const struct argument arguments[] = {{session->id, 0},
                                         {session->provider, 0},
                                         {session->account, 0},
                                         {NULL, session->created},
                                         {NULL, session->expires}};
    enum error_code code = open_for_writing(store, error);
    if (code == ERROR_NONE)
        code = run(store, "INSERT OR REPLACE INTO " SESSION_OF_USER, arguments, 5, error);
    *written = code == ERROR_NONE && sqlite3_changes(store->database) != 0;
    return code;
}

/* A backup that was put back is another file. */
static bool is_current(const struct store *base) {
    const struct store_sqlite *store = (const struct store_sqlite *)base;
    struct stat status;
    return store->database == NULL ||
           (stat(store->path, &status) == 0 && status.st_dev == store->device && status.st_ino == store->inode);
}

static void close_store(struct store *base) {
    struct store_sqlite *store = own(base);
    sqlite3_close(store->database);
    free(store->path);
    free(store);
}

static const struct store_backend backend = {.close = close_store,
                                             .is_current = is_current,
                                             .setup = setup,
                                             .probe = probe,
                                             .sign_in = sign_in_user,
                                             .session_user = session_user,
                                             .session_end = session_end,
                                             .user_find = user_find,
                                             .users_each = users_each,
                                             .user_delete = user_delete,
                                             .sessions_end = sessions_end,
                                             .sessions_expire = sessions_expire,
                                             .user_find_either = user_find_either,
                                             .account_change = account_change,
                                             .tokens_each = tokens_each,
                                             .request_seen = request_seen,
                                             .request_remember = request_remember,
                                             .users_put = users_put,
                                             .sessions_each = sessions_each,
                                             .session_put = session_put};

enum error_code store_sqlite_open(const char *path, struct store **store, struct error *error) {
    *store = NULL;
    struct store_sqlite *opened = calloc(1, sizeof *opened);
    char *copy = strdup(path);
    if (opened == NULL || copy == NULL) {
        free(opened);
        free(copy);
        return error_out_of_memory(error);
    }
    opened->base.backend = &backend;
    opened->path = copy;
    *store = &opened->base;
    return ERROR_NONE;
}

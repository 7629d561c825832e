/* A file of schema 1, which had a row of `users` for each account, becomes one of schema 2: whatever comes first, with
 * everything that was in it, for one process of several, and whole wherever it is killed.
 * SPDX-License-Identifier: MIT */
#include "folder.h"
#include "sample.h"
#include "sqlite_file.h"

#include "program/store_open.h"
#include "store/store.h"

#include <signal.h>
#include <sys/wait.h>

static const int64_t NOW = SAMPLE_NOW;

static const char SCHEMA_1[] =
    "CREATE TABLE users (provider TEXT NOT NULL, id TEXT NOT NULL, user_id TEXT, document TEXT NOT NULL,"
    " PRIMARY KEY (provider, id));"
    "CREATE INDEX users_user_id ON users (provider, user_id);"
    "CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, user TEXT NOT NULL, provider TEXT NOT NULL,"
    " account TEXT NOT NULL, createdAt INTEGER NOT NULL, expires INTEGER NOT NULL);"
    "CREATE INDEX sessions_expires ON sessions (expires);"
    "CREATE INDEX sessions_account ON sessions (provider, account);"
    "CREATE TABLE requests (hash TEXT NOT NULL PRIMARY KEY, expires INTEGER NOT NULL);"
    "PRAGMA user_version = 1;";

/* The first versions had no claims of logins. */
static const char LOGINS_1[] =
    "CREATE TABLE logins (id TEXT NOT NULL PRIMARY KEY, claimedAt INTEGER NOT NULL, outcome TEXT,"
    " expires INTEGER NOT NULL);"
    "CREATE TRIGGER sessions_end AFTER DELETE ON sessions BEGIN"
    " UPDATE logins SET outcome = 'ended' WHERE id = old.id; END;";

/* Users of every kind, each after what was to be told of it. */
static const char USERS[] =
    /* One like all others, with a member of another program and a number that must stay as it is written. */
    "INSERT INTO users VALUES ('instagram', '7', '42', '{\"_id\":\"instagram:7\",\"instagram\":{\"id\":\"7\","
    "\"n\":1.50},\"theirs\":[1]}');"
    /* One who came from MongoDB with two accounts, and has signed in by each since. */
    "INSERT INTO users VALUES ('instagram', 'm', NULL, '{\"_id\":{\"$oid\":\"507f1f77bcf86cd799439011\"},"
    "\"instagram\":{\"id\":\"m\",\"bio\":\"new\"},\"google\":{\"id\":\"gm\",\"bio\":\"old\"},"
    "\"lastLoginAt\":{\"$date\":\"2025-01-01T00:00:00.000Z\"}}');"
    "INSERT INTO users VALUES ('google', 'gm', '43', '{\"_id\":{\"$oid\":\"507f1f77bcf86cd799439011\"},"
    "\"instagram\":{\"id\":\"m\",\"bio\":\"old\"},\"google\":{\"id\":\"gm\",\"bio\":\"newer\"},"
    "\"lastLoginAt\":{\"$date\":\"2025-02-01T00:00:00.000Z\"}}');"
    /* An account without a row: nobody has it. */
    "INSERT INTO users VALUES ('instagram', 'l', NULL, '{\"_id\":\"instagram:l\",\"instagram\":{\"id\":\"l\"},"
    "\"gitlab\":{\"id\":\"ll\",\"user_id\":\"44\"},\"Facebook\":{\"id\":\"x\"},\"line\":{\"id\":5}}');"
    /* Accounts that others have: of somebody who came before, and of one who comes behind. */
    "INSERT INTO users VALUES ('line', 'a', NULL, '{\"_id\":\"line:a\",\"line\":{\"id\":\"a\"},"
    "\"instagram\":{\"id\":\"7\"},\"github\":{\"id\":\"b\",\"x\":1}}');"
    "INSERT INTO users VALUES ('github', 'b', NULL, '{\"_id\":\"github:b\",\"github\":{\"id\":\"b\"}}');"
    /* The same _id by chance, from two databases. */
    "INSERT INTO users VALUES ('instagram', 'i1', NULL, '{\"_id\":1,\"instagram\":{\"id\":\"i1\"}}');"
    "INSERT INTO users VALUES ('github', 'i2', NULL, '{\"_id\":1,\"github\":{\"id\":\"i2\"}}');"
    /* What cannot be read, or has lost its account. */
    "INSERT INTO users VALUES ('instagram', 'bad1', NULL, '{'), ('instagram', 'bad2', NULL, ''),"
    " ('instagram', 'bad3', NULL, '[]'), ('instagram', 'bad4', NULL, x'00ff'), ('instagram', 'bad5', NULL, '{}'),"
    " ('instagram', 'bad6', NULL, '{\"instagram\":{\"id\":\"7\"}}');";

static const char SESSIONS[] =
    "INSERT INTO sessions VALUES ('s7', 'instagram:7', 'instagram', '7', 1764000000000, 1764000900000),"
    " ('sm', '507f1f77bcf86cd799439011', 'instagram', 'm', 1764000000000, 1764000900000),"
    " ('sg', '507f1f77bcf86cd799439011', 'google', 'gm', 1764000000000, 1764000900000),"
    " ('lost', 'instagram:8', 'instagram', '8', 1764000000000, 1764000900000);"
    "INSERT INTO requests VALUES ('h', 1764000900000);";

/* Each user with all accounts (PROVIDER:ID, and /OTHER ID) and the document. */
static const char DUMP[] =
    "SELECT group_concat(line, char(10)) FROM (SELECT coalesce((SELECT group_concat(account, ' ') FROM "
    "(SELECT provider || ':' || id || coalesce('/' || other_id, '') AS account FROM accounts "
    "WHERE accounts.user = users.user ORDER BY rowid)), '-') || ' ' || CASE typeof(document) WHEN 'text' "
    "THEN document ELSE hex(document) END AS line FROM users ORDER BY user)";

static const char MOVED[] =
    "instagram:7/42 {\"_id\":\"instagram:7\",\"instagram\":{\"id\":\"7\",\"n\":1.50},\"theirs\":[1]}\n"
    "instagram:m google:gm/43 {\"_id\":{\"$oid\":\"507f1f77bcf86cd799439011\"},\"instagram\":{\"id\":\"m\","
    "\"bio\":\"new\"},\"google\":{\"id\":\"gm\",\"bio\":\"newer\"},"
    "\"lastLoginAt\":{\"$date\":\"2025-02-01T00:00:00.000Z\"}}\n"
    "instagram:l gitlab:ll/44 {\"_id\":\"instagram:l\",\"instagram\":{\"id\":\"l\"},"
    "\"gitlab\":{\"id\":\"ll\",\"user_id\":\"44\"},\"Facebook\":{\"id\":\"x\"},\"line\":{\"id\":5}}\n"
    "line:a {\"_id\":\"line:a\",\"line\":{\"id\":\"a\"},"
    "\"instagram:former\":{\"id\":\"7\"},\"github:former\":{\"id\":\"b\",\"x\":1}}\n"
    "github:b {\"_id\":\"github:b\",\"github\":{\"id\":\"b\"}}\n"
    "instagram:i1 {\"_id\":1,\"instagram\":{\"id\":\"i1\"}}\n"
    "github:i2 {\"_id\":1,\"github\":{\"id\":\"i2\"}}\n"
    "instagram:bad1 {\n"
    "instagram:bad2 \n"
    "instagram:bad3 []\n"
    "instagram:bad4 00FF\n"
    "instagram:bad5 {}\n"
    "instagram:bad6 {\"instagram\":{\"id\":\"7\"}}";

struct fixture {
    struct folder folder;
    char path[PATH_MAX];
    char uri[PATH_MAX + 16];
    struct store *store;
    struct error error;
};

static void open_again(struct fixture *fixture) {
    store_close(fixture->store);
    assert_int_equal(store_open(fixture->uri, "/", NULL, &fixture->store, &fixture->error), ERROR_NONE);
}

/* Puts a file of schema 1 in the store's place. */
static void make_schema_1(struct fixture *fixture, bool with_logins, const char *users) {
    store_close(fixture->store);
    fixture->store = NULL;
    unlink(fixture->path);
    run_sql(fixture->path, SCHEMA_1);
    if (with_logins)
        run_sql(fixture->path, LOGINS_1);
    run_sql(fixture->path, users);
    run_sql(fixture->path, SESSIONS);
    assert_int_equal(chmod(fixture->path, 0600), 0);
    open_again(fixture);
}

static int open_store(void **state) {
    static struct fixture fixture;
    fixture = (struct fixture){.store = NULL};
    folder_make(&fixture.folder);
    snprintf(fixture.path, sizeof fixture.path, "%s", folder_path(&fixture.folder, "users.db"));
    snprintf(fixture.uri, sizeof fixture.uri, "sqlite://%s", fixture.path);
    *state = &fixture;
    return 0;
}

static int close_store(void **state) {
    struct fixture *fixture = *state;
    store_close(fixture->store);
    folder_remove(&fixture->folder);
    return 0;
}

static enum error_code sign_in(struct store *store, const char *provider, const char *id, const char *session_id,
                               struct error *error) {
    cJSON *profile = sample_json("{\"bio\":\"b\"}");
    const struct credentials none = {.members = NULL};
    const struct sign_in record = {.provider = provider,
                                   .id = id,
                                   .profile = profile,
                                   .credentials = &none,
                                   .session_id = session_id,
                                   .now = NOW,
                                   .session_expires = NOW + 1000};
    const enum error_code code = store_sign_in(store, &record, error);
    json_free(profile);
    return code;
}

/* True if the session shows this account. */
static bool shows(struct fixture *fixture, const char *session_id, const char *provider, const char *id) {
    struct session_user user;
    assert_row(store_session_user(fixture->store, session_id, NOW, &user, &fixture->error) == ERROR_NONE,
               fixture->error.cause);
    const bool right =
        same(json_string(json_member(user.document, provider), "id"), id) && same(user.provider, provider);
    json_free(user.document);
    return right;
}

static int64_t version_of(const struct fixture *fixture) {
    return query_number(fixture->path, "PRAGMA user_version");
}

/* What the file must hold after the move; it is moved now, if it was not. */
static void assert_moved(struct fixture *fixture) {
    assert_true(shows(fixture, "s7", "instagram", "7") && shows(fixture, "sm", "instagram", "m") &&
                shows(fixture, "sg", "google", "gm"));
    char *users = query_text(fixture->path, DUMP);
    assert_string_equal(users, MOVED);
    free(users);
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM sessions"), 3);
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM requests"), 1);
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"), 5);
    assert_int_equal(
        query_number(fixture->path, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
}

static void moves_everything(void **state) {
    struct fixture *fixture = *state;
    for (int with_logins = 0; with_logins <= 1; with_logins++) {
        make_schema_1(fixture, with_logins == 1, USERS);
        if (with_logins == 1)
            run_sql(fixture->path, "INSERT INTO logins VALUES ('s7', 1, NULL, 9000000000000), "
                                   "('lost', 1, NULL, 9000000000000), ('f', 1, 'not_allowed', 9000000000000)");
        assert_true(shows(fixture, "s7", "instagram", "7"));
        assert_int_equal(version_of(fixture), 2);
        assert_moved(fixture);
        /* Claims stay what they were, and a session whose user had gone counts as ended. */
        assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM logins WHERE (id, outcome) IN "
                                                     "(VALUES ('lost', 'ended'), ('f', 'not_allowed'))"),
                         2 * with_logins);
        run_sql(fixture->path, "INSERT OR IGNORE INTO logins VALUES ('s7', 1, NULL, 9000000000000)");
        assert_int_equal(store_session_end(fixture->store, "s7", &fixture->error), ERROR_NONE);
        assert_int_equal(query_number(fixture->path, "SELECT outcome = 'ended' FROM logins WHERE id = 's7'"), 1);
    }
}

static enum error_code collect(void *context, const char *provider, const char *id, const cJSON *document,
                               struct error *error) {
    (void)error;
    buffer_append_format(context, "%s%s:%s,", document != NULL ? "" : "?", provider, id);
    return ERROR_NONE;
}

/* Users are met once each, in the old order, and any of the accounts leads to them. */
static void moved_users_are_as_new_ones(void **state) {
    struct fixture *fixture = *state;
    struct buffer seen = BUFFER_EMPTY;
    bool deleted;
    make_schema_1(fixture, true, USERS);
    assert_int_equal(store_users_each(fixture->store, collect, &seen, &fixture->error), ERROR_NONE);
    assert_string_equal(buffer_text(&seen),
                        "instagram:7,instagram:m,instagram:l,line:a,github:b,instagram:i1,github:i2,?instagram:bad1,"
                        "?instagram:bad2,?instagram:bad3,?instagram:bad4,instagram:bad5,instagram:7,");
    buffer_free(&seen);
    assert_row(sign_in(fixture->store, "gitlab", "ll", "s1", &fixture->error) == ERROR_NONE, fixture->error.cause);
    assert_true(shows(fixture, "s1", "gitlab", "ll"));
    assert_int_equal(store_user_delete(fixture->store, "google", "gm", &deleted, &fixture->error), ERROR_NONE);
    assert_true(deleted);
    assert_false(shows(fixture, "sm", "instagram", "m"));
}

/* Whatever is asked first. */

static enum error_code visit_session(void *context, const struct store_session *session, struct error *error) {
    (void)context, (void)session, (void)error;
    return ERROR_NONE;
}

static enum error_code ask(struct store *store, int what, struct error *error) {
    cJSON *document = NULL, *patch = sample_json("{\"x\":1}");
    struct session_user user = {.document = NULL};
    struct login login;
    bool flag;
    const struct user_query query = {.provider = "instagram", .id = "42", .or_user_id = true};
    const struct login_claim claim = {.session_id = "new", .now = NOW, .remember_until = NOW + 660};
    const struct store_request request = {.hash = "h", .now = NOW};
    const struct account_change change = {.provider = "instagram", .id = "7", .patch = patch, .now = NOW};
    const struct token_query tokens = {.provider = "instagram", .after = "", .limit = 1};
    struct buffer seen = BUFFER_EMPTY;
    enum error_code code = ERROR_INTERNAL;
    switch (what) {
    case 0: code = store_setup(store, (const char *const[]){NULL}, error); break;
    case 1: code = store_session_user(store, "s7", NOW, &user, error); break;
    case 2: code = store_user_find(store, &query, &document, error); break;
    case 3: code = store_users_each(store, collect, &seen, error); break;
    case 4: code = store_sessions_each(store, NOW, visit_session, NULL, error); break;
    case 5: code = store_sessions_of(store, "s7", NOW, visit_session, NULL, error); break;
    case 6: code = store_tokens_each(store, &tokens, collect, &seen, error); break;
    case 7: code = store_login_find(store, "s7", &login, error); break;
    case 8: code = store_login_claim(store, &claim, &flag, error); break;
    case 9: code = store_login_fail(store, "s9", ERROR_PROVIDER, error); break;
    case 10: code = store_request(store, &request, &flag, error); break;
    case 11: code = store_account_change(store, &change, &flag, error); break;
    case 12: code = store_session_end(store, "s9", error); break;
    case 13: code = store_sessions_end(store, "instagram", "9", error); break;
    case 14: code = store_sessions_end_by_sid(store, "instagram", "9", error); break;
    case 15: code = store_sessions_expire(store, 0, 1, error); break;
    case 16: code = store_user_delete(store, "instagram", "9", &flag, error); break;
    case 17: code = store_account_remove(store, "instagram", "9", &flag, error); break;
    case 18: code = store_users_put(store, NULL, 0, error); break;
    default: break;
    }
    json_free(document);
    json_free(user.document);
    json_free(patch);
    buffer_free(&seen);
    return code;
}

static void any_operation_moves_the_file(void **state) {
    struct fixture *fixture = *state;
    for (int what = 0; what <= 18; what++) {
        char row[16];
        snprintf(row, sizeof row, "%d", what);
        make_schema_1(fixture, what % 2 == 0, USERS);
        assert_row(ask(fixture->store, what, &fixture->error) == ERROR_NONE, fixture->error.cause);
        assert_row(version_of(fixture) == 2, row);
        assert_true(shows(fixture, "sg", "google", "gm"));
    }
}

/* `check` changes nothing. */
static void probing_leaves_the_file(void **state) {
    struct fixture *fixture = *state;
    enum store_state found;
    make_schema_1(fixture, false, USERS);
    assert_row(store_probe(fixture->store, &found, &fixture->error) == ERROR_NONE, fixture->error.cause);
    assert_int_equal(found, STORE_IS_OLDER);
    assert_int_equal(version_of(fixture), 1);
}

/* A view is the owner's: it may be of no use afterwards, but must not stand in the way. */
static void what_the_owner_added_does_not_matter(void **state) {
    struct fixture *fixture = *state;
    make_schema_1(fixture, true, USERS);
    run_sql(fixture->path, "CREATE VIEW people AS SELECT id, document FROM users; CREATE TABLE notes (x);"
                           "CREATE VIEW lately AS SELECT account FROM sessions");
    assert_true(shows(fixture, "s7", "instagram", "7"));
    assert_int_equal(version_of(fixture), 2);
}

/* Called for each connection that is opened. */
static int small_file(sqlite3 *database, char **message, const void *routines) {
    (void)message, (void)routines;
    return sqlite3_exec(database, "PRAGMA max_page_count = 40", NULL, NULL, NULL);
}

static void a_move_that_fails_changes_nothing(void **state) {
    struct fixture *fixture = *state;
    make_schema_1(fixture, true,
                  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO users "
                  "SELECT 'instagram', i, NULL, json_object('_id', i, 'x', hex(zeroblob(300))) FROM n");
    char *before = query_text(fixture->path, "SELECT group_concat(document) FROM users");
    sqlite3_auto_extension((void (*)(void))small_file);
    assert_int_equal(sign_in(fixture->store, "instagram", "7", "s1", &fixture->error), ERROR_STORE_UNAVAILABLE);
    sqlite3_reset_auto_extension();
    assert_row(contains(fixture->error.cause, "free some space"), fixture->error.cause);
    assert_int_equal(version_of(fixture), 1);
    char *after = query_text(fixture->path, "SELECT group_concat(document) FROM users");
    assert_string_equal(after, before);
    free(before);
    free(after);
    open_again(fixture);
    assert_int_equal(sign_in(fixture->store, "instagram", "7", "s1", &fixture->error), ERROR_NONE);
}

/* How a process of its own says that all went well. Its exit status tells nothing: valgrind has one of its own for what
 * such a process inherits. */
enum { WELL = SIGUSR1, BADLY = SIGUSR2 };

static void only_one_of_several_processes_moves_it(void **state) {
    struct fixture *fixture = *state;
    enum { CHILDREN = 6 };
    int start[2];
    make_schema_1(fixture, true, USERS);
    store_close(fixture->store);
    fixture->store = NULL;
    assert_int_equal(pipe(start), 0);
    for (int i = 0; i < CHILDREN; i++) {
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child != 0)
            continue;
        char byte, session[8];
        close(start[1]);
        snprintf(session, sizeof session, "c%d", i);
        const bool begun = read(start[0], &byte, 1) == 0 &&
                           store_open(fixture->uri, "/", NULL, &fixture->store, &fixture->error) == ERROR_NONE;
        raise(begun && (i % 2 == 0 ? shows(fixture, "sm", "instagram", "m")
                                   : sign_in(fixture->store, "google", "gm", session, &fixture->error) == ERROR_NONE)
                  ? WELL
                  : BADLY);
    }
    close(start[0]);
    close(start[1]); /* here they all go */
    for (int i = 0; i < CHILDREN; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == WELL);
    }
    open_again(fixture);
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM users"), 13);
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM sessions"), 3 + CHILDREN / 2);
}

/* Killed at every write. SQLite is made to call these in place of what changes a file; at one of the calls the process
 * dies, before it or in its middle. Few pages are kept in memory, so that what is half done is already in the file. */

static int calls_left;
static bool in_the_middle;

static bool is_last_call(void) {
    return calls_left-- == 0;
}

static ssize_t dying_write(int descriptor, const void *data, size_t len) {
    if (is_last_call())
        raise(in_the_middle && write(descriptor, data, len / 2) < 0 ? BADLY : SIGKILL);
    return write(descriptor, data, len);
}

static ssize_t dying_pwrite(int descriptor, const void *data, size_t len, off_t at) {
    if (is_last_call())
        raise(in_the_middle && pwrite(descriptor, data, len / 2, at) < 0 ? BADLY : SIGKILL);
    return pwrite(descriptor, data, len, at);
}

static int dying_ftruncate(int descriptor, off_t len) {
    if (is_last_call())
        raise(SIGKILL);
    return ftruncate(descriptor, len);
}

static int dying_unlink(const char *path) {
    if (is_last_call())
        raise(SIGKILL);
    return unlink(path);
}

static int small_cache(sqlite3 *database, char **message, const void *routines) {
    (void)message, (void)routines;
    return sqlite3_exec(database, "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; PRAGMA synchronous = OFF", NULL, NULL,
                        NULL);
}

static void move_and_die(const struct fixture *fixture) {
    static const struct {
        const char *name;
        sqlite3_syscall_ptr call;
    } calls[] = {{"write", (sqlite3_syscall_ptr)dying_write},
                 {"pwrite", (sqlite3_syscall_ptr)dying_pwrite},
                 {"pwrite64", (sqlite3_syscall_ptr)dying_pwrite},
                 {"ftruncate", (sqlite3_syscall_ptr)dying_ftruncate},
                 {"unlink", (sqlite3_syscall_ptr)dying_unlink}};
    struct session_user user;
    struct store *store;
    struct error error;
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    for (size_t i = 0; i < COUNT(calls); i++)
        vfs->xSetSystemCall(vfs, calls[i].name, calls[i].call);
    sqlite3_auto_extension((void (*)(void))small_cache);
    const bool moved = store_open(fixture->uri, "/", NULL, &store, &error) == ERROR_NONE &&
                       store_session_user(store, "s7", NOW, &user, &error) == ERROR_NONE && user.document != NULL;
    raise(moved ? WELL : BADLY);
}

/* The contents of a file (free). */
static char *read_whole(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *data = malloc(1 << 20);
    assert_non_null(data);
    *len = fread(data, 1, 1 << 20, file);
    fclose(file);
    return data;
}

static void write_whole(const char *path, const char *data, size_t len) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    fclose(file);
}

static const char OLD_CONTENT[] =
    "SELECT (SELECT group_concat(provider || id || hex(document)) FROM users) || "
    "(SELECT group_concat(id || user || account) FROM sessions) || (SELECT group_concat(sql) FROM sqlite_schema)";

/* Runs the move until its nth write; returns whether it came to its end before. */
static bool dies_at(struct fixture *fixture, int call) {
    int status;
    calls_left = call;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        move_and_die(fixture);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == WELL));
    return WTERMSIG(status) == WELL;
}

/* valgrind looks at what a process does, and not at where it ends: few places are enough for it, and take long. */
static int step(void) {
    const char *preloaded = getenv("LD_PRELOAD");
    return preloaded != NULL && contains(preloaded, "vgpreload") ? 17 : 1;
}

static void killed_at_every_write(void **state) {
    struct fixture *fixture = *state;
    size_t len;
    int calls = 0;
    make_schema_1(fixture, true, USERS);
    store_close(fixture->store);
    fixture->store = NULL;
    char *file = read_whole(fixture->path, &len);
    char *before = query_text(fixture->path, OLD_CONTENT);
    for (bool ended = false; !ended; calls += step()) {
        in_the_middle = calls % 2 == 1;
        unlink(folder_path(&fixture->folder, "users.db-journal"));
        write_whole(fixture->path, file, len);
        ended = dies_at(fixture, calls);
        /* Whoever looks next finds all as it was, or all done; and the move succeeds from there. */
        if (version_of(fixture) == 1) {
            char *now = query_text(fixture->path, OLD_CONTENT);
            assert_string_equal(now, before);
            free(now);
        }
        open_again(fixture);
        assert_moved(fixture);
        assert_int_equal(version_of(fixture), 2);
        store_close(fixture->store);
        fixture->store = NULL;
    }
    assert_true(calls > 50);
    free(file);
    free(before);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
#define ON_A_FILE(test) cmocka_unit_test_setup_teardown(test, open_store, close_store)
    const struct CMUnitTest tests[] = {ON_A_FILE(moves_everything),
                                       ON_A_FILE(moved_users_are_as_new_ones),
                                       ON_A_FILE(any_operation_moves_the_file),
                                       ON_A_FILE(probing_leaves_the_file),
                                       ON_A_FILE(what_the_owner_added_does_not_matter),
                                       ON_A_FILE(a_move_that_fails_changes_nothing),
                                       ON_A_FILE(only_one_of_several_processes_moves_it),
                                       ON_A_FILE(killed_at_every_write)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

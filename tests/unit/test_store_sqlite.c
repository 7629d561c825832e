/* What only the SQLite backend has, on a real file (test_store_contract.c has what every backend promises): the first
 * sign-in makes the file, and reading does not; its mode, whatever the umask; times as they are stored; files and
 * folders that are not ours, missing or cannot be written to; a newer schema; corrupted documents; several processes at
 * once; killed processes.
 * SPDX-License-Identifier: MIT */
#include "folder.h"
#include "sample.h"
#include "sqlite_file.h"

#include "base/text.h"
#include "program/store_open.h"
#include "store/store.h"
#include "store/user.h"

#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

static const int64_t NOW = SAMPLE_NOW;

static const char *const providers[] = {"instagram", NULL};

struct fixture {
    struct folder folder;
    char path[PATH_MAX];
    char uri[PATH_MAX + 16];
    struct store *store;
    struct error error;
};

static int open_store(void **state) {
    static struct fixture fixture;
    fixture = (struct fixture){.store = NULL};
    folder_make(&fixture.folder);
    snprintf(fixture.path, sizeof fixture.path, "%s", folder_path(&fixture.folder, "users.db"));
    snprintf(fixture.uri, sizeof fixture.uri, "sqlite://%s", fixture.path);
    assert_int_equal(store_open(fixture.uri, "/", NULL, &fixture.store, &fixture.error), ERROR_NONE);
    *state = &fixture;
    return 0;
}

static int close_store(void **state) {
    struct fixture *fixture = *state;
    store_close(fixture->store);
    folder_remove(&fixture->folder);
    return 0;
}

static enum error_code sign_in_with(struct store *store, const char *id, const char *profile_text,
                                    const struct credentials *credentials, const char *session_id, int64_t now,
                                    struct error *error) {
    cJSON *profile = sample_json(profile_text);
    const struct sign_in sign_in = {.provider = "instagram",
                                    .id = id,
                                    .profile = profile,
                                    .credentials = credentials,
                                    .session_id = session_id,
                                    .now = now,
                                    .session_expires = now + 1000};
    const enum error_code code = store_sign_in(store, &sign_in, error);
    json_free(profile);
    return code;
}

static enum error_code sign_in(struct store *store, const char *id, const char *profile_text, const char *session_id,
                               int64_t now, struct error *error) {
    const struct credentials none = {.members = NULL};
    return sign_in_with(store, id, profile_text, &none, session_id, now, error);
}

/* The user's document as text (free), or NULL. */
static char *user_text(struct fixture *fixture, const char *id) {
    cJSON *user = NULL;
    assert_int_equal(store_user_find(fixture->store, &(struct user_query){.provider = "instagram", .id = id}, &user,
                                     &fixture->error),
                     ERROR_NONE);
    char *text = user != NULL ? json_print(user) : NULL;
    json_free(user);
    return text;
}

static bool has_session(struct fixture *fixture, const char *session_id, int64_t now) {
    struct session_user user;
    assert_int_equal(store_session_user(fixture->store, session_id, now, &user, &fixture->error), ERROR_NONE);
    json_free(user.document);
    return user.document != NULL;
}

static void first_sign_in_makes_everything(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(access(fixture->path, F_OK), -1);
    assert_null(user_text(fixture, "7"));
    assert_int_equal(access(fixture->path, F_OK), -1);
    assert_int_equal(
        sign_in(fixture->store, "7", "{\"id\":\"7\",\"bio\":\"\xC3\xA9'\\\"\"}", "s1", NOW, &fixture->error),
        ERROR_NONE);
    char *text = user_text(fixture, "7");
    assert_string_equal(text, "{\"_id\":\"instagram:7\",\"instagram\":{\"id\":\"7\",\"bio\":\"\xC3\xA9'\\\"\"},"
                              "\"createdAt\":{\"$date\":\"2025-11-24T16:00:00.000Z\"},"
                              "\"lastLoginAt\":{\"$date\":\"2025-11-24T16:00:00.000Z\"}}");
    assert_true(has_session(fixture, "s1", NOW));
    json_free_text(text);
}

static void removes_a_bounded_number_of_expired_sessions(void **state) {
    struct fixture *fixture = *state;
    sign_in(fixture->store, "7", "{}", "s0", NOW, &fixture->error);
    run_sql(fixture->path, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) INSERT INTO "
                           "sessions SELECT 'old' || i, 1, 'instagram', '', NULL, 1, 2 FROM n");
    sign_in(fixture->store, "7", "{}", "s1", NOW, &fixture->error);
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM sessions WHERE id LIKE 'old%'"),
                     50 - EXPIRED_SESSIONS_PER_SIGN_IN);
    assert_true(has_session(fixture, "s0", NOW) && has_session(fixture, "s1", NOW));
}

static enum error_code collect(void *context, const char *provider, const char *id, const cJSON *document,
                               struct error *error) {
    struct buffer *ids = context;
    assert_string_equal(provider, "instagram");
    buffer_append_format(ids, "%s%s,", cJSON_IsObject(document) ? "" : "?", id);
    return strcmp(id, "stop") == 0 ? error_set(error, ERROR_INTERNAL, "stopped") : ERROR_NONE;
}

static bool request_is_seen(struct fixture *fixture, const char *hash, int64_t now, int64_t remember_until) {
    bool seen = true;
    const struct store_request request = {.hash = hash, .now = now, .remember_until = remember_until};
    assert_int_equal(store_request(fixture->store, &request, &seen, &fixture->error), ERROR_NONE);
    return seen;
}

static void remembers_requests(void **state) {
    struct fixture *fixture = *state;
    assert_false(request_is_seen(fixture, "h1", NOW, 0));
    assert_int_equal(access(fixture->path, F_OK), -1);
    assert_false(request_is_seen(fixture, "h1", NOW, NOW + 10));
    assert_true(request_is_seen(fixture, "h1", NOW, NOW + 10));
    assert_true(request_is_seen(fixture, "h1", NOW + 9, 0));
    assert_false(request_is_seen(fixture, "h1", NOW + 10, 0));
    assert_false(request_is_seen(fixture, "h2", NOW, 0));
    assert_false(request_is_seen(fixture, "h2", NOW + 10, NOW + 20));
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM requests"), 1);
}

/* What is in the table already, of any version, stays readable: times are milliseconds there. */
static void times_are_milliseconds_in_the_file(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(sign_in(fixture->store, "7", "{}", "s1", NOW, &fixture->error), ERROR_NONE);
    assert_true(query_number(fixture->path, "SELECT createdAt FROM sessions") == NOW * 1000);
    assert_true(query_number(fixture->path, "SELECT expires FROM sessions") == (NOW + 1000) * 1000);
    assert_false(request_is_seen(fixture, "h1", NOW, NOW + 10));
    assert_true(query_number(fixture->path, "SELECT expires FROM requests") == (NOW + 10) * 1000);
}

static mode_t mode_of(const char *path) {
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 07777;
}

static void file_is_private_whatever_the_umask(void **state) {
    struct fixture *fixture = *state;
    static const mode_t masks[] = {0, 022, 077, 0177, 0777};
    const mode_t before = umask(0);
    for (size_t i = 0; i < COUNT(masks); i++) {
        umask(masks[i]);
        const enum error_code code = store_setup(fixture->store, providers, &fixture->error);
        umask(before);
        assert_int_equal(code, ERROR_NONE);
        assert_int_equal(mode_of(fixture->path), 0600);
        store_close(fixture->store);
        unlink(fixture->path);
        assert_int_equal(store_open(fixture->uri, "/", NULL, &fixture->store, &fixture->error), ERROR_NONE);
    }
}

static void wide_file_is_closed_again(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(store_setup(fixture->store, providers, &fixture->error), ERROR_NONE);
    store_close(fixture->store);
    assert_int_equal(chmod(fixture->path, 0666), 0);
    assert_int_equal(store_open(fixture->uri, "/", NULL, &fixture->store, &fixture->error), ERROR_NONE);
    assert_int_equal(sign_in(fixture->store, "7", "{}", "s1", NOW, &fixture->error), ERROR_NONE);
    assert_int_equal(mode_of(fixture->path), 0600);
}

static void setup_and_probe(void **state) {
    struct fixture *fixture = *state;
    enum store_state found = STORE_IS_READY;
    assert_int_equal(store_probe(fixture->store, &found, &fixture->error), ERROR_NONE);
    assert_int_equal(found, STORE_IS_ABSENT);
    assert_int_equal(access(fixture->path, F_OK), -1);
    assert_int_equal(store_setup(fixture->store, providers, &fixture->error), ERROR_NONE);
    assert_int_equal(store_setup(fixture->store, providers, &fixture->error), ERROR_NONE);
    assert_int_equal(store_probe(fixture->store, &found, &fixture->error), ERROR_NONE);
    assert_int_equal(found, STORE_IS_READY);
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%probe%'"), 0);
    assert_int_equal(sign_in(fixture->store, "7", "{}", "s1", NOW, &fixture->error), ERROR_NONE);
}

static bool read_start(const char *path, char *out, size_t size) {
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t len = read(descriptor, out, size - 1);
    close(descriptor);
    out[len > 0 ? len : 0] = '\0';
    return len >= 0;
}

/* All that can be asked of a store fails in the same way, with a cause that names the file. */
static void assert_unusable(struct fixture *fixture, const char *part) {
    struct session_user owner;
    cJSON *user = NULL;
    bool flag;
    enum store_state found;
    struct error *error = &fixture->error;
    assert_int_equal(sign_in(fixture->store, "7", "{}", "s1", NOW, error), ERROR_STORE_UNAVAILABLE);
    assert_row(contains(error->cause, fixture->path) && contains(error->cause, part), error->cause);
    assert_int_equal(
        store_user_find(fixture->store, &(struct user_query){.provider = "instagram", .id = "7"}, &user, error),
        ERROR_STORE_UNAVAILABLE);
    assert_null(user);
    assert_int_equal(store_session_user(fixture->store, "s1", NOW, &owner, error), ERROR_STORE_UNAVAILABLE);
    assert_null(owner.document);
    assert_int_equal(store_session_end(fixture->store, "s1", error), ERROR_STORE_UNAVAILABLE);
    assert_int_equal(store_user_delete(fixture->store, "instagram", "7", &flag, error), ERROR_STORE_UNAVAILABLE);
    assert_int_equal(store_users_each(fixture->store, collect, NULL, error), ERROR_STORE_UNAVAILABLE);
    assert_int_equal(store_probe(fixture->store, &found, error), ERROR_STORE_UNAVAILABLE);
    assert_int_equal(found, STORE_IS_ABSENT);
    assert_row(contains(error->cause, part), error->cause);
}

static void file_of_another_kind(void **state) {
    struct fixture *fixture = *state;
    char text[4096];
    static const char *const starts[] = {"no database\n", "{}", "SQLite format 2", "x"};
    for (size_t i = 0; i < COUNT(starts); i++) {
        folder_write(&fixture->folder, "users.db", repeat(text, starts[i], i == 0 ? 300 : 1), 0644);
        assert_unusable(fixture, "is no SQLite database");
        assert_true(contains(fixture->error.cause, "backup"));
        assert_int_equal(mode_of(fixture->path), 0644);
        assert_true(read_start(fixture->path, text, sizeof text) && strncmp(text, starts[i], strlen(starts[i])) == 0);
    }
}

/* The home folder, whose file's name was forgotten: were its mode changed, no web server could enter it any more. */
static void folder_in_its_place(void **state) {
    struct fixture *fixture = *state;
    folder_subfolder(&fixture->folder, "users.db");
    assert_int_equal(chmod(fixture->path, 0755), 0);
    assert_unusable(fixture, "users.db is a folder; write a file's name after it");
    assert_int_equal(mode_of(fixture->path), 0755);
    assert_int_equal(store_setup(fixture->store, providers, &fixture->error), ERROR_STORE_UNAVAILABLE);
    assert_true(contains(fixture->error.cause, "is a folder"));
    assert_int_equal(mode_of(fixture->path), 0755);
}

static void folder_with_a_slash(void **state) {
    struct fixture *fixture = *state;
    static const char *const names[] = {"there", "nothing"};
    folder_subfolder(&fixture->folder, "there");
    for (size_t i = 0; i < COUNT(names); i++) {
        enum store_state found;
        store_close(fixture->store);
        snprintf(fixture->path, sizeof fixture->path, "%s/", folder_path(&fixture->folder, names[i]));
        snprintf(fixture->uri, sizeof fixture->uri, "sqlite://%s", fixture->path);
        assert_int_equal(store_open(fixture->uri, "/", NULL, &fixture->store, &fixture->error), ERROR_NONE);
        assert_int_equal(store_probe(fixture->store, &found, &fixture->error), ERROR_STORE_UNAVAILABLE);
        assert_row(contains(fixture->error.cause, "/ is a folder; write a file's name after it"), fixture->error.cause);
        assert_int_equal(sign_in(fixture->store, "7", "{}", "s1", NOW, &fixture->error), ERROR_STORE_UNAVAILABLE);
        assert_row(contains(fixture->error.cause, "/ is a folder; write a file's name after it"), fixture->error.cause);
    }
    assert_int_equal(mode_of(folder_path(&fixture->folder, "there")), 0755);
    assert_int_equal(access(folder_path(&fixture->folder, "nothing"), F_OK), -1);
}

static void no_regular_file(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(mkfifo(fixture->path, 0644), 0);
    assert_unusable(fixture, "no regular file");
    assert_int_equal(mode_of(fixture->path), 0644);
}

/* What only reads, and what checks, leaves a wide mode as it is. */
static void reading_changes_no_mode(void **state) {
    struct fixture *fixture = *state;
    enum store_state found;
    assert_int_equal(sign_in(fixture->store, "7", "{}", "s1", NOW, &fixture->error), ERROR_NONE);
    store_close(fixture->store);
    assert_int_equal(chmod(fixture->path, 0644), 0);
    assert_int_equal(store_open(fixture->uri, "/", NULL, &fixture->store, &fixture->error), ERROR_NONE);
    assert_int_equal(store_probe(fixture->store, &found, &fixture->error), ERROR_STORE_UNAVAILABLE);
    assert_true(contains(fixture->error.cause, "run: chmod 600 ") && contains(fixture->error.cause, fixture->path));
    json_free_text(user_text(fixture, "7"));
    assert_true(has_session(fixture, "s1", NOW));
    assert_int_equal(mode_of(fixture->path), 0644);
    /* The same process writes: now it is closed. */
    assert_int_equal(sign_in(fixture->store, "7", "{}", "s2", NOW, &fixture->error), ERROR_NONE);
    assert_int_equal(mode_of(fixture->path), 0600);
}

static void removes_a_bounded_number_of_old_claims(void **state) {
    struct fixture *fixture = *state;
    bool claimed;
    for (int i = 0; i < 2 * EXPIRED_LOGINS_PER_CLAIM; i++) {
        char id[16];
        snprintf(id, sizeof id, "old%d", i);
        const struct login_claim claim = {.session_id = id, .now = NOW, .remember_until = NOW + 660};
        assert_int_equal(store_login_claim(fixture->store, &claim, &claimed, &fixture->error), ERROR_NONE);
    }
    const struct login_claim claim = {.session_id = "new", .now = NOW + 660, .remember_until = NOW + 1320};
    assert_int_equal(store_login_claim(fixture->store, &claim, &claimed, &fixture->error), ERROR_NONE);
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM logins"), EXPIRED_LOGINS_PER_CLAIM + 1);
}

/* Every statement that the store runs, one after the other. */
static struct buffer statements;

static int note_statement(unsigned what, void *context, void *statement, void *sql) {
    (void)what, (void)context, (void)statement;
    buffer_append_format(&statements, "%s\n", (const char *)sql);
    return 0;
}

/* Called for each connection that is opened. */
static int watch(sqlite3 *database, char **message, const void *routines) {
    (void)message, (void)routines;
    return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, note_statement, NULL);
}

/* Fails if a statement reads a whole table that grows with the users, or all that a provider has in it. */
static void assert_no_scan(sqlite3 *database, const char *sql) {
    static const char *const scans[] = {"SCAN users", "SCAN accounts", "SCAN sessions", "(provider=?)"};
    char *plan = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
    sqlite3_stmt *statement;
    assert_row(sqlite3_prepare_v2(database, plan, -1, &statement, NULL) == SQLITE_OK, sql);
    while (sqlite3_step(statement) == SQLITE_ROW)
        for (size_t i = 0; i < COUNT(scans); i++)
            assert_row(!contains((const char *)sqlite3_column_text(statement, 3), scans[i]), sql);
    sqlite3_finalize(statement);
    sqlite3_free(plan);
}

static enum error_code visit_session(void *context, const struct store_session *session, struct error *error) {
    (void)context, (void)session, (void)error;
    return ERROR_NONE;
}

/* What a visitor waits for, and what a provider asks for. */
static void run_every_look_up(struct fixture *fixture) {
    struct store *store = fixture->store;
    struct error *error = &fixture->error;
    struct session_user user;
    struct login login;
    cJSON *document = NULL, *patch = sample_json("{\"x\":1}");
    const struct user_query query = {.provider = "instagram", .id = "42", .or_user_id = true};
    const struct login_claim claim = {.session_id = "s2", .now = NOW, .remember_until = NOW + 660};
    const struct account_key into = {"instagram", "7"}, from = {"instagram", "8"};
    const struct account_change change = {.provider = "instagram", .id = "7", .patch = patch, .now = NOW};
    const struct token_query tokens = {.provider = "instagram", .after = "", .limit = 1};
    struct buffer ids = BUFFER_EMPTY;
    bool flag;
    assert_int_equal(sign_in(store, "7", "{\"id\":\"7\",\"user_id\":\"42\"}", "s1", NOW, error), ERROR_NONE);
    assert_int_equal(sign_in(store, "8", "{\"id\":\"8\"}", "s8", NOW, error), ERROR_NONE);
    assert_int_equal(store_user_find(store, &query, &document, error), ERROR_NONE);
    assert_non_null(document);
    json_free(document);
    assert_int_equal(store_login_claim(store, &claim, &flag, error), ERROR_NONE);
    assert_int_equal(store_login_find(store, "s2", &login, error), ERROR_NONE);
    assert_int_equal(store_session_user(store, "s1", NOW, &user, error), ERROR_NONE);
    json_free(user.document);
    assert_int_equal(store_sessions_of(store, "s1", NOW, visit_session, NULL, error), ERROR_NONE);
    assert_int_equal(store_account_change(store, &change, &flag, error), ERROR_NONE);
    assert_int_equal(store_tokens_each(store, &tokens, collect, &ids, error), ERROR_NONE);
    assert_int_equal(store_account_unlink(store, "s1", "instagram", error), ERROR_LAST_ACCOUNT);
    assert_int_equal(store_users_merge(store, &into, &from, error), ERROR_ACCOUNT_TAKEN);
    assert_int_equal(store_session_end(store, "s1", error), ERROR_NONE);
    assert_int_equal(store_sessions_end(store, "instagram", "8", error), ERROR_NONE);
    assert_int_equal(store_sessions_end_by_sid(store, "instagram", "x", error), ERROR_NONE);
    assert_int_equal(store_account_remove(store, "instagram", "8", &flag, error), ERROR_NONE);
    assert_int_equal(store_user_delete(store, "instagram", "7", &flag, error), ERROR_NONE);
    json_free(patch);
    buffer_free(&ids);
}

/* However many users there are, each of these costs the same. */
static void no_look_up_reads_a_whole_table(void **state) {
    struct fixture *fixture = *state;
    sqlite3 *database;
    assert_int_equal(store_setup(fixture->store, providers, &fixture->error), ERROR_NONE);
    store_close(fixture->store);
    assert_int_equal(store_open(fixture->uri, "/", NULL, &fixture->store, &fixture->error), ERROR_NONE);
    sqlite3_auto_extension((void (*)(void))watch);
    run_every_look_up(fixture);
    sqlite3_reset_auto_extension();
    assert_int_equal(sqlite3_open(fixture->path, &database), SQLITE_OK);
    assert_true(contains(buffer_text(&statements), "other_id = ?2"));
    char *rest = statements.data;
    for (char *sql = strtok_r(rest, "\n", &rest); sql != NULL; sql = strtok_r(rest, "\n", &rest))
        if (!text_starts_with(sql, "--")) /* what a trigger does */
            assert_no_scan(database, sql);
    sqlite3_close(database);
    buffer_free(&statements);
}

static void newer_schema_is_left_alone(void **state) {
    struct fixture *fixture = *state;
    run_sql(fixture->path, "PRAGMA user_version = 99");
    assert_unusable(fixture, "was made by a newer cgi-login (schema 99; this one knows 2); use that version");
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM sqlite_schema"), 0);
}

/* Each has a version of its own, or none; some have a table of the same name as ours. */
static void database_of_another_program_is_left_alone(void **state) {
    struct fixture *fixture = *state;
    static const char *const contents[] = {"CREATE TABLE wp_users (x)",
                                           "CREATE TABLE wp_users (x); PRAGMA user_version = 1",
                                           "CREATE TABLE users (id, name); PRAGMA user_version = 1",
                                           "CREATE TABLE wp_users (x); PRAGMA user_version = 99"};
    static const int modes[] = {0644, 0600};
    for (size_t i = 0; i < COUNT(contents) * COUNT(modes); i++) {
        const int mode = modes[i % COUNT(modes)];
        unlink(fixture->path);
        run_sql(fixture->path, contents[i / COUNT(modes)]);
        assert_int_equal(chmod(fixture->path, (mode_t)mode), 0);
        assert_unusable(fixture, "is a database of another program; name another file");
        assert_int_equal(store_setup(fixture->store, providers, &fixture->error), ERROR_STORE_UNAVAILABLE);
        assert_int_equal(mode_of(fixture->path), mode);
        assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM sqlite_schema"), 1);
        store_close(fixture->store);
        assert_int_equal(store_open(fixture->uri, "/", NULL, &fixture->store, &fixture->error), ERROR_NONE);
    }
}

/* The probe says what a sign-in will say. */
static void link_that_leads_nowhere(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(symlink("nothing", fixture->path), 0);
    assert_unusable(fixture, "users.db is a link to a file that is not there");
    assert_int_equal(access(folder_path(&fixture->folder, "nothing"), F_OK), -1);
}

static void empty_file_is_set_up(void **state) {
    struct fixture *fixture = *state;
    folder_write(&fixture->folder, "users.db", "", 0600);
    assert_null(user_text(fixture, "7"));
    assert_int_equal(sign_in(fixture->store, "7", "{}", "s1", NOW, &fixture->error), ERROR_NONE);
}

static void damaged_file(void **state) {
    struct fixture *fixture = *state;
    sign_in(fixture->store, "7", "{}", "s1", NOW, &fixture->error);
    store_close(fixture->store);
    const int descriptor = open(fixture->path, O_WRONLY | O_CLOEXEC);
    char noise[4096 - 100];
    memset(noise, 0x5A, sizeof noise);
    for (off_t page = 0; page < 8; page++)
        assert_int_equal(pwrite(descriptor, noise, sizeof noise, page * 4096 + 100), sizeof noise);
    close(descriptor);
    assert_int_equal(store_open(fixture->uri, "/", NULL, &fixture->store, &fixture->error), ERROR_NONE);
    assert_int_equal(sign_in(fixture->store, "7", "{}", "s2", NOW, &fixture->error), ERROR_STORE_UNAVAILABLE);
    assert_true(contains(fixture->error.cause, "backup"));
}

static void corrupted_documents(void **state) {
    struct fixture *fixture = *state;
    static const char *const rows[] = {"'{'", "''", "'[]'", "'5'", "'null'", "'{} x'", "x'00ff'", "'{\"a\":'"};
    sign_in(fixture->store, "7", "{\"bio\":\"SECRET\"}", "s1", NOW, &fixture->error);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char sql[256];
        cJSON *user = NULL;
        snprintf(sql, sizeof sql, "UPDATE users SET document = %s", rows[i]);
        run_sql(fixture->path, sql);
        assert_row(store_user_find(fixture->store, &(struct user_query){.provider = "instagram", .id = "7"}, &user,
                                   &fixture->error) == ERROR_STORE_UNAVAILABLE,
                   rows[i]);
        assert_row(user == NULL, rows[i]);
        struct session_user owner;
        assert_row(store_session_user(fixture->store, "s1", NOW, &owner, &fixture->error) == ERROR_STORE_UNAVAILABLE,
                   rows[i]);
        struct buffer ids = BUFFER_EMPTY; /* one that cannot be read hides no other */
        assert_row(store_users_each(fixture->store, collect, &ids, &fixture->error) == ERROR_NONE, rows[i]);
        assert_row(strcmp(buffer_text(&ids), "?7,") == 0, rows[i]);
        buffer_free(&ids);
        assert_row(sign_in(fixture->store, "7", "{}", "s2", NOW, &fixture->error) == ERROR_STORE_UNAVAILABLE, rows[i]);
        snprintf(sql, sizeof sql, "SELECT document IS %s FROM users", rows[i]);
        assert_row(query_number(fixture->path, sql) == 1, rows[i]);
    }
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM sessions"), 1);
    bool deleted;
    assert_int_equal(store_user_delete(fixture->store, "instagram", "7", &deleted, &fixture->error), ERROR_NONE);
    assert_true(deleted);
}

/* Runs `test` in a child of its own, not as root, who may write anywhere; returns its exit status. */
static int run_as_somebody(struct fixture *fixture, int (*test)(struct fixture *)) {
    const pid_t child = fork();
    int status;
    if (child == 0)
        _exit(geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0) ? 99 : test(fixture));
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

static int fails_to_write(struct fixture *fixture) {
    enum store_state found;
    const enum error_code signed_in = sign_in(fixture->store, "7", "{}", "s9", NOW, &fixture->error);
    const bool names_it = contains(fixture->error.cause, "must belong to the user");
    const enum error_code probed = store_probe(fixture->store, &found, &fixture->error);
    return signed_in == ERROR_STORE_UNAVAILABLE && names_it && probed == ERROR_STORE_UNAVAILABLE ? 0 : 1;
}

static void unwritable_folder(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(chmod(fixture->folder.path, 0555), 0);
    const int new_file = run_as_somebody(fixture, fails_to_write);
    assert_int_equal(chmod(fixture->folder.path, 0755), 0);
    assert_int_equal(new_file, 0);
    assert_int_equal(access(fixture->path, F_OK), -1);
}

static void missing_folder(void **state) {
    struct fixture *fixture = *state;
    struct store *store;
    enum store_state found;
    assert_int_equal(store_open("sqlite:///no/such/folder/users.db", "/", NULL, &store, &fixture->error), ERROR_NONE);
    assert_int_equal(sign_in(store, "7", "{}", "s1", NOW, &fixture->error), ERROR_STORE_UNAVAILABLE);
    assert_true(contains(fixture->error.cause, "there is no folder /no/such/folder; make the folder"));
    assert_int_equal(store_probe(store, &found, &fixture->error), ERROR_STORE_UNAVAILABLE);
    assert_true(contains(fixture->error.cause, "there is no folder /no/such/folder; make the folder"));
    store_close(store);
    store_close(NULL);
    assert_int_equal(store_open("mysql://u:SECRET@h/d", "/", NULL, &store, &fixture->error), ERROR_CONFIG);
    assert_null(store);
    assert_false(contains(fixture->error.cause, "SECRET"));
}

/* A child that signs the same user and one of its own in, again and again; it says so on `out` each time. */
static pid_t start_signing_in(const struct fixture *fixture, int child_number, int times, int out) {
    const pid_t child = fork();
    if (child != 0)
        return child;
    struct store *store;
    struct error error;
    enum error_code code = store_open(fixture->uri, "/", NULL, &store, &error);
    for (int i = 0; i < times && code == ERROR_NONE; i++) {
        char id[16], session[32];
        snprintf(id, sizeof id, i % 2 == 0 ? "shared" : "own%d", child_number);
        snprintf(session, sizeof session, "s%d-%d", child_number, i);
        code = sign_in(store, id, "{\"bio\":\"x\"}", session, NOW, &error);
        if (code == ERROR_NONE && out >= 0 && write(out, "x", 1) != 1)
            _exit(2);
    }
    store_close(store);
    _exit(code == ERROR_NONE ? 0 : 1);
}

static void several_processes_at_once(void **state) {
    struct fixture *fixture = *state;
    enum { CHILDREN = 4, TIMES = 10 };
    pid_t children[CHILDREN];
    for (int i = 0; i < CHILDREN; i++)
        children[i] = start_signing_in(fixture, i, TIMES, -1);
    for (int i = 0; i < CHILDREN; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM users"), CHILDREN + 1);
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM sessions"), CHILDREN * TIMES);
}

static void assert_nothing_half_written(const struct fixture *fixture) {
    assert_int_equal(
        query_number(fixture->path, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM users WHERE NOT json_valid(document)"), 0);
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM sessions LEFT JOIN accounts ON accounts.user = "
                                                 "sessions.user AND accounts.provider = sessions.provider "
                                                 "LEFT JOIN users ON users.user = sessions.user "
                                                 "WHERE accounts.id IS NULL OR users.user IS NULL"),
                     0);
    assert_int_equal(
        query_number(fixture->path,
                     "SELECT count(*) FROM users WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE user = users.user)"),
        0);
}

static void killed_while_signing_in(void **state) {
    struct fixture *fixture = *state;
    int64_t reported = 0;
    assert_int_equal(store_setup(fixture->store, providers, &fixture->error), ERROR_NONE);
    for (int round = 0; round < 5; round++) {
        int ends[2], status;
        char bytes[64];
        assert_int_equal(pipe(ends), 0);
        const pid_t child = start_signing_in(fixture, round, 1000000, ends[1]);
        close(ends[1]);
        for (int i = 0; i <= round; i++)
            assert_int_equal(read(ends[0], bytes, 1), 1);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        for (ssize_t got = 1 + round; got > 0; got = read(ends[0], bytes, sizeof bytes))
            reported += got;
        close(ends[0]);
        assert_nothing_half_written(fixture);
        assert_true(query_number(fixture->path, "SELECT count(*) FROM sessions") >= reported);
        assert_int_equal(
            sign_in(fixture->store, "after", "{}", (char[]){'a', (char)('0' + round), '\0'}, NOW, &fixture->error),
            ERROR_NONE);
        reported++;
    }
}

/* A child that dies in the middle of a transaction, with part of it already in the file. */
static void die_half_way(const char *path) {
    sqlite3 *database;
    if (sqlite3_open(path, &database) == SQLITE_OK &&
        sqlite3_exec(database,
                     "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE; UPDATE users SET document = "
                     "'{\"half\":1}';"
                     "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                     "INSERT INTO users (key, document) SELECT 'half' || i, hex(zeroblob(200)) FROM n",
                     NULL, NULL, NULL) == SQLITE_OK)
        raise(SIGKILL);
    _exit(1);
}

/* The very first transaction, broken off before the page with SQLite's mark was in the file. */
static void half_of_the_first_transaction_is_taken_back(void **state) {
    struct fixture *fixture = *state;
    static const char zeros[4096];
    int status;
    const pid_t child = fork();
    if (child == 0) {
        sqlite3 *database;
        if (sqlite3_open(fixture->path, &database) == SQLITE_OK &&
            sqlite3_exec(database,
                         "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE; CREATE TABLE half (x);"
                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                         "INSERT INTO half SELECT hex(zeroblob(200)) FROM n",
                         NULL, NULL, NULL) == SQLITE_OK)
            raise(SIGKILL);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(access(folder_path(&fixture->folder, "users.db-journal"), F_OK), 0);
    const int descriptor = open(fixture->path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(descriptor, zeros, sizeof zeros, 0), sizeof zeros);
    close(descriptor);
    assert_int_equal(sign_in(fixture->store, "7", "{}", "s1", NOW, &fixture->error), ERROR_NONE);
    assert_nothing_half_written(fixture);
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), 0);
}

static void half_a_transaction_is_taken_back(void **state) {
    struct fixture *fixture = *state;
    int status;
    sign_in(fixture->store, "7", "{\"bio\":\"kept\"}", "s1", NOW, &fixture->error);
    store_close(fixture->store);
    const pid_t child = fork();
    if (child == 0)
        die_half_way(fixture->path);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(access(folder_path(&fixture->folder, "users.db-journal"), F_OK), 0);
    assert_int_equal(store_open(fixture->uri, "/", NULL, &fixture->store, &fixture->error), ERROR_NONE);
    char *text = user_text(fixture, "7");
    assert_true(contains(text, "kept"));
    json_free_text(text);
    assert_nothing_half_written(fixture);
    assert_int_equal(query_number(fixture->path, "SELECT count(*) FROM users"), 1);
}

static ssize_t write_over_quota(int descriptor, const void *bytes, size_t count, off_t offset) {
    (void)descriptor, (void)bytes, (void)count, (void)offset;
    errno = EDQUOT;
    return -1;
}

/* What the file system says, since SQLite's own words for it are "disk I/O error". */
static void a_full_quota_is_told(void **state) {
    struct fixture *fixture = *state;
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    assert_int_equal(sign_in(fixture->store, "7", "{\"id\":\"7\"}", "s1", NOW, &fixture->error), ERROR_NONE);
    assert_int_equal(vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)write_over_quota), SQLITE_OK);
    assert_int_equal(vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)write_over_quota), SQLITE_OK);
    assert_int_equal(sign_in(fixture->store, "8", "{\"id\":\"8\"}", "s2", NOW, &fixture->error),
                     ERROR_STORE_UNAVAILABLE);
    vfs->xSetSystemCall(vfs, "pwrite", NULL);
    vfs->xSetSystemCall(vfs, "pwrite64", NULL);
    assert_row(contains(fixture->error.cause, "the account's quota of space, or of files, is used up"),
               fixture->error.cause);
    assert_row(!contains(fixture->error.cause, "must belong"), fixture->error.cause);
}

int main(void) {
#define ON_A_FILE(test) cmocka_unit_test_setup_teardown(test, open_store, close_store)
    const struct CMUnitTest tests[] = {ON_A_FILE(a_full_quota_is_told),
                                       ON_A_FILE(first_sign_in_makes_everything),
                                       ON_A_FILE(removes_a_bounded_number_of_expired_sessions),
                                       ON_A_FILE(remembers_requests),
                                       ON_A_FILE(times_are_milliseconds_in_the_file),
                                       ON_A_FILE(file_is_private_whatever_the_umask),
                                       ON_A_FILE(wide_file_is_closed_again),
                                       ON_A_FILE(setup_and_probe),
                                       ON_A_FILE(file_of_another_kind),
                                       ON_A_FILE(folder_in_its_place),
                                       ON_A_FILE(folder_with_a_slash),
                                       ON_A_FILE(no_regular_file),
                                       ON_A_FILE(reading_changes_no_mode),
                                       ON_A_FILE(removes_a_bounded_number_of_old_claims),
                                       ON_A_FILE(no_look_up_reads_a_whole_table),
                                       ON_A_FILE(newer_schema_is_left_alone),
                                       ON_A_FILE(database_of_another_program_is_left_alone),
                                       ON_A_FILE(link_that_leads_nowhere),
                                       ON_A_FILE(empty_file_is_set_up),
                                       ON_A_FILE(damaged_file),
                                       ON_A_FILE(corrupted_documents),
                                       ON_A_FILE(unwritable_folder),
                                       ON_A_FILE(missing_folder),
                                       ON_A_FILE(several_processes_at_once),
                                       ON_A_FILE(killed_while_signing_in),
                                       ON_A_FILE(half_of_the_first_transaction_is_taken_back),
                                       ON_A_FILE(half_a_transaction_is_taken_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The file itself: what may be one of ours, its mode, its folder.
 * SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/file_fault.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A link that leads nowhere is there: no file is made in its place. */
bool sqlite_exists(const struct store_sqlite *store) {
    struct stat status;
    return lstat(store->path, &status) == 0 || errno != ENOENT;
}

bool sqlite_is_wide(const struct stat *status) {
    return (status->st_mode & 077) != 0 && status->st_uid == geteuid();
}

static enum error_code handle_mode(const struct store_sqlite *store, enum sqlite_file_mode mode, int descriptor,
                                   const struct stat *status, struct error *error) {
    if (!sqlite_is_wide(status))
        return ERROR_NONE;
    if (mode == SQLITE_MODE_REFUSED)
        return error_set(error, ERROR_STORE_UNAVAILABLE,
                         "store: %s can be read or written by other users (mode %04o); run: chmod 600 %s", store->path,
                         (unsigned)status->st_mode & 07777u, store->path);
    if (mode == SQLITE_MODE_PRIVATE)
        fchmod(descriptor, S_IRUSR | S_IWUSR); /* a login is not refused because the file system has no modes */
    return ERROR_NONE;
}

enum error_code sqlite_refuse_folder(const struct store_sqlite *store, struct error *error) {
    return error_set(error, ERROR_STORE_UNAVAILABLE, "store: %s is a folder; write a file's name after it",
                     store->path);
}

/* True if a transaction was broken off. SQLite takes it back when it opens the file, whose start may be anything until
 * then. */
static bool has_journal(const struct store_sqlite *store) {
    struct buffer path = BUFFER_EMPTY;
    struct stat status;
    buffer_append_format(&path, "%s-journal", store->path);
    const bool found = !path.failed && stat(buffer_text(&path), &status) == 0 && status.st_size > 0;
    buffer_free(&path);
    return found;
}

/* *database says whether the file is a database, or empty, in which case it becomes one. */
static enum error_code look_inside(const struct store_sqlite *store, int descriptor, bool *database,
                                   struct error *error) {
    static const char header[] = "SQLite format 3"; /* and its NUL */
    char start[sizeof header];
    const ssize_t len = pread(descriptor, start, sizeof start, 0);
    *database = len == 0 || (len == (ssize_t)sizeof start && memcmp(start, header, sizeof start) == 0);
    if (len < 0)
        return error_set(error, ERROR_STORE_UNAVAILABLE, "SQLite %s cannot be read: %s", store->path,
                         file_fault_words(errno));
    if (*database || has_journal(store))
        return ERROR_NONE;
    return error_set(error, ERROR_STORE_UNAVAILABLE,
                     "store: %s is no SQLite database; restore it from a backup, or name another file", store->path);
}

static enum error_code fail_file(const struct store_sqlite *store, const char *what, int cause, struct error *error) {
    const bool host = file_fault_of_host(cause) != NULL;
    return error_set(error, ERROR_STORE_UNAVAILABLE, "SQLite %s cannot be %s: %s%s", store->path, what,
                     file_fault_words(cause), host ? "" : sqlite_remedy(SQLITE_CANTOPEN));
}

/* Refuses a folder, and a file of another program: a mistyped path leads there, and nothing of ours may change it. The
 * mode is changed through the descriptor that was checked. Must be called only while SQLite does not have the file
 * open, since closing any descriptor of the file would drop SQLite's locks. */
static enum error_code check_file(const struct store_sqlite *store, enum sqlite_file_mode mode, struct error *error) {
    struct stat status;
    enum error_code code;
    bool database = false;
    /* O_NONBLOCK keeps the opening of a FIFO from waiting for a writer. */
    const int descriptor = open(store->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0 && errno == ENOENT)
        code = error_set(error, ERROR_STORE_UNAVAILABLE,
                         "store: %s is a link to a file that is not there; name the file itself", store->path);
    else if (descriptor < 0 || fstat(descriptor, &status) != 0)
        code = fail_file(store, "opened", errno, error);
    else if (S_ISDIR(status.st_mode))
        code = sqlite_refuse_folder(store, error);
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

void sqlite_disconnect(struct store_sqlite *store) {
    sqlite3_close(store->database);
    store->database = NULL;
}

/* How long an operation waits for other processes that write. */
static struct deadline patience(const struct store_sqlite *store) {
    const int64_t left = store->limited ? deadline_left(store->deadline) : STORE_BUSY_TIMEOUT_MS;
    const int64_t granted = left < STORE_BUSY_LEAST_MS ? STORE_BUSY_LEAST_MS : left;
    return deadline_in(granted < STORE_BUSY_TIMEOUT_MS ? granted : STORE_BUSY_TIMEOUT_MS);
}

/* SQLite calls this each time it finds the file locked; 0 gives up. The pause is always the same: with SQLite's own
 * handler, whose pauses grow, those who have waited longest are overtaken by newcomers, until they fail. */
static int wait_for_others(void *context, int tries) {
    const struct timespec pause = deadline_timespec(STORE_BUSY_PAUSE_MS);
    struct store_sqlite *store = context;
    if (tries == 0)
        store->patience = patience(store);
    if (deadline_left(store->patience) == 0)
        return 0;
    nanosleep(&pause, NULL);
    return 1;
}

enum error_code sqlite_connect(struct store_sqlite *store, enum sqlite_file_mode mode, struct error *error) {
    struct stat status;
    if (store->database != NULL)
        return ERROR_NONE;
    enum error_code code = check_file(store, mode, error);
    if (code != ERROR_NONE)
        return code;
    if (sqlite3_open_v2(store->path, &store->database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
        code = sqlite_fail(store, error);
        sqlite_disconnect(store);
        return code;
    }
    if (stat(store->path, &status) == 0) {
        store->device = status.st_dev;
        store->inode = status.st_ino;
    }
    sqlite3_extended_result_codes(store->database, 1);
    sqlite3_busy_handler(store->database, wait_for_others, store);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return ERROR_NONE;
}

enum error_code sqlite_check_folder(const struct store_sqlite *store, int wanted, struct error *error) {
    char folder[PATH_MAX];
    if (!file_parent(store->path, folder))
        return error_set(error, ERROR_STORE_UNAVAILABLE, "store: the path of %s is too long", store->path);
    if (access(folder, wanted) == 0)
        return ERROR_NONE;
    return errno == ENOENT
               ? error_set(error, ERROR_STORE_UNAVAILABLE, "store: there is no folder %s; make the folder", folder)
               : error_set(error, ERROR_STORE_UNAVAILABLE, "the folder %s cannot be written to: %s", folder,
                           file_fault_words(errno));
}

enum error_code sqlite_create(struct store_sqlite *store, struct error *error) {
    const int descriptor = open(store->path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    const int cause = errno;
    enum error_code code = ERROR_NONE;
    if (descriptor >= 0) {
        fchmod(descriptor, S_IRUSR | S_IWUSR); /* the mode must not depend on the umask */
        close(descriptor);
    } else if (cause == EISDIR) {
        code = sqlite_refuse_folder(store, error);
    } else if (cause != EEXIST) {
        code = cause == ENOENT ? sqlite_check_folder(store, F_OK, error) : ERROR_NONE;
        if (code == ERROR_NONE)
            code = fail_file(store, "made", cause, error);
    }
    return code == ERROR_NONE ? sqlite_connect(store, SQLITE_MODE_PRIVATE, error) : code;
}

/* A backup that was put back is another file. */
bool sqlite_is_current(const struct store *base) {
    const struct store_sqlite *store = (const struct store_sqlite *)base;
    struct stat status;
    return store->database == NULL ||
           (stat(store->path, &status) == 0 && status.st_dev == store->device && status.st_ino == store->inode);
}

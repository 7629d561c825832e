/* Requests that were carried out.
 * SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

static enum error_code take_presence(struct store_sqlite *store, sqlite3_stmt *row, void *context,
                                     struct error *error) {
    (void)store, (void)row, (void)error;
    *(bool *)context = true;
    return ERROR_NONE;
}

enum error_code sqlite_request_seen(struct store *base, const char *hash, int64_t now, bool *seen,
                                    struct error *error) {
    const struct sqlite_argument arguments[] = {{hash, 0}, {NULL, now}};
    const struct sqlite_query query = {"SELECT 1 FROM requests WHERE hash = ?1 AND expires > ?2", arguments, 2};
    *seen = false;
    return sqlite_each_row(base, &query, take_presence, seen, error);
}

enum error_code sqlite_request_remember(struct store *base, const char *hash, int64_t now, int64_t expires,
                                        struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    const struct sqlite_argument insert[] = {{hash, 0}, {NULL, expires}};
    const struct sqlite_argument expire[] = {{NULL, now}};
    enum error_code code = sqlite_begin_writing(store, error);
    if (code != ERROR_NONE)
        return code;
    code = sqlite_run(store, "DELETE FROM requests WHERE expires <= ?1", expire, 1, error);
    if (code == ERROR_NONE)
        code = sqlite_run(store, "INSERT OR REPLACE INTO requests (hash, expires) VALUES (?1, ?2)", insert, 2, error);
    return sqlite_finish(store, code, error);
}

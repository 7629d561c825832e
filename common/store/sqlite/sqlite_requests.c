/* Requests that were carried out.
 * SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

static enum error_code take_presence(struct store_sqlite *store, sqlite3_stmt *row, void *context,
                                     struct error *error) {
    (void)store, (void)row, (void)error;
    *(bool *)context = true;
    return ERROR_NONE;
}

static enum error_code ask(struct store *base, const struct store_request *request, bool *seen, struct error *error) {
    const struct sqlite_argument arguments[] = {{request->hash, 0}, sqlite_time(request->now)};
    const struct sqlite_query query = {"SELECT 1 FROM requests WHERE hash = ?1 AND expires > ?2", arguments, 2};
    *seen = false;
    return sqlite_each_row(base, &query, take_presence, seen, error);
}

static enum error_code remember(struct store_sqlite *store, const struct store_request *request, struct error *error) {
    const struct sqlite_argument insert[] = {{request->hash, 0}, sqlite_time(request->remember_until)};
    const struct sqlite_argument expired[] = {sqlite_time(request->now)};
    enum error_code code = sqlite_run(store, "DELETE FROM requests WHERE expires <= ?1", expired, 1, error);
    if (code == ERROR_NONE)
        code = sqlite_run(store, "INSERT OR REPLACE INTO requests (hash, expires) VALUES (?1, ?2)", insert, 2, error);
    return code;
}

enum error_code sqlite_request(struct store *base, const struct store_request *request, bool *seen,
                               struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    if (request->remember_until == 0)
        return ask(base, request, seen, error);
    *seen = false;
    enum error_code code = sqlite_begin_writing(store, error);
    if (code != ERROR_NONE)
        return code;
    code = ask(base, request, seen, error);
    if (code == ERROR_NONE)
        code = remember(store, request, error);
    return sqlite_finish(store, code, error);
}

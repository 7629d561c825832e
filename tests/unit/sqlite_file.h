/* Looking into an SQLite file, and changing it, behind the store's back.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TESTS_SQLITE_FILE_H
#define CGI_LOGIN_TESTS_SQLITE_FILE_H

#include "support.h"

#include <sqlite3.h>
#include <stdlib.h>

static inline void run_sql(const char *path, const char *sql) {
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    const int result = sqlite3_exec(database, sql, NULL, NULL, NULL);
    assert_row(result == SQLITE_OK, sql);
    sqlite3_close(database);
}

/* The first column of the first row, as text (free); NULL stays NULL. */
static inline char *query_text(const char *path, const char *sql) {
    sqlite3 *database;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_row(sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK, sqlite3_errmsg(database));
    assert_row(sqlite3_step(statement) == SQLITE_ROW, sqlite3_errmsg(database));
    const char *text = (const char *)sqlite3_column_text(statement, 0);
    char *copy = text != NULL ? strdup(text) : NULL;
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return copy;
}

/* The same as a number; 0 for NULL. */
static inline int64_t query_number(const char *path, const char *sql) {
    char *text = query_text(path, sql);
    const int64_t number = text != NULL ? strtoll(text, NULL, 10) : 0;
    free(text);
    return number;
}

#endif

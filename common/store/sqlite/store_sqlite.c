/* SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include <stdlib.h>
#include <string.h>

void sqlite_close(struct store *base) {
    struct store_sqlite *store = sqlite_own(base);
    sqlite3_close(store->database);
    free(store->path);
    free(store);
}

void sqlite_limit(struct store *base, struct deadline deadline) {
    struct store_sqlite *store = sqlite_own(base);
    store->limited = true;
    store->deadline = deadline;
}

static const struct store_backend backend = {
#define ENTRY(operation) .operation = sqlite_##operation,
    STORE_OPERATIONS(ENTRY)
#undef ENTRY
};

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
    *store = (struct store *)opened; /* gcc -fanalyzer takes a pointer to its member for a leak */
    return ERROR_NONE;
}

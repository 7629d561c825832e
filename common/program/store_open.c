/* SPDX-License-Identifier: MIT */
#include "program/store_open.h"

#include "config/store_uri.h"
#include "program/mongodb_loader/mongodb_loader.h"
#include "store/store_backend.h"

#include <stddef.h>
#include <stdlib.h>

/* Sets the variables by which alone the resolver and libmongoc can be told. They are set here, since libmongoc reads
 * its own when the loader loads it, and the resolver reads its own before the first name is asked for. */
static void prepare_environment(void) {
    /* A silent name server must not keep the page waiting. res_nsearch and getaddrinfo heed this variable. */
    setenv("RES_OPTIONS", "timeout:1 attempts:2", 0);
    /* Without this variable, loading libmongoc makes a file of counters in /dev/shm for each process, which stays
     * there. */
    setenv("MONGOC_DISABLE_SHM", "1", 1);
}

enum error_code store_open(const char *uri, const char *home, const char *ca_folder, struct store **store,
                           struct error *error) {
    const char *problem;
    *store = NULL;
    switch (store_uri_kind(uri, &problem)) {
    case STORE_SQLITE: return store_sqlite_open(store_uri_sqlite_path(uri), store, error);
    case STORE_MONGODB: prepare_environment(); return mongodb_loader_open(uri, home, ca_folder, store, error);
    case STORE_UNKNOWN: break;
    }
    return error_set(error, ERROR_CONFIG, "store: %s", problem);
}

bool store_uses_ca_folder(const char *uri) {
    const char *problem;
    return store_uri_kind(uri, &problem) == STORE_MONGODB;
}

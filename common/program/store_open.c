/* SPDX-License-Identifier: MIT */
#include "program/store_open.h"

#include "config/store_uri.h"
#include "program/mongodb_loader/mongodb_loader.h"
#include "store/store_backend.h"

#include <stddef.h>
#include <stdlib.h>

/* What libmongoc trusts is what OpenSSL does: this is its own variable, read at each connection. */
static void trust(const char *ca_folder) {
    if (ca_folder != NULL)
        setenv("SSL_CERT_DIR", ca_folder, 1);
    else
        unsetenv("SSL_CERT_DIR");
}

enum error_code store_open(const char *uri, const char *home, const char *ca_folder, struct store **store,
                           struct error *error) {
    const char *problem;
    *store = NULL;
    switch (store_uri_kind(uri, &problem)) {
    case STORE_SQLITE: return store_sqlite_open(store_uri_sqlite_path(uri), store, error);
    case STORE_MONGODB: trust(ca_folder); return mongodb_loader_open(uri, home, store, error);
    case STORE_UNKNOWN: break;
    }
    return error_set(error, ERROR_CONFIG, "store: %s", problem);
}

bool store_uses_ca_folder(const char *uri) {
    const char *problem;
    return store_uri_kind(uri, &problem) == STORE_MONGODB;
}

/* SPDX-License-Identifier: MIT */
#include "program/mongodb_loader/store_mongodb_load.h"
#include "store/mongodb/store_mongodb.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

enum error_code store_mongodb_load(const char *uri, const char *home, struct store **store, struct error *error) {
    (void)home;
    return store_mongodb_open(uri, store, error);
}

/* The twins of the programs that do not have it linked in. */
bool store_mongodb_lacks(const char *home, char *path) {
    static const char *const twins[] = {STORE_MONGODB_TWINS};
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++) {
        snprintf(path, PATH_MAX, "%s/lib/%s", home, twins[i]);
        if (access(path, X_OK) != 0)
            return true;
    }
    return false;
}

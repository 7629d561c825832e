/* SPDX-License-Identifier: MIT */
#include "program/mongodb_loader/mongodb_loader.h"
#include "store/mongodb/store_mongodb.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

enum error_code mongodb_loader_open(const char *uri, const char *home, const char *ca_folder, struct store **store,
                                    struct error *error) {
    (void)home;
    return store_mongodb_open(uri, ca_folder, store, error);
}

/* The full programs of the lean programs. */
bool mongodb_loader_lacks(const char *home, char *path) {
    static const char *const names[] = {MONGODB_FULL_PROGRAMS};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, PATH_MAX, "%s/lib/%s", home, names[i]);
        if (access(path, X_OK) != 0)
            return true;
    }
    return false;
}

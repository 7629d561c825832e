/* SPDX-License-Identifier: MIT */
#include "store_uri.h"

#include "text.h"

#include <string.h>

static const char SQLITE_PREFIX[] = "sqlite://";

const char *store_uri_sqlite_path(const char *uri) {
    return uri + strlen(SQLITE_PREFIX);
}

enum store_kind store_uri_kind(const char *uri, const char **problem) {
    if (text_starts_with(uri, SQLITE_PREFIX)) {
        const char *path = store_uri_sqlite_path(uri);
        *problem = "the path must be absolute, with three slashes: sqlite:///home/you/cgi-login/users.db";
        return path[0] == '/' && path[1] != '\0' ? STORE_SQLITE : STORE_UNKNOWN;
    }
    *problem = text_starts_with(uri, "mongodb:") || text_starts_with(uri, "mongodb+srv:")
                   ? "this version keeps users in SQLite only; use sqlite:///home/you/cgi-login/users.db"
                   : "expected a URI such as sqlite:///home/you/cgi-login/users.db";
    return STORE_UNKNOWN;
}

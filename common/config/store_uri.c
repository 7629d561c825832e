/* SPDX-License-Identifier: MIT */
#include "config/store_uri.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

static const char SQLITE_PREFIX[] = "sqlite://";

const char *store_uri_sqlite_path(const char *uri) {
    return uri + strlen(SQLITE_PREFIX);
}

/* True for mongodb://…/NAME and mongodb+srv://…/NAME, options aside: the URI names the database. */
static bool names_database(const char *authority) {
    const char *path = strchr(authority, '/');
    return path != NULL && path != authority && path[1] != '\0' && path[1] != '?';
}

/* True if the password holds an "@" that is not encoded. libmongoc would take the rest of the password for the host,
 * and send it to the name server and into messages. */
static bool has_stray_at(const char *authority) {
    const char *at = strchr(authority, '@');
    return at != NULL && strchr(at + 1, '@') != NULL;
}

/* TLS is verified always, also the database's. Only "false" is let through: libmongoc takes 1, t, y and yes
 * for true. */
static bool weakens_tls(const char *uri) {
    static const char *const options[] = {"tlsInsecure=", "tlsAllowInvalidCertificates=", "tlsAllowInvalidHostnames=",
                                          "sslAllowInvalidCertificates=", "sslAllowInvalidHostnames="};
    const char *query = strchr(uri, '?');
    for (size_t i = 0; query != NULL && i < sizeof options / sizeof *options; i++)
        for (const char *at = query; (at = strcasestr(at, options[i])) != NULL; at++)
            if (strncasecmp(at + strlen(options[i]), "false", strlen("false")) != 0)
                return true;
    return false;
}

enum store_kind store_uri_kind(const char *uri, const char **problem) {
    if (text_starts_with(uri, SQLITE_PREFIX)) {
        const char *path = store_uri_sqlite_path(uri);
        *problem = "the path must be absolute, with three slashes: sqlite:///home/you/cgi-login/users.db";
        return path[0] == '/' && path[1] != '\0' ? STORE_SQLITE : STORE_UNKNOWN;
    }
    if (text_starts_with(uri, "mongodb://") || text_starts_with(uri, "mongodb+srv://")) {
        *problem = "the URI must name the database: mongodb+srv://USER:PASSWORD@HOST/NAME";
        if (!names_database(strstr(uri, "://") + 3))
            return STORE_UNKNOWN;
        *problem = "the URI has two \"@\": write %40 for the one in the user's name or password";
        if (has_stray_at(uri))
            return STORE_UNKNOWN;
        *problem =
            "TLS is always verified: remove the option that turns that off, and name a private CA with tlsCAFile";
        return weakens_tls(uri) ? STORE_UNKNOWN : STORE_MONGODB;
    }
    *problem = "expected a URI such as sqlite:///home/you/cgi-login/users.db or mongodb+srv://USER:PASSWORD@HOST/NAME";
    return STORE_UNKNOWN;
}

/* The `store` setting: which backend a URI names. Apart from the store itself, so that a program that only reads the
 * configuration links no database.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_STORE_URI_H
#define CGI_LOGIN_STORE_URI_H

enum store_kind { STORE_UNKNOWN, STORE_SQLITE, STORE_MONGODB };

/* Which backend `uri` names. On STORE_UNKNOWN *problem says why in words for the operator (static text, never the URI,
 * which may hold a password). */
enum store_kind store_uri_kind(const char *uri, const char **problem);

/* The absolute path in the URI of an SQLite store. Points into it. */
const char *store_uri_sqlite_path(const char *uri);

#endif

/* The MongoDB backend: what mongodb_loader_open finds in lib/store_mongodb.so, or linked in.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_STORE_MONGODB_H
#define CGI_LOGIN_STORE_MONGODB_H

#include "store/store_backend.h"

/* The version it was built for: programs and plugin must be of the same. */
extern const char store_mongodb_version[];

/* Opens a mongodb:// or mongodb+srv:// URI (see store_open). Connects to nothing yet. `ca_folder`: the CAs that a
 * server may show a certificate of, unless the URI names a tlsCAFile; NULL: the system's. */
enum error_code store_mongodb_open(const char *uri, const char *ca_folder, struct store **store, struct error *error);

#endif

/* The MongoDB backend: what mongodb_loader_open finds in lib/store_mongodb.so, or linked in.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_STORE_MONGODB_H
#define CGI_LOGIN_STORE_MONGODB_H

#include "store/store_backend.h"

/* The version it was built for: programs and plugin must be of the same. */
extern const char store_mongodb_version[];

/* Opens a mongodb:// or mongodb+srv:// URI (see store_open). Connects to nothing yet. */
enum error_code store_mongodb_open(const char *uri, struct store **store, struct error *error);

#endif

/* How a program gets at the MongoDB backend, which costs milliseconds only to be linked. One of three, as the Makefile
 * chooses:
 *   store_mongodb_plugin.c   loads lib/store_mongodb.so
 *   store_mongodb_linked.c   a static program has it in it
 *   store_mongodb_twin.c     a static program without it leaves the request to its twin, which has it (twin.h)
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_STORE_MONGODB_LOAD_H
#define CGI_LOGIN_STORE_MONGODB_LOAD_H

#include "store/store_backend.h"

/* Opens a mongodb:// or mongodb+srv:// URI; see store_open. */
enum error_code store_mongodb_load(const char *uri, const char *home, struct store **store, struct error *error);

/* Looks for what else the programs need for it in `home`, for the check: true if something is not there or cannot be
 * run, with its path in `path`, of PATH_MAX bytes. */
bool store_mongodb_lacks(const char *home, char *path);

#endif

/* The seam between a program and the MongoDB backend, which costs milliseconds only to be linked. Each program is
 * linked with one of three files here, as the Makefile says:
 *   plugin.c        loads lib/store_mongodb.so; what `make` builds
 *   linked.c        has the backend in the program itself; static programs
 *   full_program.c  has none of it: the program leaves the request to its full program, HOME/lib/NAME, the same
 *                   program linked with linked.c. So are the static programs linked whose common path asks no store
 *                   (LEAN in the Makefile): with libmongoc and OpenSSL in them each start would take nearly twice as
 *                   long (docs/performance.md)
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_MONGODB_LOADER_H
#define CGI_LOGIN_MONGODB_LOADER_H

#include "store/store.h"

/* Opens a mongodb:// or mongodb+srv:// URI; see store_open. With full_program.c it does not return where the full
 * program takes over: no byte of the body may have been read then, and none of the response written. */
enum error_code mongodb_loader_open(const char *uri, const char *home, const char *ca_folder, struct store **store,
                                    struct error *error);

/* Looks for what else the programs need for it in `home`, for the check: true if something is not there or cannot be
 * run, with its path in `path`, of PATH_MAX bytes. */
bool mongodb_loader_lacks(const char *home, char *path);

/* FastCGI: has the full program serve all requests of this process. Returns where there is none, or none can be found
 * before the first request tells where the config is. NULL, as a weak symbol, in all programs but those that are linked
 * with full_program.c. */
void mongodb_loader_serve_fastcgi(void) __attribute__((weak));

#endif

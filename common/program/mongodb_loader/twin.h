/* The twin of a static program. What is linked in costs each start, even unused: with libmongoc and OpenSSL a static
 * profile takes half as long again. So `profile` and `logout` are linked without them, and HOME/lib holds a twin of
 * each, which has all and takes over where it is needed. Programs that are not static load a plugin instead and have
 * none.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TWIN_H
#define CGI_LOGIN_TWIN_H

#include "base/error.h"

/* Has the twin in HOME/lib serve this process's CGI request, from its start: no byte of the body may have been read,
 * and none of the answer written. Returns only if it cannot: ERROR_STORE_UNAVAILABLE. */
enum error_code twin_take_over(const char *home, struct error *error);

/* FastCGI: has the twin serve all requests of this process. Returns where there is none, or none can be found before
 * the first request tells where the config is. */
void twin_serve_many(void);

#endif

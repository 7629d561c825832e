/* What a backend of the store implements: the functions of store.h, one for one. store.c picks the backend by the
 * URI's scheme and forwards to it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_STORE_BACKEND_H
#define CGI_LOGIN_STORE_BACKEND_H

#include "store/store.h"

/* Lists every operation once, by its name without "store_". What has to be done for each of them is done with X. */
#define STORE_OPERATIONS(X)                                                                                            \
    X(close)                                                                                                           \
    X(is_current)                                                                                                      \
    X(limit)                                                                                                           \
    X(setup)                                                                                                           \
    X(probe)                                                                                                           \
    X(login_claim)                                                                                                     \
    X(login_find)                                                                                                      \
    X(login_fail)                                                                                                      \
    X(tidy)                                                                                                            \
    X(sign_in)                                                                                                         \
    X(session_user)                                                                                                    \
    X(account_unlink)                                                                                                  \
    X(session_end)                                                                                                     \
    X(user_find)                                                                                                       \
    X(users_each)                                                                                                      \
    X(users_part)                                                                                                      \
    X(user_delete)                                                                                                     \
    X(account_remove)                                                                                                  \
    X(sessions_end)                                                                                                    \
    X(account_sessions_end)                                                                                            \
    X(sessions_end_by_sid)                                                                                             \
    X(sessions_expire)                                                                                                 \
    X(users_merge)                                                                                                     \
    X(account_change)                                                                                                  \
    X(tokens_each)                                                                                                     \
    X(request)                                                                                                         \
    X(users_put)                                                                                                       \
    X(users_add)                                                                                                       \
    X(sessions_each)                                                                                                   \
    X(sessions_of)                                                                                                     \
    X(sessions_of_user)                                                                                                \
    X(session_put)

struct store_backend {
#define MEMBER(operation) __typeof__(store_##operation) *(operation);
    STORE_OPERATIONS(MEMBER)
#undef MEMBER
};

/* Every backend's struct starts with this one. */
struct store {
    const struct store_backend *backend;
};

/* Opens sqlite:///absolute/path (see store_open). */
enum error_code store_sqlite_open(const char *path, struct store **store, struct error *error);

#endif

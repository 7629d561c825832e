/* What a backend of the store implements: the functions of store.h, one for one. store.c picks the backend by the
 * URI's scheme and forwards to it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_STORE_BACKEND_H
#define CGI_LOGIN_STORE_BACKEND_H

#include "store/store.h"

struct store_backend {
    void (*close)(struct store *store);
    bool (*is_current)(const struct store *store); /* NULL: always */
    enum error_code (*setup)(struct store *store, const char *const *providers, struct error *error);
    enum error_code (*probe)(struct store *store, bool *exists, struct error *error);
    enum error_code (*sign_in)(struct store *store, const struct sign_in *sign_in, struct error *error);
    enum error_code (*session_user)(struct store *store, const char *session_id, int64_t now, cJSON **user,
                                    struct error *error);
    enum error_code (*session_end)(struct store *store, const char *session_id, struct error *error);
    enum error_code (*user_find)(struct store *store, const char *provider, const char *id, cJSON **user,
                                 struct error *error);
    enum error_code (*users_each)(struct store *store, store_user_visitor visit, void *context, struct error *error);
    enum error_code (*user_delete)(struct store *store, const char *provider, const char *id, bool *deleted,
                                   struct error *error);
    enum error_code (*sessions_end)(struct store *store, const char *provider, const char *id, struct error *error);
    enum error_code (*sessions_expire)(struct store *store, int64_t now, size_t limit, struct error *error);
    enum error_code (*user_find_either)(struct store *store, const char *provider, const char *id, cJSON **user,
                                        struct error *error);
    enum error_code (*account_change)(struct store *store, const struct account_change *change, bool *changed,
                                      struct error *error);
    enum error_code (*tokens_each)(struct store *store, const struct token_query *query, store_user_visitor visit,
                                   void *context, struct error *error);
    enum error_code (*request_seen)(struct store *store, const char *hash, int64_t now, bool *seen,
                                    struct error *error);
    enum error_code (*request_remember)(struct store *store, const char *hash, int64_t now, int64_t expires,
                                        struct error *error);
    enum error_code (*users_put)(struct store *store, const struct store_user *users, size_t count,
                                 struct error *error);
    enum error_code (*sessions_each)(struct store *store, int64_t now, store_session_visitor visit, void *context,
                                     struct error *error);
    enum error_code (*session_put)(struct store *store, const struct store_session *session, bool *written,
                                   struct error *error);
};

/* Every backend's struct starts with this one. */
struct store {
    const struct store_backend *backend;
};

/* Opens sqlite:///absolute/path (see store_open). */
enum error_code store_sqlite_open(const char *path, struct store **store, struct error *error);

#endif

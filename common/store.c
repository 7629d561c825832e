/* SPDX-License-Identifier: MIT */
#include "store_backend.h"

#include "text.h"

#include <string.h>

static const char SQLITE_PREFIX[] = "sqlite://";

bool store_uri_is_known(const char *uri, const char **problem) {
    if (text_starts_with(uri, SQLITE_PREFIX)) {
        *problem = "the path must be absolute, with three slashes: sqlite:///home/you/cgi-login/users.db";
        return uri[strlen(SQLITE_PREFIX)] == '/' && uri[strlen(SQLITE_PREFIX) + 1] != '\0';
    }
    *problem = text_starts_with(uri, "mongodb:") || text_starts_with(uri, "mongodb+srv:")
                   ? "this version keeps users in SQLite only; use sqlite:///home/you/cgi-login/users.db"
                   : "expected a URI such as sqlite:///home/you/cgi-login/users.db";
    return false;
}

enum error_code store_open(const char *uri, struct store **store, struct error *error) {
    const char *problem;
    *store = NULL;
    if (!store_uri_is_known(uri, &problem))
        return error_set(error, ERROR_CONFIG, "store: %s", problem);
    return store_sqlite_open(uri + strlen(SQLITE_PREFIX), store, error);
}

void store_close(struct store *store) {
    if (store != NULL)
        store->backend->close(store);
}

enum error_code store_setup(struct store *store, struct error *error) {
    return store->backend->setup(store, error);
}

enum error_code store_probe(struct store *store, bool *exists, struct error *error) {
    return store->backend->probe(store, exists, error);
}

enum error_code store_sign_in(struct store *store, const struct sign_in *sign_in, struct error *error) {
    return store->backend->sign_in(store, sign_in, error);
}

enum error_code store_session_user(struct store *store, const char *session_id, int64_t now, cJSON **user,
                                   struct error *error) {
    return store->backend->session_user(store, session_id, now, user, error);
}

enum error_code store_session_end(struct store *store, const char *session_id, struct error *error) {
    return store->backend->session_end(store, session_id, error);
}

enum error_code store_user_find(struct store *store, const char *provider, const char *id, cJSON **user,
                                struct error *error) {
    return store->backend->user_find(store, provider, id, user, error);
}

enum error_code store_users_each(struct store *store, store_user_visitor visit, void *context, struct error *error) {
    return store->backend->users_each(store, visit, context, error);
}

enum error_code store_user_delete(struct store *store, const char *provider, const char *id, bool *deleted,
                                  struct error *error) {
    return store->backend->user_delete(store, provider, id, deleted, error);
}

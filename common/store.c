/* SPDX-License-Identifier: MIT */
#include "store_backend.h"

#include "store_uri.h"

enum error_code store_open(const char *uri, struct store **store, struct error *error) {
    const char *problem;
    *store = NULL;
    switch (store_uri_kind(uri, &problem)) {
    case STORE_SQLITE: return store_sqlite_open(store_uri_sqlite_path(uri), store, error);
    case STORE_UNKNOWN: break;
    }
    return error_set(error, ERROR_CONFIG, "store: %s", problem);
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

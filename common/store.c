/* SPDX-License-Identifier: MIT */
#include "store_backend.h"

#include "store_mongodb.h"
#include "store_uri.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef CGI_LOGIN_STATIC

#include <dlfcn.h>

typedef enum error_code (*store_opener)(const char *uri, struct store **store, struct error *error);

/* Finds a function of the plugin. POSIX lets dlsym's object pointer be one to a function; ISO C does not, hence memcpy.
 */
static store_opener find_opener(void *plugin, const char *name) {
    void *symbol = dlsym(plugin, name);
    store_opener opener = NULL;
    memcpy(&opener, &symbol, sizeof opener);
    return opener;
}

/* Loads the plugin. It stays loaded: libmongoc cannot be unloaded. */
static enum error_code open_mongodb(const char *uri, const char *home, struct store **store, struct error *error) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/lib/store_mongodb.so", home);
    /* Or loading libmongoc makes a file of counters in /dev/shm for each process, and it stays there. */
    setenv("MONGOC_DISABLE_SHM", "1", 1);
    void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (plugin == NULL)
        return error_set(error, ERROR_STORE_UNAVAILABLE,
                         "the MongoDB plugin cannot be loaded: %s; `make install` puts it "
                         "there, and it needs libmongoc",
                         dlerror());
    const char *version = dlsym(plugin, "store_mongodb_version");
    const store_opener opener = find_opener(plugin, "store_mongodb_open");
    if (opener == NULL || version == NULL || strcmp(version, CGI_LOGIN_VERSION) != 0)
        return error_set(error, ERROR_STORE_UNAVAILABLE,
                         "%s is of another version than this program; run `make install` "
                         "again",
                         path);
    return opener(uri, store, error);
}

#else

/* A static program cannot load anything; it has the backend in it. It trusts the certificates that came with it. */
static enum error_code open_mongodb(const char *uri, const char *home, struct store **store, struct error *error) {
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s/ca", home);
    if (access(folder, R_OK | X_OK) == 0)
        setenv("SSL_CERT_DIR", folder, 0); /* OpenSSL's own variable */
    return store_mongodb_open(uri, store, error);
}

#endif

enum error_code store_open(const char *uri, const char *home, struct store **store, struct error *error) {
    const char *problem;
    *store = NULL;
    switch (store_uri_kind(uri, &problem)) {
    case STORE_SQLITE: return store_sqlite_open(store_uri_sqlite_path(uri), store, error);
    case STORE_MONGODB: return open_mongodb(uri, home, store, error);
    case STORE_UNKNOWN: break;
    }
    return error_set(error, ERROR_CONFIG, "store: %s", problem);
}

void store_close(struct store *store) {
    if (store != NULL)
        store->backend->close(store);
}

bool store_is_current(const struct store *store) {
    return store->backend->is_current == NULL || store->backend->is_current(store);
}

enum error_code store_setup(struct store *store, const char *const *providers, struct error *error) {
    return store->backend->setup(store, providers, error);
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

enum error_code store_sessions_end(struct store *store, const char *provider, const char *id, struct error *error) {
    return store->backend->sessions_end(store, provider, id, error);
}

enum error_code store_sessions_expire(struct store *store, int64_t now, size_t limit, struct error *error) {
    return store->backend->sessions_expire(store, now, limit, error);
}

enum error_code store_user_find_either(struct store *store, const char *provider, const char *id, cJSON **user,
                                       struct error *error) {
    return store->backend->user_find_either(store, provider, id, user, error);
}

enum error_code store_account_change(struct store *store, const struct account_change *change, bool *changed,
                                     struct error *error) {
    return store->backend->account_change(store, change, changed, error);
}

enum error_code store_tokens_each(struct store *store, const struct token_query *query, store_user_visitor visit,
                                  void *context, struct error *error) {
    return store->backend->tokens_each(store, query, visit, context, error);
}

enum error_code store_request_seen(struct store *store, const char *hash, int64_t now, bool *seen,
                                   struct error *error) {
    return store->backend->request_seen(store, hash, now, seen, error);
}

enum error_code store_request_remember(struct store *store, const char *hash, int64_t now, int64_t expires,
                                       struct error *error) {
    return store->backend->request_remember(store, hash, now, expires, error);
}

enum error_code store_users_put(struct store *store, const struct store_user *users, size_t count,
                                struct error *error) {
    return store->backend->users_put(store, users, count, error);
}

enum error_code store_sessions_each(struct store *store, int64_t now, store_session_visitor visit, void *context,
                                    struct error *error) {
    return store->backend->sessions_each(store, now, visit, context, error);
}

enum error_code store_session_put(struct store *store, const struct store_session *session, bool *written,
                                  struct error *error) {
    return store->backend->session_put(store, session, written, error);
}

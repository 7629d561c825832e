/* What a process keeps from one request to the next: its connections to the store and to providers, and the provider it
 * has read. All of them belong to one configuration, and are closed when that is read anew. A CGI process has each at
 * most once.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROCESS_CACHE_H
#define CGI_LOGIN_PROCESS_CACHE_H

#include "base/error.h"
#include "config/config.h"
#include "openid/issuer.h"

struct http_client;
struct provider;
struct provider_outline;
struct store;

/* The linker takes whole object files, so each function below has its own: a program that opens no store links none.
 * The pointers to the functions that close are there for the same reason. */
struct process_cache {
    struct store *store;
    void (*close_store)(struct store *store);
    struct http_client *client;
    void (*free_client)(struct http_client *client);
    struct provider *provider; /* the last one that was asked for */
    void (*free_provider)(struct provider *provider);
    struct provider_outline *outline; /* likewise */
    void (*free_outline)(struct provider_outline *outline);
};

/* Gets the config's store, and opens it if it is not open. Owned by `cache`. (process_cache_store.c) */
enum error_code process_cache_store(struct process_cache *cache, const struct config *config, struct store **store,
                                    struct error *error);

/* Gets the client, and makes it if there is none. Owned by `cache`. (process_cache_http_client.c) */
enum error_code process_cache_http_client(struct process_cache *cache, const struct config *config,
                                          struct http_client **client, struct error *error);

/* Gets a provider of the config, and reads it anew if its file has changed. Problems are added to `problems`, the first
 * is put into `error` (ERROR_CONFIG). Owned by `cache`, until another is asked for. (process_cache_provider.c) */
enum error_code process_cache_provider(struct process_cache *cache, const struct config *config, const char *name,
                                       const struct provider **provider, struct problems *problems,
                                       struct error *error);

/* Completes the provider that was got last with what is kept of its issuer, if it has one (issuer.h).
 * (process_cache_issuer.c) */
enum error_code process_cache_issuer(struct process_cache *cache, const struct config *config, int64_t now,
                                     enum issuer_state *state, struct error *error);

/* Gets a provider's outline, under the same rules, but problems are no failure (provider_outline.h).
 * (process_cache_outline.c) */
enum error_code process_cache_outline(struct process_cache *cache, const struct config *config, const char *name,
                                      const struct provider_outline **outline, struct problems *problems,
                                      struct error *error);

/* Closes the store: after it failed, the next request starts afresh. */
void process_cache_drop_store(struct process_cache *cache);

/* Closes all. */
void process_cache_clear(struct process_cache *cache);

#endif

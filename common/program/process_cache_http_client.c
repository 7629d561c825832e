/* SPDX-License-Identifier: MIT */
#include "program/process_cache.h"

#include "oauth/http_client.h"

#include <stddef.h>

enum error_code process_cache_http_client(struct process_cache *cache, const struct config *config,
                                          struct http_client **client, struct error *error) {
    if (cache->client == NULL)
        cache->client = http_client_new(config->ca_folder, error);
    cache->free_client = http_client_free;
    *client = cache->client;
    return cache->client != NULL ? ERROR_NONE : error->code;
}

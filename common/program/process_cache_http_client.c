/* SPDX-License-Identifier: MIT */
#include "program/process_cache.h"

#include "http/http_client.h"

#include <stddef.h>

enum error_code process_cache_http_client(struct process_cache *cache, const struct config *config,
                                          struct http_client **client, struct error *error) {
    enum error_code code = ERROR_NONE;
    if (cache->client == NULL)
        code = http_client_new(config->ca_folder, &cache->client, error);
    cache->free_client = http_client_free;
    *client = cache->client;
    return code;
}

/* SPDX-License-Identifier: MIT */
#include "program/process_cache.h"

#include <stddef.h>

void process_cache_drop_store(struct process_cache *cache) {
    if (cache->store != NULL)
        cache->close_store(cache->store);
    cache->store = NULL;
}

void process_cache_clear(struct process_cache *cache) {
    process_cache_drop_store(cache);
    if (cache->client != NULL)
        cache->free_client(cache->client);
    cache->client = NULL;
    if (cache->provider != NULL)
        cache->free_provider(cache->provider);
    cache->provider = NULL;
    if (cache->outline != NULL)
        cache->free_outline(cache->outline);
    cache->outline = NULL;
}

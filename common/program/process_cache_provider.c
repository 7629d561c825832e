/* SPDX-License-Identifier: MIT */
#include "program/process_cache.h"

#include "config/provider.h"

#include <string.h>

enum error_code process_cache_provider(struct process_cache *cache, const struct config *config, const char *name,
                                       const struct provider **provider, struct problems *problems,
                                       struct error *error) {
    enum error_code code = ERROR_NONE;
    if (cache->provider != NULL &&
        (strcmp(cache->provider->name, name) != 0 || !provider_is_current(cache->provider))) {
        provider_free(cache->provider);
        cache->provider = NULL;
    }
    if (cache->provider == NULL)
        code = provider_load(config, name, &cache->provider, problems, error);
    cache->free_provider = provider_free;
    *provider = cache->provider;
    return code;
}

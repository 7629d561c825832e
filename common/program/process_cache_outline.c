/* SPDX-License-Identifier: MIT */
#include "program/process_cache.h"

#include "config/provider_outline.h"

#include <string.h>

enum error_code process_cache_outline(struct process_cache *cache, const struct config *config, const char *name,
                                      const struct provider_outline **outline, struct problems *problems,
                                      struct error *error) {
    enum error_code code = ERROR_NONE;
    if (cache->outline != NULL &&
        (strcmp(cache->outline->name, name) != 0 || !provider_outline_is_current(cache->outline))) {
        provider_outline_free(cache->outline);
        cache->outline = NULL;
    }
    if (cache->outline == NULL)
        code = provider_outline_load(config, name, &cache->outline, problems, error);
    cache->free_outline = provider_outline_free;
    *outline = cache->outline;
    return code;
}

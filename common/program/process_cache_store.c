/* SPDX-License-Identifier: MIT */
#include "program/process_cache.h"

#include "program/store_open.h"
#include "store/store.h"

#include <stddef.h>

enum error_code process_cache_store(struct process_cache *cache, const struct config *config, struct store **store,
                                    struct error *error) {
    enum error_code code = ERROR_NONE;
    if (cache->store != NULL && !store_is_current(cache->store))
        process_cache_drop_store(cache);
    if (cache->store == NULL)
        code = store_open(config->store, config->home, config->ca_folder, &cache->store, error);
    cache->close_store = store_close;
    *store = cache->store;
    return code;
}

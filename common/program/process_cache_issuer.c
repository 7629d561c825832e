/* SPDX-License-Identifier: MIT */
#include "program/process_cache.h"

enum error_code process_cache_issuer(struct process_cache *cache, const struct config *config, int64_t now,
                                     enum issuer_state *state, struct error *error) {
    return issuer_load(config, cache->provider, now, state, error);
}

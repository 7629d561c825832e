/* SPDX-License-Identifier: MIT */
#include "kept.h"

#include <stddef.h>

void kept_drop_store(struct kept *kept) {
    if (kept->store != NULL)
        kept->close_store(kept->store);
    kept->store = NULL;
}

void kept_clear(struct kept *kept) {
    kept_drop_store(kept);
    if (kept->client != NULL)
        kept->free_client(kept->client);
    kept->client = NULL;
    if (kept->provider != NULL)
        kept->free_provider(kept->provider);
    kept->provider = NULL;
}

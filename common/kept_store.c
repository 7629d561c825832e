/* SPDX-License-Identifier: MIT */
#include "kept.h"

#include "store.h"

#include <stddef.h>

enum error_code kept_store(struct kept *kept, const struct config *config, struct store **store, struct error *error) {
    enum error_code code = ERROR_NONE;
    if (kept->store != NULL && !store_is_current(kept->store))
        kept_drop_store(kept);
    if (kept->store == NULL)
        code = store_open(config->store, config->home, config->ca_folder, &kept->store, error);
    kept->close_store = store_close;
    *store = kept->store;
    return code;
}

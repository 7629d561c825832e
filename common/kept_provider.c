/* SPDX-License-Identifier: MIT */
#include "kept.h"

#include "provider.h"

#include <string.h>

enum error_code kept_provider(struct kept *kept, const struct config *config, const char *name,
                              const struct provider **provider, struct problems *problems, struct error *error) {
    enum error_code code = ERROR_NONE;
    if (kept->provider != NULL && (strcmp(kept->provider->name, name) != 0 || !provider_is_current(kept->provider))) {
        provider_free(kept->provider);
        kept->provider = NULL;
    }
    if (kept->provider == NULL)
        code = provider_load(config, name, &kept->provider, problems, error);
    kept->free_provider = provider_free;
    *provider = kept->provider;
    return code;
}

/* SPDX-License-Identifier: MIT */
#include "admin/issuer_refresh.h"

#include "openid/issuer_fetch.h"
#include "openid/key_cache.h"

#include <time.h>

/* Looks at no kept keys, which would do where new ones cannot be had. */
static enum error_code refresh_keys(const struct config *config, const struct provider *provider,
                                    struct http_client *client, int64_t now, struct error *error) {
    struct key_cache cache = {.config = config, .provider = provider, .now = now};
    const cJSON *keys;
    const enum error_code code = key_cache_take(&cache, client, &keys, error);
    key_cache_close(&cache);
    return code;
}

enum error_code issuer_refresh(const struct config *config, struct provider *provider, struct http_client *client,
                               struct error *remark, struct error *error) {
    const int64_t now = (int64_t)time(NULL);
    const enum error_code code = issuer_fetch(config, provider, client, now, remark, error);
    return code == ERROR_NONE && provider->openid && !provider->id_token_by_secret
               ? refresh_keys(config, provider, client, now, error)
               : code;
}

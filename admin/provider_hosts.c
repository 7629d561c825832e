/* SPDX-License-Identifier: MIT */
#include "admin/provider_hosts.h"

#include "base/url.h"

void provider_hosts_each(const struct provider *provider, provider_host_visitor visit, void *context) {
    const char *urls[] = {provider->authorize_url, provider->token_url, provider->profile_url, provider->long_lived_url,
                          provider->refresh_url,   provider->issuer,    provider->jwks_url};
    struct url url;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        bool seen = !url_parse(urls[i], &url);
        for (size_t before = 0; before < i; before++)
            seen = seen || url_same_origin(urls[i], urls[before]);
        if (!seen)
            visit(context, provider, urls[i]);
    }
}

/* SPDX-License-Identifier: MIT */
#include "config/provider_checks.h"

#include "config/allow.h"

void provider_check(const struct provider_sources *sources, struct problems *problems) {
    const struct allow allow = allow_of_provider(sources->config, sources->own->string);
    allow_check(&allow, problems);
    settings_require(sources->settings, sources->own_place, provider_settings, problems);
    provider_check_request(sources, problems);
    provider_check_details(sources, problems);
    provider_check_profile(sources, problems);
    provider_check_authorize(sources, problems);
    provider_check_issuer(sources, problems);
    provider_check_token(sources, problems);
    provider_check_app(sources, problems);
}

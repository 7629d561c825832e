/* SPDX-License-Identifier: MIT */
#include "config/provider_checks.h"

#include "base/json.h"
#include "config/provider_allow.h"

void provider_check(const struct provider_sources *sources, struct problems *problems) {
    provider_allow_check(json_member(sources->own, "allow"), sources->own->string, problems);
    settings_require(sources->settings, sources->own_place, provider_settings, problems);
    provider_check_profile(sources, problems);
    provider_check_authorize(sources, problems);
    provider_check_app(sources, problems);
}

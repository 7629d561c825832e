/* SPDX-License-Identifier: MIT */
#include "config/provider_checks.h"

#include "base/json.h"
#include "base/text.h"

void provider_check_app(const struct provider_sources *sources, struct problems *problems) {
    static const char *const keys[] = {"client_id", "client_secret"};
    char name[LOG_LINE_MAX];
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = json_string(sources->own, keys[i]);
        if (text != NULL && text_starts_with(text, "YOUR_"))
            problems_add(problems, "%s: is still the template's; write the one from the provider's dashboard",
                         provider_sources_key(sources, keys[i], name));
    }
}

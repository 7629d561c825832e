/* SPDX-License-Identifier: MIT */
#include "config/provider_checks.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

/* A setting that does nothing is refused. */
static void check_needless(const struct provider_sources *sources, struct problems *problems) {
    static const char *const keys[] = {"id_token", "jwks_url"};
    char name[LOG_LINE_MAX];
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (json_member(sources->settings, keys[i]) != NULL)
            problems_add(problems, "%s: has no effect without an issuer; write `issuer`, or remove this",
                         provider_sources_key(sources, keys[i], name));
}

static bool is_algorithm(const char *name) {
    static const char *const names[] = {"RS256", "PS256", "ES256", "ES384", "EdDSA"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(name, names[i]))
            return true;
    return false;
}

bool provider_is_signed_by_secret(const cJSON *algorithms) {
    return cJSON_GetArraySize(algorithms) == 1 && text_equal(cJSON_GetStringValue(algorithms->child), "HS256");
}

static void check_algorithms(const struct provider_sources *sources, struct problems *problems) {
    const cJSON *list = json_member(json_member(sources->settings, "id_token"), "algorithms");
    char name[LOG_LINE_MAX];
    /* With any other beside it, a key that anybody can read could pass for the secret (RFC 8725, section 2.1). */
    if (provider_is_signed_by_secret(list))
        return;
    for (const cJSON *entry = list != NULL ? list->child : NULL; entry != NULL; entry = entry->next)
        if (!is_algorithm(entry->valuestring))
            problems_add(problems,
                         "%s.algorithms: \"%.40s\" is none of RS256, PS256, ES256, ES384 and EdDSA, nor HS256 alone; "
                         "remove it",
                         provider_sources_key(sources, "id_token", name), entry->valuestring);
}

void provider_check_issuer(const struct provider_sources *sources, struct problems *problems) {
    const char *issuer = json_string(sources->settings, "issuer");
    char name[LOG_LINE_MAX];
    if (issuer == NULL)
        check_needless(sources, problems);
    /* OpenID Connect Core 1.0, section 1.2: no query. A fragment is none of a URL here. */
    else if (strchr(issuer, '?') != NULL)
        problems_add(problems, "%s: expected an https URL without a query, such as \"https://login.example.com\"",
                     provider_sources_key(sources, "issuer", name));
    check_algorithms(sources, problems);
}

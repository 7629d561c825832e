/* SPDX-License-Identifier: MIT */
#include "config/owners.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

bool owners_have_page(const struct config *config) {
    return config->owners != NULL || config->setup_code != NULL;
}

/* Returns the id of an entry "PROVIDER:ID" that is about this provider, or NULL. */
static const char *id_at(const char *entry, const char *provider) {
    const size_t len = strlen(provider);
    return text_starts_with(entry, provider) && entry[len] == ':' ? entry + len + 1 : NULL;
}

static bool is_listed(const cJSON *list, const struct allow_account *account) {
    const char *id = json_string(account->profile, "id");
    for (const cJSON *entry = list->child; entry != NULL; entry = entry->next)
        if (cJSON_IsString(entry) && text_equal(id_at(entry->valuestring, account->provider), id))
            return true;
    return false;
}

static struct allow rules_of(const struct config *config) {
    return (struct allow){.rules = config->owners, .providers = config->providers, .owners = true};
}

bool owners_admit(const struct config *config, const struct allow_account *account) {
    const struct allow rules = rules_of(config);
    if (cJSON_IsArray(config->owners))
        return is_listed(config->owners, account);
    return cJSON_IsObject(config->owners) && allow_picks(config->owners) && allow_admits(&rules, account);
}

/* True if the entry begins with the name of a provider of the config. */
static bool names_provider(const struct config *config, const char *entry) {
    for (const cJSON *provider = config->providers->child; provider != NULL; provider = provider->next)
        if (!text_is_blank(id_at(entry, provider->string)))
            return true;
    return false;
}

static void check_list(const struct config *config, struct problems *problems) {
    int index = 0;
    for (const cJSON *entry = config->owners->child; entry != NULL; entry = entry->next, index++)
        if (cJSON_IsString(entry) && !names_provider(config, entry->valuestring))
            problems_add(
                problems,
                "owners[%d]: expected \"PROVIDER:ID\", as the owner's page or `cgi-login users list` shows it; "
                "a username may change hands",
                index);
}

static void check_owners(const struct config *config, struct problems *problems) {
    const struct allow rules = rules_of(config);
    allow_check(&rules, problems);
    if (allow_is_list(config->owners))
        check_list(config, problems);
    else if (cJSON_IsObject(config->owners) && !allow_picks(config->owners))
        problems_add(problems, "owners: would make everybody who can log in an owner; name accounts, such as "
                               "[\"PROVIDER:ID\"]");
}

/* Refuses what somebody has thought up: a code that is drawn has digits among its letters. */
static void check_code(const char *key, const char *code, struct problems *problems) {
    static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    const size_t len = code != NULL ? strlen(code) : 0;
    if (code == NULL || *code == '\0')
        return; /* it is not there, or the line about its type has said so */
    if (len < OWNER_CODE_MIN || len > OWNER_CODE_MAX || code[strspn(code, characters)] != '\0' ||
        strpbrk(code, "0123456789") == NULL)
        problems_add(problems,
                     "%s: expected a code of %d to %d letters, digits, \"-\" and \"_\", drawn by a machine; print one "
                     "with `cgi-login new-code`, or take INSTALL.html's",
                     key, OWNER_CODE_MIN, OWNER_CODE_MAX);
}

void owners_check(const struct config *config, struct problems *problems) {
    if (config->owners != NULL && cJSON_IsObject(config->providers) && config->providers->child != NULL)
        check_owners(config, problems);
    check_code("setup_code", config->setup_code, problems);
    check_code("refresh_key", config->refresh_key, problems);
    if (config->setup_code != NULL && text_equal(config->setup_code, config->refresh_key))
        problems_add(problems, "refresh_key: must be another code than setup_code: it stands in a URL");
}

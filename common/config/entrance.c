/* SPDX-License-Identifier: MIT */
#include "config/entrance.h"

#include "base/json.h"
#include "base/text.h"
#include "config/owners.h"
#include "config/private_file.h"
#include "config/store_uri.h"

static bool has_right(const struct config *config, const char *key) {
    return settings_has_right(config->document, config_settings, key);
}

static bool is_absent(const struct config *config, const char *key) {
    return json_member(config->document, key) == NULL;
}

/* Every one of them: what a key was meant to be that is none, nobody knows. */
static bool keys_are_right(const struct config *config) {
    return has_right(config, "keys") &&
           config->keys.count == (size_t)cJSON_GetArraySize(json_member(config->document, "keys"));
}

static bool is_in_its_place(const struct config *config, const char *key, const char *path, const char *web_root) {
    struct problems problems = {.count = 0};
    private_file_check_place(config->home, key, path, web_root, &problems);
    const bool right = problems_none(&problems, 0);
    problems_clear(&problems);
    return right;
}

/* Whether a code is used up stands in that folder. */
static bool state_is_right(const struct config *config, const char *web_root) {
    return is_absent(config, "state") ||
           (has_right(config, "state") && is_in_its_place(config, "state", config->state, web_root));
}

static bool store_is_right(const struct config *config, const char *web_root) {
    const char *problem;
    if (!has_right(config, "store") || !(is_absent(config, "ca_folder") || has_right(config, "ca_folder")))
        return false;
    switch (store_uri_kind(config->store, &problem)) {
    case STORE_SQLITE: return is_in_its_place(config, "store", store_uri_sqlite_path(config->store), web_root);
    case STORE_MONGODB: return true;
    case STORE_UNKNOWN: break;
    }
    return false;
}

/* Judges `owners` or a code, whichever `part` has. */
static bool passes_owners_check(const struct config *part) {
    struct problems problems = {.count = 0};
    owners_check(part, &problems);
    const bool right = problems_none(&problems, 0);
    problems_clear(&problems);
    return right;
}

static bool owners_are_right(const struct config *config) {
    const struct config part = {.owners = config->owners, .providers = config->providers};
    return has_right(config, "owners") && cJSON_IsObject(part.providers) && part.providers->child != NULL &&
           passes_owners_check(&part);
}

/* The refresh_key stands in URLs, so a code that is the same has a fault, too. */
static bool code_is_right(const struct config *config) {
    const struct config part = {.setup_code = config->setup_code};
    return has_right(config, "setup_code") && !text_equal(config->setup_code, config->refresh_key) &&
           passes_owners_check(&part);
}

bool entrance_keep(struct config *config, const char *web_root) {
    const char *twice;
    if (!keys_are_right(config) || !state_is_right(config, web_root) ||
        json_has_duplicate_key(config->document, &twice))
        return false;
    const char *state = config->state;
    const cJSON *providers = cJSON_IsObject(config->providers) ? config->providers : NULL;
    const char *store = store_is_right(config, web_root) ? config->store : NULL;
    const cJSON *owners = owners_are_right(config) ? config->owners : NULL;
    const char *code = code_is_right(config) ? config->setup_code : NULL;
    settings_read(NULL, config_settings, config);
    config->is_faulty = true;
    config->base_url = "";
    config->default_provider = NULL;
    config->signed_out = config->home_path;
    config->state = state;
    config->providers = providers;
    config->store = store;
    config->owners = owners;
    config->setup_code = code;
    return owners_have_page(config);
}

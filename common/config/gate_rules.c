/* SPDX-License-Identifier: MIT */
#include "config/gate_rules.h"

#include "base/json.h"
#include "base/site_path.h"

// clang-format off
const struct setting gate_rule_settings[] = {
    {.key = "path", .type = SETTING_TEXT, .required = true,
     .offset = SETTING_AT(struct gate_rule, const char *, path), .example = "\"/members\"",
     .what = "a path of this site, as people read it and not percent-encoded",
     .meaning = "what is guarded: a folder with all in it, a page, a script"},
    {.key = "allow", .type = SETTING_PART, .required = true, .members = allow_settings,
     .offset = SETTING_AT(struct gate_rule, const cJSON *, allow.rules), .example = "{\"signed_in\": true}",
     .what = "an object that says whom it lets in",
     .meaning = "whom it lets in, of those whom the site's and the provider's `allow` let in"},
    {.key = "reauth_minutes", .type = SETTING_MINUTES, .minimum = 0, .maximum = SESSION_MINUTES_MAX, .number = 0,
     .offset = SETTING_AT(struct gate_rule, int64_t, reauth), .example = "30",
     .meaning = "how old the login may be; 0: as old as the session"},
    {.key = "public", .type = SETTING_TEXTS, .otherwise = "nothing",
     .offset = SETTING_AT(struct gate_rule, const cJSON *, open), .example = "[\"/members/style.css\"]",
     .meaning = "paths in it that everybody may see, signed in or not"},
    {0}};
// clang-format on

const char *gate_rule_path(const cJSON *item) {
    return json_string(item, "path");
}

size_t gate_rules_count(const struct config *config) {
    return cJSON_IsArray(config->gate) ? (size_t)cJSON_GetArraySize(config->gate) : 0;
}

static struct gate_rule read_rule(const struct config *config, const cJSON *item, size_t index) {
    struct gate_rule rule = {.index = index, .allow = {.providers = config->providers, .gate_rule = index + 1}};
    settings_read(item, gate_rule_settings, &rule);
    return rule;
}

struct gate_rule gate_rules_at(const struct config *config, size_t index) {
    const cJSON *item = cJSON_IsArray(config->gate) ? cJSON_GetArrayItem(config->gate, (int)index) : NULL;
    return read_rule(config, item, index);
}

bool gate_rule_opens(const struct gate_rule *rule, const char *path) {
    for (const cJSON *entry = cJSON_IsArray(rule->open) ? rule->open->child : NULL; entry != NULL; entry = entry->next)
        if (cJSON_IsString(entry) && site_path_lies_in(path, entry->valuestring, false))
            return true;
    return false;
}

/* The first rule that holds the path whatever the case of letters is the one that decides, if it holds it exactly, too:
 * otherwise a file system that ignores case would serve the same file by another rule. */
enum gate_match gate_rules_find(const struct config *config, const char *path, struct gate_rule *rule) {
    size_t index = 0;
    *rule = (struct gate_rule){.path = NULL};
    for (const cJSON *item = cJSON_IsArray(config->gate) ? config->gate->child : NULL; item != NULL;
         item = item->next, index++) {
        const char *folder = gate_rule_path(item);
        if (folder == NULL || !site_path_lies_in(path, folder, true))
            continue;
        *rule = read_rule(config, item, index);
        if (!site_path_lies_in(path, folder, false))
            return GATE_MATCH_UNDECIDED;
        return gate_rule_opens(rule, path) ? GATE_MATCH_PUBLIC : GATE_MATCH_RULE;
    }
    return GATE_MATCH_NONE;
}

/* gate_rules.c, gate_rules_check.c, allow.c: rules that anybody could have written, and a path. The first line of the
 * input is the path, the rest the rules. Nothing crashes, whether the check finds faults or not; and of rules without
 * fault each decides for its own path and keeps what is public apart.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/json.h"
#include "base/site_path.h"
#include "config/gate_rules.h"

static const char ACCOUNT[] = "{\"id\":\"1\",\"username\":\"a\",\"email\":\"a@b.example\",\"email_verified\":true,"
                              "\"groups\":[\"g\"]}";

static cJSON *parse(const char *text, size_t len) {
    cJSON *value;
    json_parse_settings(text, len, &value, NULL);
    return value;
}

/* A path that another one reaches by the case of letters alone is decided by neither, or by the same rule. */
static void check_case(const struct config *config, const char *path, const struct gate_rule *rule) {
    char swapped[SITE_PATH_MAX + 1];
    struct gate_rule other;
    size_t len = 0;
    for (; path[len] != '\0'; len++) {
        const char letter = (char)(path[len] | 0x20);
        swapped[len] = letter >= 'a' && letter <= 'z' ? (char)(path[len] ^ 0x20) : path[len];
    }
    swapped[len] = '\0';
    const enum gate_match match = gate_rules_find(config, swapped, &other);
    must(match == GATE_MATCH_UNDECIDED || (match != GATE_MATCH_NONE && other.index == rule->index));
}

static void check_find(const struct config *config, const char *path) {
    struct gate_rule rule;
    const enum gate_match match = gate_rules_find(config, path, &rule);
    must((match == GATE_MATCH_NONE) == (rule.path == NULL));
    if (match == GATE_MATCH_NONE)
        return;
    must(rule.index < gate_rules_count(config) && site_path_lies_in(path, rule.path, true));
    must((match == GATE_MATCH_UNDECIDED) == !site_path_lies_in(path, rule.path, false));
    if (match != GATE_MATCH_UNDECIDED) {
        must((match == GATE_MATCH_PUBLIC) == gate_rule_opens(&rule, path));
        check_case(config, path, &rule);
    }
}

static void check_right(const struct config *config) {
    for (size_t i = 0; i < gate_rules_count(config); i++) {
        const struct gate_rule rule = gate_rules_at(config, i);
        struct gate_rule found;
        must(gate_rules_find(config, rule.path, &found) == GATE_MATCH_RULE && found.index == i);
        for (const cJSON *entry = rule.open != NULL ? rule.open->child : NULL; entry != NULL; entry = entry->next)
            must(gate_rules_find(config, entry->valuestring, &found) == GATE_MATCH_PUBLIC && found.index == i);
    }
}

/* Judges an account by each rule, right or wrong. */
static void judge(const struct config *config) {
    cJSON *profile = parse(ACCOUNT, sizeof ACCOUNT - 1);
    struct error error;
    for (size_t i = 0; i < gate_rules_count(config) && i < GATE_RULES_MAX; i++) {
        const struct gate_rule rule = gate_rules_at(config, i);
        const struct allow_account account = {"p", profile};
        must(allow_admits(&rule.allow, &account) == (allow_admit(&rule.allow, &account, &error) == ERROR_NONE));
    }
    json_free(profile);
}

static void check_rules(const cJSON *document, const cJSON *providers, const char *path, size_t path_len) {
    const struct setting table[] = {{.key = "gate", .type = SETTING_PARTS, .members = gate_rule_settings}, {0}};
    const struct config config = {
        .base_url = "https://www.example.com", .providers = providers, .gate = json_member(document, "gate")};
    struct problems problems = {.count = 0};
    char read[SITE_PATH_MAX + 1];
    settings_check(document, "", table, false, &problems);
    gate_rules_check(&config, &problems);
    must(!problems.out_of_memory);
    judge(&config);
    if (site_path_read(path, path_len, read) == SITE_PATH_IS_RIGHT)
        check_find(&config, read);
    if (problems.count == 0 && !json_has_duplicate_key(document, NULL))
        check_right(&config);
    problems_clear(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char one[] = "{\"p\":{}}", two[] = "{\"p\":{},\"q\":{}}";
    const char *text = (const char *)data, *line = size != 0 ? memchr(data, '\n', size) : NULL;
    const size_t path_len = line != NULL ? (size_t)(line - text) : size;
    cJSON *gate = line != NULL ? parse(line + 1, size - path_len - 1) : NULL, *document = cJSON_CreateObject();
    cJSON *providers = path_len % 2 != 0 ? parse(one, sizeof one - 1) : parse(two, sizeof two - 1);
    if (gate != NULL && json_add(document, "gate", gate))
        check_rules(document, providers, text, path_len);
    json_free(document);
    json_free(providers);
    return 0;
}

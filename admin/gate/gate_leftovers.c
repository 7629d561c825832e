/* SPDX-License-Identifier: MIT */
#include "admin/gate/gate_leftovers.h"

#include "admin/config_text.h"
#include "admin/gate/gate_probe.h"

#include "base/json.h"
#include "base/text.h"

#include <dirent.h>
#include <string.h>

bool gate_leftovers_is_path(const char *path) {
    static const char hex[] = "0123456789abcdef";
    const size_t start = strlen(GATE_PROBE_PATH);
    return text_starts_with(path, GATE_PROBE_PATH) && strspn(path + start, hex) == GATE_PROBE_TOKEN_LENGTH &&
           path[start + GATE_PROBE_TOKEN_LENGTH] == '\0';
}

/* Returns the place of the last rule of a probe, or -1. */
static int find_last(const cJSON *gate) {
    int found = -1, index = 0;
    for (const cJSON *rule = cJSON_IsArray(gate) ? gate->child : NULL; rule != NULL; rule = rule->next, index++) {
        const char *path = json_string(rule, "path");
        if (path != NULL && gate_leftovers_is_path(path))
            found = index;
    }
    return found;
}

bool gate_leftovers_drop_rules(struct buffer *config) {
    bool more = true, whole = true;
    while (more && whole) {
        struct buffer text = BUFFER_EMPTY;
        cJSON *document = NULL;
        whole = json_parse_settings(buffer_text(config), config->len, &document, NULL) != JSON_NO_MEMORY;
        const int index = find_last(json_member(document, "gate"));
        json_free(document);
        more = whole && index >= 0 && config_text_replace_rule(&text, buffer_text(config), (size_t)index, NULL);
        whole = whole && !text.failed;
        if (more && whole) {
            buffer_free(config);
            *config = text;
        } else {
            buffer_free(&text);
        }
    }
    return whole;
}

void gate_leftovers_remove_folders(const char *web_root) {
    DIR *entries = opendir(web_root);
    struct gate_probe probe;
    for (const struct dirent *entry = entries != NULL ? readdir(entries) : NULL; entry != NULL;
         entry = readdir(entries))
        if (snprintf(probe.path, sizeof probe.path, "/%s", entry->d_name) < (int)sizeof probe.path &&
            gate_leftovers_is_path(probe.path) &&
            snprintf(probe.folder, sizeof probe.folder, "%s%s", web_root, probe.path) < (int)sizeof probe.folder)
            gate_probe_remove(&probe);
    if (entries != NULL)
        closedir(entries);
}

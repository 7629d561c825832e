/* SPDX-License-Identifier: MIT */
#include "admin/gate/gate_words.h"

#include "base/json.h"

/* Appends a list's texts. */
static void append_texts(struct buffer *out, const cJSON *list) {
    for (const cJSON *text = list->child; text != NULL; text = text->next)
        buffer_append_format(out, "%s%s", text == list->child ? " " : ", ", cJSON_GetStringValue(text));
}

/* The kinds of entries that pick people, and how they are called. */
static const struct {
    const char *key, *words;
} kinds[] = {{ALLOW_USERS, "the users"},
             {ALLOW_USERNAMES, "the usernames"},
             {ALLOW_EMAILS, "the e-mail addresses"},
             {ALLOW_DOMAINS, "e-mail addresses of the domains"},
             {ALLOW_GROUPS, "the groups"}};

void gate_words_append_admitted(struct buffer *out, const struct gate_rule *rule) {
    const cJSON *rules = rule->allow.rules, *providers = json_member(rules, ALLOW_PROVIDERS);
    struct buffer picked = BUFFER_EMPTY;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const cJSON *list = json_member(rules, kinds[i].key);
        if (list == NULL)
            continue;
        buffer_append_format(&picked, "%s%s", picked.len == 0 ? "" : "; ", kinds[i].words);
        append_texts(&picked, list);
    }
    buffer_append_text(out, picked.len != 0 || providers != NULL ? "" : "everybody who is signed in");
    if (providers != NULL) {
        buffer_append_text(out, "accounts of");
        append_texts(out, providers);
    }
    buffer_append_format(out, "%s%s", picked.len != 0 && providers != NULL ? ", and of them " : "",
                         buffer_text(&picked));
    out->failed = out->failed || picked.failed;
    buffer_free(&picked);
}

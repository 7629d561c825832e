/* SPDX-License-Identifier: MIT */
#include "admin/gate/gate_rule_text.h"

#include "base/json.h"
#include "config/allow.h"

#include <string.h>

/* The options that say whom to let in. */
struct kind {
    const char *key;
    const struct option_list *list;
};

enum { KINDS = 6 };

static void list_kinds(const struct command_line *line, struct kind kinds[KINDS]) {
    const struct kind all[KINDS] = {{ALLOW_PROVIDERS, &line->providers}, {ALLOW_USERS, &line->users},
                                    {ALLOW_USERNAMES, &line->usernames}, {ALLOW_EMAILS, &line->emails},
                                    {ALLOW_DOMAINS, &line->domains},     {ALLOW_GROUPS, &line->groups}};
    memcpy(kinds, all, sizeof all);
}

bool gate_rule_is_said(const struct command_line *line) {
    struct kind kinds[KINDS];
    bool said = line->signed_in || line->open.count != 0 || line->reauth_minutes != 0;
    list_kinds(line, kinds);
    for (size_t i = 0; i < KINDS; i++)
        said = said || kinds[i].list->count != 0;
    return said;
}

/* Appends the parts of a text between commas, without blanks around them. */
static bool append_parts(cJSON *list, const char *text) {
    for (bool more = true; more;) {
        text += strspn(text, " ");
        size_t len = strcspn(text, ",");
        more = text[len] == ',';
        const char *next = text + len + 1;
        while (len != 0 && text[len - 1] == ' ')
            len--;
        char *part = strndup(text, len);
        const bool added = part != NULL && json_append(list, cJSON_CreateString(part));
        buffer_free_text(part);
        if (!added)
            return false;
        text = next;
    }
    return true;
}

static bool add_list(cJSON *object, const char *key, const struct option_list *options, bool split) {
    cJSON *list = cJSON_CreateArray();
    bool whole = list != NULL && json_add(object, key, list);
    for (size_t i = 0; whole && i < options->count; i++)
        whole =
            split ? append_parts(list, options->values[i]) : json_append(list, cJSON_CreateString(options->values[i]));
    return whole;
}

static cJSON *make_allow(const struct command_line *line) {
    struct kind kinds[KINDS];
    cJSON *allow = cJSON_CreateObject();
    bool whole = allow != NULL, picks = false;
    list_kinds(line, kinds);
    for (size_t i = 0; whole && i < KINDS; i++) {
        if (kinds[i].list->count == 0)
            continue;
        whole = add_list(allow, kinds[i].key, kinds[i].list, true);
        picks = true;
    }
    if (whole && (!picks || line->signed_in))
        whole = json_add(allow, ALLOW_SIGNED_IN, cJSON_CreateTrue());
    if (whole)
        return allow;
    json_free(allow);
    return NULL;
}

cJSON *gate_rule_make(const struct command_line *line, const char *path) {
    cJSON *rule = cJSON_CreateObject();
    bool whole =
        rule != NULL && json_add(rule, "path", cJSON_CreateString(path)) && json_add(rule, "allow", make_allow(line));
    if (whole && line->reauth_minutes != 0)
        whole = json_add(rule, "reauth_minutes", cJSON_CreateNumber(line->reauth_minutes));
    if (whole && line->open.count != 0)
        whole = add_list(rule, "public", &line->open, false);
    if (whole)
        return rule;
    json_free(rule);
    return NULL;
}

void gate_rule_append(struct buffer *out, const cJSON *rule) {
    char *text = json_print(rule);
    bool in_string = false;
    out->failed = out->failed || text == NULL;
    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        const bool empty = strncmp(at, "{}", 2) == 0;
        if (!in_string && *at == '}' && at[-1] != '{')
            buffer_append_char(out, ' ');
        buffer_append_char(out, *at);
        if (in_string && *at == '\\')
            buffer_append_char(out, *++at);
        else if (*at == '"')
            in_string = !in_string;
        else if (!in_string && !empty && strchr("{:,", *at) != NULL)
            buffer_append_char(out, ' ');
    }
    json_free_text(text);
}

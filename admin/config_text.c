/* SPDX-License-Identifier: MIT */
#include "admin/config_text.h"

#include "base/json.h"

#include <string.h>

/* cJSON indents with tabs, which stand nowhere else in its text. */
void config_text_append_value(struct buffer *out, const cJSON *value, const char *margin) {
    char *text = cJSON_Print(value);
    out->failed = out->failed || text == NULL;
    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        if (*at == '\t')
            buffer_append_text(out, at[-1] == ':' ? " " : "  ");
        else
            buffer_append_char(out, *at);
        if (*at == '\n')
            buffer_append_text(out, margin);
    }
    json_free_text(text);
}

/* A member of an object, from the quote that begins its key to behind its value. */
struct member {
    const char *key, *value, *end;
};

static const char *skip_blanks(const char *at) {
    return at + strspn(at, " \t\r\n");
}

/* `at` is the quote that begins a string. */
static const char *skip_string(const char *at) {
    for (at++; *at != '"' && *at != '\0'; at++)
        at += *at == '\\' && at[1] != '\0';
    return at + (*at != '\0');
}

static const char *skip_value(const char *at) {
    int depth = 0;
    do {
        if (*at == '"') {
            at = skip_string(at);
            continue;
        }
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at++;
    } while (*at != '\0' && (depth > 0 || strchr(",}] \t\r\n", *at) == NULL));
    return at;
}

/* Finds the first member at `at`, which is behind the brace or the comma before it. False if there is none. */
static bool next_member(const char *at, struct member *member) {
    member->key = skip_blanks(at + (*at == ','));
    if (*member->key != '"')
        return false;
    const char *colon = skip_blanks(skip_string(member->key));
    member->value = skip_blanks(colon + 1);
    member->end = skip_value(member->value);
    return *colon == ':';
}

static bool has_key(const struct member *member, const char *name) {
    const size_t len = strlen(name);
    return strncmp(member->key + 1, name, len) == 0 && member->key[1 + len] == '"';
}

/* Finds the member `name` of the object at `object`; else the last one, and returns false. */
static bool find_member(const char *object, const char *name, struct member *member) {
    struct member next = {.end = object + 1};
    *member = next;
    for (const char *at = object + 1; next_member(at, &next); at = skip_blanks(next.end)) {
        *member = next;
        if (has_key(&next, name))
            return true;
    }
    return false;
}

bool config_text_put_provider(struct buffer *out, const char *config, const char *name, const char *entry) {
    struct member providers, member;
    const char *rest;
    if (!find_member(skip_blanks(config), "providers", &providers) || *providers.value != '{')
        return false;
    if (find_member(providers.value, name, &member)) {
        buffer_append(out, config, (size_t)(member.value - config));
        buffer_append_text(out, entry);
        rest = member.end;
    } else {
        const bool first = member.key == NULL;
        buffer_append(out, config, (size_t)(member.end - config));
        buffer_append_format(out, "%s\n    \"%s\": %s%s", first ? "" : ",", name, entry, first ? "\n  " : "");
        rest = first ? skip_blanks(member.end) : member.end;
    }
    buffer_append_text(out, rest);
    return true;
}

/* An element of a list or an object, and what is around it. */
struct element {
    const char *before; /* the end of the one before it, or behind the bracket */
    const char *start, *end;
    bool first;
};

/* Finds the element at `index` of the list whose bracket is at `list`. False if there are fewer: then `before` is the
 * end of the last one. */
static bool find_element(const char *list, size_t index, struct element *element) {
    *element = (struct element){.before = list + 1, .first = true};
    for (size_t i = 0;; i++) {
        const char *start = skip_blanks(element->before);
        start = *start == ',' ? skip_blanks(start + 1) : start;
        if (*start == ']' || *start == '\0')
            return false;
        element->start = start;
        element->end = skip_value(start);
        if (i == index)
            return true;
        element->before = element->end;
        element->first = false;
    }
}

/* Finds the member `gate` as an element of the whole object. */
static bool find_gate(const char *config, struct member *gate, struct element *element) {
    const char *object = skip_blanks(config);
    *element = (struct element){.before = object + 1, .first = true};
    for (const char *at = object + 1; next_member(at, gate); at = skip_blanks(gate->end)) {
        element->start = gate->key;
        element->end = gate->end;
        if (has_key(gate, "gate"))
            return true;
        element->before = gate->end;
        element->first = false;
    }
    return false;
}

/* Appends the text without the element. */
static void append_without(struct buffer *out, const char *config, const struct element *element) {
    const char *rest = element->end;
    if (element->first && *skip_blanks(rest) == ',')
        rest = skip_blanks(rest) + 1;
    buffer_append(out, config, (size_t)(element->before - config));
    buffer_append_text(out, rest);
}

bool config_text_insert_rule(struct buffer *out, const char *config, size_t index, const char *entry) {
    struct member gate;
    struct element member, rule;
    if (!find_gate(config, &gate, &member)) {
        buffer_append(out, config, (size_t)(member.before - config));
        buffer_append_format(out, "%s\n  \"gate\": [\n    %s\n  ]", member.first ? "" : ",", entry);
        buffer_append_text(out, member.before);
        return true;
    }
    if (*gate.value != '[')
        return false;
    if (find_element(gate.value, index, &rule)) {
        buffer_append(out, config, (size_t)(rule.start - config));
        buffer_append_format(out, "%s,\n    %s", entry, rule.start);
    } else {
        buffer_append(out, config, (size_t)(rule.before - config));
        buffer_append_format(out, "%s\n    %s%s", rule.first ? "" : ",", entry, rule.first ? "\n  " : "");
        buffer_append_text(out, rule.first ? skip_blanks(rule.before) : rule.before);
    }
    return true;
}

bool config_text_replace_rule(struct buffer *out, const char *config, size_t index, const char *entry) {
    struct member gate;
    struct element member, rule, next;
    if (!find_gate(config, &gate, &member) || *gate.value != '[' || !find_element(gate.value, index, &rule))
        return false;
    if (entry != NULL) {
        buffer_append(out, config, (size_t)(rule.start - config));
        buffer_append_text(out, entry);
        buffer_append_text(out, rule.end);
    } else {
        append_without(out, config, index == 0 && !find_element(gate.value, 1, &next) ? &member : &rule);
    }
    return true;
}

/* SPDX-License-Identifier: MIT */
#include "admin/config_text.h"

#include <string.h>

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

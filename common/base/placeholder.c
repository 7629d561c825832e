/* SPDX-License-Identifier: MIT */
#include "base/placeholder.h"

#include <string.h>

const char *placeholder_find(const char *text, size_t *len) {
    static const char characters[] = "abcdefghijklmnopqrstuvwxyz_";
    for (const char *at = strchr(text, '$'); at != NULL; at = strchr(at + 1, '$')) {
        *len = 1 + strspn(at + 1, characters);
        if (*len > 1)
            return at;
    }
    return NULL;
}

bool placeholder_is(const char *at, size_t len, const char *name) {
    return len == strlen(name) && memcmp(at, name, len) == 0;
}

void placeholder_expand(struct buffer *out, const char *text, const struct placeholder *list) {
    size_t len;
    for (const char *at; (at = placeholder_find(text, &len)) != NULL; text = at + len) {
        const struct placeholder *found = list;
        while (found->name != NULL && !placeholder_is(at, len, found->name))
            found++;
        buffer_append(out, text, (size_t)(at - text));
        if (found->name != NULL)
            buffer_append_text(out, found->value);
        else
            buffer_append(out, at, len);
    }
    buffer_append_text(out, text);
}

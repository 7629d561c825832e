/* SPDX-License-Identifier: MIT */
#include "base/json_pointer.h"

#include "base/json.h"

#include <stdlib.h>
#include <string.h>

enum { TOKEN_MAX = 128 };

/* Decodes the reference token at `pointer` ("~1" is "/", "~0" is "~"). Returns what follows it, or NULL. */
static const char *read_token(const char *pointer, char token[TOKEN_MAX]) {
    size_t len = 0;
    while (*pointer != '\0' && *pointer != '/') {
        char byte = *pointer++;
        if (byte == '~') {
            if (*pointer != '0' && *pointer != '1')
                return NULL;
            byte = *pointer++ == '0' ? '~' : '/';
        }
        if (len == TOKEN_MAX - 1)
            return NULL;
        token[len++] = byte;
    }
    token[len] = '\0';
    return pointer;
}

/* An array index: "0", or digits that do not start with 0 (RFC 6901, section 4). */
static const cJSON *array_item(const cJSON *array, const char *token) {
    const size_t digits = strspn(token, "0123456789");
    if (digits == 0 || digits > 6 || token[digits] != '\0' || (token[0] == '0' && digits != 1))
        return NULL;
    return cJSON_GetArrayItem(array, atoi(token));
}

const cJSON *json_pointer_get(const cJSON *root, const char *pointer) {
    const cJSON *value = root;
    char token[TOKEN_MAX];
    while (value != NULL && *pointer != '\0') {
        if (*pointer != '/' || (pointer = read_token(pointer + 1, token)) == NULL)
            return NULL;
        value = cJSON_IsArray(value) ? array_item(value, token) : json_member(value, token);
    }
    return value;
}

static const cJSON *get_present(const cJSON *root, const cJSON *pointer) {
    const char *text = cJSON_GetStringValue(pointer);
    const cJSON *value = text != NULL ? json_pointer_get(root, text) : NULL;
    return cJSON_IsNull(value) ? NULL : value;
}

const cJSON *json_pointer_first(const cJSON *root, const cJSON *pointers) {
    if (!cJSON_IsArray(pointers))
        return get_present(root, pointers);
    for (const cJSON *pointer = pointers->child; pointer != NULL; pointer = pointer->next) {
        const cJSON *value = get_present(root, pointer);
        if (value != NULL)
            return value;
    }
    return NULL;
}

/* SPDX-License-Identifier: MIT */
#include "base/redirect.h"

#include "base/bounds.h"

#include <stddef.h>
#include <string.h>

static const char PCHAR[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@";
static const char HEX[] = "0123456789ABCDEFabcdef";

/* True for a complete percent-encoding of a character that a path may hold: no control character, no backslash. */
static bool is_encoding(const char *text) {
    if (text[0] != '%' || text[1] == '\0' || strchr(HEX, text[1]) == NULL || text[2] == '\0' ||
        strchr(HEX, text[2]) == NULL)
        return false;
    const bool control = text[1] == '0' || text[1] == '1' || (text[1] == '7' && (text[2] | 0x20) == 'f');
    const bool backslash = text[1] == '5' && (text[2] | 0x20) == 'c';
    return !control && !backslash;
}

static bool is_dot_segment(const char *segment, size_t len) {
    return (len == 1 && segment[0] == '.') || (len == 2 && segment[0] == '.' && segment[1] == '.');
}

static bool has_dot_segment(const char *path, const char *end) {
    for (const char *segment = path + 1; segment <= end;) {
        const char *slash = memchr(segment, '/', (size_t)(end - segment));
        const char *stop = slash != NULL ? slash : end;
        if (is_dot_segment(segment, (size_t)(stop - segment)))
            return true;
        segment = stop + 1;
    }
    return false;
}

bool redirect_is_local_path(const char *path) {
    if (path == NULL || path[0] != '/' || path[1] == '/' || strlen(path) > RETURN_TO_MAX)
        return false;
    bool in_query = false;
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '%') {
            /* The URL standard takes %2e for a dot in a dot segment. */
            if (!is_encoding(at) || (!in_query && at[1] == '2' && (at[2] | 0x20) == 'e'))
                return false;
            at += 2;
        } else if (*at == '?') {
            in_query = true;
        } else if (*at != '/' && strchr(PCHAR, *at) == NULL) {
            return false;
        }
    }
    const char *end = in_query ? strchr(path, '?') : path + strlen(path);
    return !has_dot_segment(path, end);
}

/* SPDX-License-Identifier: MIT */
#include "base/redirect.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const char PCHAR[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@";
static const char HEX[] = "0123456789ABCDEFabcdef";

static bool is_control(unsigned char byte) {
    return byte < 0x20 || byte == 0x7F;
}

static bool is_encoding(const char *text) {
    return text[0] == '%' && text[1] != '\0' && strchr(HEX, text[1]) != NULL && text[2] != '\0' &&
           strchr(HEX, text[2]) != NULL;
}

/* The fault of a whole encoding: what some server or browser on the way could decode first. */
static enum redirect_fault check_encoding(const char *text, bool in_path) {
    const char high = text[1], low = (char)(text[2] | 0x20); /* lower case; a digit stays what it is */
    if (high == '0' || high == '1' || (high == '7' && low == 'f'))
        return REDIRECT_CONTROL;
    if (high == '5' && low == 'c')
        return REDIRECT_BACKSLASH;
    /* The URL standard takes %2e for a dot in a dot segment. */
    return in_path && high == '2' && low == 'e' ? REDIRECT_DOT_SEGMENT : REDIRECT_IS_LOCAL;
}

static enum redirect_fault check_character(char character) {
    if (character == '\\')
        return REDIRECT_BACKSLASH;
    if (is_control((unsigned char)character))
        return REDIRECT_CONTROL;
    return strchr(PCHAR, character) != NULL ? REDIRECT_IS_LOCAL : REDIRECT_CHARACTER;
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

enum redirect_fault redirect_check(const char *path) {
    const char *const end = path + strcspn(path, "?#"), *const fragment = path + strcspn(path, "#");
    enum redirect_fault fault = REDIRECT_IS_LOCAL;
    if (path[0] != '/' || path[1] == '/')
        return REDIRECT_NO_PATH;
    for (const char *at = path; *at != '\0' && fault == REDIRECT_IS_LOCAL; at++) {
        if (is_encoding(at)) {
            fault = check_encoding(at, at < end);
            at += 2;
        } else if (*at != '/' && *at != '?' && at != fragment) {
            fault = check_character(*at);
        }
    }
    if (fault == REDIRECT_IS_LOCAL && has_dot_segment(path, end))
        fault = REDIRECT_DOT_SEGMENT;
    return fault == REDIRECT_IS_LOCAL && strlen(path) > RETURN_TO_MAX ? REDIRECT_TOO_LONG : fault;
}

/* Tells whether a byte of well-formed text is to be encoded. A backslash and controls are not: redirect_check refuses
 * them. */
static bool wants_encoding(const char *at, const char *fragment) {
    if (*at == '%')
        return !is_encoding(at);
    if (*at == '#')
        return at != fragment;
    return *at != '\\' && *at != '/' && *at != '?' && !is_control((unsigned char)*at) && strchr(PCHAR, *at) == NULL;
}

static bool is_utf8(const char *text) {
    for (size_t at = 0, len = strlen(text), size; at < len; at += size) {
        size = text_character(text + at, len - at);
        if (size == 0)
            return false;
    }
    return true;
}

static enum redirect_fault encode(const char *text, char path[RETURN_TO_MAX + 1]) {
    const char *const fragment = text + strcspn(text, "#");
    size_t to = 0;
    for (const char *at = text; *at != '\0'; at++) {
        const bool encoded = wants_encoding(at, fragment);
        const size_t size = encoded ? strlen("%41") : 1;
        if (to + size > RETURN_TO_MAX)
            return REDIRECT_TOO_LONG;
        if (encoded)
            snprintf(path + to, size + 1, "%%%02X", (unsigned char)*at);
        else
            path[to] = *at;
        to += size;
    }
    path[to] = '\0';
    return redirect_check(path);
}

enum redirect_fault redirect_encode(const char *text, char path[RETURN_TO_MAX + 1]) {
    const enum redirect_fault fault = is_utf8(text) ? encode(text, path) : REDIRECT_CHARACTER;
    if (fault != REDIRECT_IS_LOCAL)
        *path = '\0';
    return fault;
}

const char *redirect_describe(enum redirect_fault fault) {
    switch (fault) {
    case REDIRECT_IS_LOCAL: break;
    case REDIRECT_NO_PATH: return "does not begin with one slash";
    case REDIRECT_BACKSLASH: return "holds a backslash, bare or encoded";
    case REDIRECT_CONTROL: return "holds a control character, bare or encoded";
    case REDIRECT_DOT_SEGMENT: return "goes up or nowhere, with \".\" or \"..\"";
    case REDIRECT_CHARACTER:
        return "holds characters that stand in a path only percent-encoded, or bytes that are no UTF-8";
    case REDIRECT_TOO_LONG: return "has more than " TEXT_OF(RETURN_TO_MAX) " bytes, encoded";
    }
    return "is a path of this site";
}

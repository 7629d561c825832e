/* SPDX-License-Identifier: MIT */
#include "json.h"

#include "buffer.h"
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEPTH_MAX = 64,
    EXACT_DIGITS = 15 /* every integer of so many digits is exact in a double */
};

static const char REPLACEMENT[] = "\\ufffd";

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* The UTF-16 unit of a \uXXXX escape at `text`, or -1. */
static long escape_unit(const char *text, const char *end) {
    if (end - text < 6 || text[0] != '\\' || text[1] != 'u')
        return -1;
    long unit = 0;
    for (int i = 2; i < 6; i++) {
        const char digit = text[i];
        const int value = is_digit(digit)                   ? digit - '0'
                          : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                          : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                                         : -1;
        if (value < 0)
            return -1;
        unit = unit * 16 + value;
    }
    return unit;
}

/* Copies one escape sequence, and returns what follows it; NULL if it is malformed. */
static const char *copy_escape(struct buffer *out, const char *text, const char *end) {
    if (end - text < 2)
        return NULL;
    if (text[1] != 'u') {
        buffer_append(out, text, 2); /* cJSON judges the letter */
        return text + 2;
    }
    const long unit = escape_unit(text, end);
    if (unit < 0)
        return NULL; /* cJSON would make it a NUL, and cut the string there */
    const bool high = unit >= 0xD800 && unit <= 0xDBFF;
    const bool low = unit >= 0xDC00 && unit <= 0xDFFF;
    const long next = high ? escape_unit(text + 6, end) : -1;
    if (high && next >= 0xDC00 && next <= 0xDFFF) {
        buffer_append(out, text, 12);
        return text + 12;
    }
    if (high || low || unit == 0)
        buffer_append_text(out, REPLACEMENT);
    else
        buffer_append(out, text, 6);
    return text + 6;
}

/* How many bytes from here need no care: printable ASCII but for the quote and the backslash. */
static size_t plain_run(const char *text, const char *end) {
    const char *at = text;
    while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x7F && *at != '"' && *at != '\\')
        at++;
    return (size_t)(at - text);
}

/* Copies a string with its quotes, and returns what follows it; `text` stands behind the opening quote. NULL if it is
 * malformed. */
static const char *copy_string(struct buffer *out, const char *text, const char *end) {
    buffer_append_char(out, '"');
    while (text != NULL && text < end && *text != '"') {
        const size_t plain = plain_run(text, end);
        const size_t size = plain != 0 ? plain : text_character(text, (size_t)(end - text));
        if (plain == 0 && *text == '\\') {
            text = copy_escape(out, text, end);
            continue;
        }
        if (size == 0)
            buffer_append_text(out, REPLACEMENT);
        else
            buffer_append(out, text, size);
        text += size != 0 ? size : 1;
    }
    if (text == NULL || text == end)
        return NULL;
    buffer_append_char(out, '"');
    return text + 1;
}

/* Copies the digits of an integer, as a string if a double would round it. What is no JSON as a number must not become
 * some as a string: leading zeros, and a number as a key. NULL then. */
static const char *copy_integer(struct buffer *out, const char *text, const char *after, const char *end) {
    const char *first = text + (*text == '-');
    const char *next = after;
    if (after - text <= EXACT_DIGITS) {
        buffer_append(out, text, (size_t)(after - text));
        return after;
    }
    while (next < end && strchr(" \t\r\n", *next) != NULL)
        next++;
    if (*first == '0' || (next < end && *next == ':'))
        return NULL;
    buffer_append_char(out, '"');
    buffer_append(out, text, (size_t)(after - text));
    buffer_append_char(out, '"');
    return after;
}

/* Copies a number, and returns what follows it; NULL if it is malformed in a way that cJSON would not see. */
static const char *copy_number(struct buffer *out, const char *text, const char *end) {
    const char *after = text + (*text == '-');
    while (after < end && is_digit(*after))
        after++;
    if (after == end || (*after != '.' && *after != 'e' && *after != 'E'))
        return copy_integer(out, text, after, end);
    buffer_append(out, text, (size_t)(after - text));
    while (after < end && strchr("0123456789+-.eE", *after) != NULL)
        buffer_append_char(out, *after++);
    return after;
}

/* Makes the text safe for cJSON (see json.h). False, with a problem, if it cannot be JSON. */
static bool make_safe(struct buffer *out, const char *text, size_t len, const char **problem) {
    const char *end = text + len;
    size_t depth = 0;
    if (memchr(text, '\0', len) != NULL) {
        *problem = "it holds a NUL byte";
        return false;
    }
    while (text != NULL && text < end) {
        const char byte = *text;
        if (byte == '"') {
            text = copy_string(out, text + 1, end);
        } else if (byte == '-' || is_digit(byte)) {
            text = copy_number(out, text, end);
        } else {
            depth += byte == '[' || byte == '{';
            depth -= (byte == ']' || byte == '}') && depth != 0;
            if (depth > DEPTH_MAX) {
                *problem = "it is nested too deeply";
                return false;
            }
            buffer_append_char(out, byte);
            text++;
        }
    }
    if (out->failed)
        *problem = "it is too large";
    return text != NULL && !out->failed;
}

cJSON *json_parse(const char *text, size_t len, const char **problem) {
    const char *unused;
    const char **why = problem != NULL ? problem : &unused;
    struct buffer safe = BUFFER_EMPTY;
    cJSON *value = NULL;
    *why = "it is not well-formed JSON";
    if (len != 0 && make_safe(&safe, text, len, why))
        value = cJSON_ParseWithLengthOpts(buffer_text(&safe), safe.len + 1, NULL, 1);
    buffer_free(&safe);
    return value;
}

bool json_has_duplicate_key(const cJSON *value, const char **key) {
    for (const cJSON *child = cJSON_IsObject(value) || cJSON_IsArray(value) ? value->child : NULL; child != NULL;
         child = child->next) {
        for (const cJSON *other = child->next; other != NULL && child->string != NULL; other = other->next) {
            if (strcmp(child->string, other->string) == 0) {
                if (key != NULL)
                    *key = child->string;
                return true;
            }
        }
        if (json_has_duplicate_key(child, key))
            return true;
    }
    return false;
}

cJSON *json_member(const cJSON *object, const char *key) {
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

const char *json_string(const cJSON *object, const char *key) {
    return cJSON_GetStringValue(json_member(object, key));
}

bool json_integer(const cJSON *value, int64_t *number) {
    if (cJSON_IsNumber(value)) {
        /* Longer integers were made strings by json_parse. */
        const double limit = 1e15;
        if (value->valuedouble != floor(value->valuedouble) || fabs(value->valuedouble) >= limit)
            return false;
        *number = (int64_t)value->valuedouble;
        return true;
    }
    const char *text = cJSON_GetStringValue(value);
    if (text == NULL || !is_digit(text[*text == '-']))
        return false;
    char *end;
    errno = 0;
    const long long parsed = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *number = parsed;
    return true;
}

bool json_identifier(const cJSON *value, char *text, size_t size) {
    int64_t number;
    if (cJSON_IsNumber(value)) {
        if (!json_integer(value, &number))
            return false;
        const int len = snprintf(text, size, "%" PRId64, number);
        return len > 0 && (size_t)len < size;
    }
    const char *string = cJSON_GetStringValue(value);
    if (string == NULL || *string == '\0' || strlen(string) >= size)
        return false;
    memcpy(text, string, strlen(string) + 1);
    return true;
}

char *json_print(const cJSON *value) {
    return cJSON_PrintUnformatted(value);
}

static void wipe(cJSON *value) {
    for (cJSON *child = value->child; child != NULL; child = child->next)
        wipe(child);
    if (value->valuestring != NULL)
        sodium_memzero(value->valuestring, strlen(value->valuestring));
}

void json_free(cJSON *value) {
    if (value == NULL)
        return;
    wipe(value);
    cJSON_Delete(value);
}

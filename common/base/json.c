/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include "base/buffer.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

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
        const int value = is_digit(digit)                ? digit - '0'
                          : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                          : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                                         : -1;
        if (value < 0)
            return -1;
        unit = unit * 16 + value;
    }
    return unit;
}

/* What becomes of an integer that a double would round. */
enum long_integers { INTEGERS_QUOTED, INTEGERS_KEPT, INTEGERS_EXTENDED };

/* The state of making a text safe. Text that needs no change is copied in one go, up to the next place that needs
 * one. */
struct scanner {
    struct buffer *out;
    const char *copied; /* everything before this is in `out` */
    const char *end;
    enum long_integers integers;
};

/* Puts `replacement` in place of the text from `from` to `to`. */
static void replace(struct scanner *scanner, const char *from, const char *to, const char *replacement) {
    buffer_append(scanner->out, scanner->copied, (size_t)(from - scanner->copied));
    buffer_append_text(scanner->out, replacement);
    scanner->copied = to;
}

/* The functions below return what follows what they scan, or NULL if it is malformed. */

static const char *scan_escape(struct scanner *scanner, const char *text) {
    if (scanner->end - text < 2)
        return NULL;
    if (text[1] != 'u')
        return text + 2; /* cJSON checks which letter it is */
    const long unit = escape_unit(text, scanner->end);
    if (unit < 0)
        return NULL; /* cJSON would make it a NUL, and cut the string there */
    const bool high = unit >= 0xD800 && unit <= 0xDBFF;
    const bool low = unit >= 0xDC00 && unit <= 0xDFFF;
    const long next = high ? escape_unit(text + 6, scanner->end) : -1;
    if (high && next >= 0xDC00 && next <= 0xDFFF)
        return text + 12;
    if (high || low || unit == 0)
        replace(scanner, text, text + 6, REPLACEMENT);
    return text + 6;
}

/* `text` points behind the opening quote. */
static const char *scan_string(struct scanner *scanner, const char *text) {
    while (text != NULL && text < scanner->end && *text != '"') {
        const size_t size = text_character(text, (size_t)(scanner->end - text));
        if (*text == '\\') {
            text = scan_escape(scanner, text);
            continue;
        }
        if (size == 0)
            replace(scanner, text, text + 1, REPLACEMENT);
        text += size != 0 ? size : 1;
    }
    return text != NULL && text < scanner->end ? text + 1 : NULL;
}

static const char *after_minus(const char *text) {
    return *text == '-' ? text + 1 : text;
}

/* Makes an integer a string, or an object, if a double would round it. A number that is no JSON must not become JSON by
 * that: one with leading zeros, and one in the place of a key. */
static const char *quote_integer(struct scanner *scanner, const char *text, const char *after) {
    const char *digits = after_minus(text);
    const char *next = after;
    const bool extended = scanner->integers == INTEGERS_EXTENDED;
    if (after - digits <= JSON_EXACT_DIGITS || scanner->integers == INTEGERS_KEPT)
        return after;
    while (next < scanner->end && strchr(" \t\r\n", *next) != NULL)
        next++;
    if (*digits == '0' || (next < scanner->end && *next == ':'))
        return NULL;
    replace(scanner, text, text, extended ? "{\"$numberLong\":\"" : "\"");
    replace(scanner, after, after, extended ? "\"}" : "\"");
    return after;
}

static const char *scan_number(struct scanner *scanner, const char *text) {
    const char *after = after_minus(text);
    while (after < scanner->end && is_digit(*after))
        after++;
    if (after == scanner->end || (*after != '.' && *after != 'e' && *after != 'E'))
        return quote_integer(scanner, text, after);
    while (after < scanner->end && strchr("0123456789+-.eE", *after) != NULL)
        after++;
    return after;
}

/* Makes the text safe for cJSON (see json.h). */
static enum json_result replace_unsafe(struct buffer *out, const char *text, size_t len, enum long_integers integers,
                                       const char **problem) {
    struct scanner scanner = {out, text, text + len, integers};
    size_t depth = 0;
    if (memchr(text, '\0', len) != NULL) {
        *problem = "it holds a NUL byte";
        return JSON_MALFORMED;
    }
    while (text != NULL && text < scanner.end) {
        const char byte = *text;
        if (byte == '"') {
            text = scan_string(&scanner, text + 1);
        } else if (byte == '-' || is_digit(byte)) {
            text = scan_number(&scanner, text);
        } else {
            if (byte == '[' || byte == '{')
                depth++;
            else if ((byte == ']' || byte == '}') && depth != 0)
                depth--;
            if (depth > DEPTH_MAX) {
                *problem = "it is nested too deeply";
                return JSON_MALFORMED;
            }
            text++;
        }
    }
    replace(&scanner, scanner.end, scanner.end, "");
    if (out->failed)
        return JSON_NO_MEMORY;
    return text != NULL ? JSON_PARSED : JSON_MALFORMED;
}

/* cJSON does not tell a syntax error from a lack of memory. So its allocations during one call are made here, and one
 * that fails is noted. */
static bool lacked_memory;

static void *allocate(size_t size) {
    void *memory = malloc(size);
    lacked_memory = lacked_memory || memory == NULL;
    return memory;
}

static enum json_result parse_safe(const struct buffer *safe, cJSON **value) {
    cJSON_Hooks watched = {.malloc_fn = allocate, .free_fn = free};
    lacked_memory = false;
    cJSON_InitHooks(&watched);
    *value = cJSON_ParseWithLengthOpts(buffer_text(safe), safe->len + 1, NULL, 1);
    cJSON_InitHooks(NULL);
    if (*value != NULL)
        return JSON_PARSED;
    return lacked_memory ? JSON_NO_MEMORY : JSON_MALFORMED;
}

static enum json_result parse(const char *text, size_t len, enum long_integers integers, cJSON **value,
                              const char **problem) {
    const char *unused;
    const char **why = problem != NULL ? problem : &unused;
    struct buffer safe = {.limit = SIZE_MAX / 4};
    enum json_result result = JSON_MALFORMED;
    *value = NULL;
    *why = len <= JSON_TEXT_MAX ? "it is not well-formed JSON" : "it is too large";
    if (len != 0 && len <= JSON_TEXT_MAX)
        result = replace_unsafe(&safe, text, len, integers, why);
    if (result == JSON_PARSED)
        result = parse_safe(&safe, value);
    buffer_free(&safe);
    return result;
}

enum json_result json_parse(const char *text, size_t len, cJSON **value, const char **problem) {
    return parse(text, len, INTEGERS_QUOTED, value, problem);
}

enum json_result json_parse_settings(const char *text, size_t len, cJSON **value, const char **problem) {
    return parse(text, len, INTEGERS_KEPT, value, problem);
}

enum json_result json_parse_extended(const char *text, size_t len, cJSON **value, const char **problem) {
    return parse(text, len, INTEGERS_EXTENDED, value, problem);
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

/* cJSON's own function calls strcmp for each member. A program that has just started looks for some hundred keys. */
cJSON *json_member(const cJSON *object, const char *key) {
    cJSON *member = object != NULL && key != NULL ? object->child : NULL;
    while (member != NULL && member->string != NULL && (*member->string != *key || strcmp(member->string, key) != 0))
        member = member->next;
    return member != NULL && member->string != NULL ? member : NULL;
}

const char *json_string(const cJSON *object, const char *key) {
    return cJSON_GetStringValue(json_member(object, key));
}

bool json_is_exact(double number) {
    return number == floor(number) && fabs(number) <= (double)JSON_EXACT_MAX;
}

bool json_integer(const cJSON *value, int64_t *number) {
    if (cJSON_IsNumber(value)) {
        if (!json_is_exact(value->valuedouble))
            return false;
        *number = (int64_t)value->valuedouble;
        return true;
    }
    const char *text = cJSON_GetStringValue(value);
    if (text == NULL || !is_digit(*after_minus(text)))
        return false;
    char *end;
    errno = 0;
    const long long parsed = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *number = parsed;
    return true;
}

/* True for digits, and perhaps a point and digits behind them. */
static bool is_decimal(const char *text) {
    const size_t whole = strspn(text, "0123456789");
    const char *rest = text + whole;
    if (whole == 0)
        return false;
    return *rest == '\0' || (*rest == '.' && is_digit(rest[1]) && rest[1 + strspn(rest + 1, "0123456789")] == '\0');
}

int64_t json_seconds(const cJSON *value, int64_t max) {
    const char *text = cJSON_GetStringValue(value);
    double seconds = cJSON_IsNumber(value) ? value->valuedouble : 0;
    if (text != NULL && is_decimal(text))
        seconds = (double)strtoll(text, NULL, 10); /* the point ends it; too many digits are LLONG_MAX */
    return seconds >= 1 && seconds < (double)max + 1 ? (int64_t)seconds : 0;
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
    if (string == NULL || *string == '\0' || strlen(string) >= size || strstr(string, "\xEF\xBF\xBD") != NULL)
        return false; /* U+FFFD stands for what could not be kept: two ids would be one */
    for (const char *at = string; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            return false;
    memcpy(text, string, strlen(string) + 1);
    return true;
}

static bool members_equal(const cJSON *a, const cJSON *b) {
    const bool array = cJSON_IsArray(a);
    const cJSON *other = b->child;
    if (cJSON_GetArraySize(a) != cJSON_GetArraySize(b))
        return false;
    for (const cJSON *member = a->child; member != NULL; member = member->next) {
        if (!json_equal(member, array ? other : json_member(b, member->string)))
            return false;
        other = other->next;
    }
    return true;
}

bool json_equal(const cJSON *a, const cJSON *b) {
    const int kinds = cJSON_False | cJSON_True | cJSON_NULL | cJSON_Number | cJSON_String | cJSON_Array | cJSON_Object;
    if (a == NULL || b == NULL || (a->type & kinds) != (b->type & kinds))
        return false;
    if (cJSON_IsString(a))
        return strcmp(a->valuestring, b->valuestring) == 0;
    if (cJSON_IsNumber(a))
        return a->valuedouble == b->valuedouble;
    return (!cJSON_IsArray(a) && !cJSON_IsObject(a)) || members_equal(a, b);
}

bool json_append(cJSON *list, cJSON *item) {
    if (item != NULL && cJSON_AddItemToArray(list, item))
        return true;
    json_free(item);
    return false;
}

void json_move(cJSON *from, cJSON *item, cJSON *to) {
    cJSON_AddItemToArray(to, cJSON_DetachItemViaPointer(from, item));
}

void json_move_last(cJSON *object, cJSON *member) {
    /* Linked as an array's, an item keeps its key. */
    json_move(object, member, object);
}

bool json_add(cJSON *object, const char *key, cJSON *item) {
    if (item != NULL && cJSON_AddItemToObject(object, key, item))
        return true;
    json_free(item);
    return false;
}

void json_replace(cJSON *parent, cJSON *old, cJSON *item) {
    item->string = old->string;
    old->string = NULL;
    cJSON_ReplaceItemViaPointer(parent, old, item);
}

char *json_print(const cJSON *value) {
    return cJSON_PrintUnformatted(value);
}

void json_free_text(char *text) {
    if (text != NULL)
        sodium_memzero(text, strlen(text));
    cJSON_free(text);
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

void json_remove_members(cJSON *value, bool (*is_one)(const cJSON *member)) {
    for (cJSON *member = value->child, *next; member != NULL; member = next) {
        next = member->next;
        if (is_one(member))
            json_free(cJSON_DetachItemViaPointer(value, member));
        else
            json_remove_members(member, is_one);
    }
}

/* SPDX-License-Identifier: MIT */
#include "base/json_template.h"

#include "base/json.h"
#include "base/json_pointer.h"
#include "base/query.h"
#include "base/text.h"
#include "base/url.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What stands between two braces, or between two pointers. */
struct part {
    bool is_pointer;
    const char *text;
    size_t len;
};

/* Takes the part at `*at`, and moves behind it. False at the end. Of a template that json_template_fault refuses, what
 * is no pointer in braces is a part like any other. */
static bool next_part(const char **at, struct part *part) {
    const char *text = *at, *close = *text == '{' ? strchr(text, '}') : NULL;
    part->is_pointer = close != NULL;
    part->text = part->is_pointer ? text + 1 : text;
    part->len = part->is_pointer ? (size_t)(close - text - 1) : strcspn(text, "{");
    if (!part->is_pointer && *text == '{')
        part->len = strlen(text);
    *at = part->text + part->len + part->is_pointer;
    return *text != '\0';
}

bool json_template_next_pointer(const char **at, char pointer[JSON_TEMPLATE_MAX]) {
    struct part part;
    while (next_part(at, &part)) {
        if (!part.is_pointer || part.len >= JSON_TEMPLATE_MAX)
            continue;
        memcpy(pointer, part.text, part.len);
        pointer[part.len] = '\0';
        return true;
    }
    return false;
}

/* Checking. */

static bool is_url(const char *text) {
    return strncasecmp(text, "https://", 8) == 0 || strncasecmp(text, "http://", 7) == 0;
}

/* Says what is wrong with the braces. */
static const char *find_brace_fault(const char *text) {
    int pointers = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '}')
            return "a brace is closed that none has opened; remove it";
        if (*at != '{')
            continue;
        const size_t len = strcspn(at + 1, "{}");
        if (at[1 + len] != '}')
            return "a brace is not closed; put a } behind the JSON Pointer";
        if (len != 0 && at[1] != '/')
            return "in braces stands what is no JSON Pointer; begin it with a /, as in {/name}";
        at += len + 1;
        pointers++;
    }
    return pointers != 0 ? NULL : "there is no JSON Pointer in braces; put one in, as in {/name}";
}

/* A URL must be one whatever the values are. */
static const char *find_url_fault(const char *text) {
    char url[JSON_TEMPLATE_MAX];
    size_t len = 0;
    struct part part;
    struct url parsed;
    for (const char *at = text; next_part(&at, &part);) {
        memcpy(url + len, part.is_pointer ? "x" : part.text, part.is_pointer ? 1 : part.len);
        len += part.is_pointer ? 1 : part.len;
    }
    url[len] = '\0';
    if (!url_is_secure(url))
        return "no https URL; write one, with the values in its path or its query";
    url_parse(url, &parsed);
    return (size_t)(parsed.path - url) < strcspn(text, "{")
               ? NULL
               : "the URL's host is not written out; a value can only stand behind the / that follows the host";
}

/* True if a character that no encoded value holds is among them. */
static bool separates(const struct part *part) {
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%";
    return strspn(part->text, unreserved) < part->len;
}

static const char *find_separator_fault(const char *text) {
    bool apart = true;
    struct part part;
    for (const char *at = text; next_part(&at, &part);) {
        if (part.is_pointer && !apart)
            return "two values of an id run into each other; put a : between them";
        apart = !part.is_pointer && (apart || separates(&part));
    }
    return NULL;
}

const char *json_template_fault(const char *text, enum json_template_use use) {
    if (strlen(text) >= JSON_TEMPLATE_MAX)
        return "more than " TEXT_OF(JSON_TEMPLATE_MAX) " characters; shorten it";
    const char *fault = find_brace_fault(text);
    if (fault == NULL && use == JSON_TEMPLATE_ID)
        return find_separator_fault(text);
    return fault == NULL && is_url(text) ? find_url_fault(text) : fault;
}

/* Making. */

/* The value's text, or NULL. `number` is where the digits of one go. */
static const char *find_text(const cJSON *root, const struct part *part, char *number, size_t size) {
    char pointer[JSON_TEMPLATE_MAX];
    if (part->len >= sizeof pointer)
        return NULL;
    memcpy(pointer, part->text, part->len);
    pointer[part->len] = '\0';
    const cJSON *value = json_pointer_get(root, pointer);
    if (cJSON_IsString(value))
        return text_is_blank(value->valuestring) ? NULL : value->valuestring;
    return json_identifier(value, number, size) ? number : NULL;
}

/* A browser takes a segment of one or two dots out of a path, encoded or not. */
static bool is_dots(const char *text) {
    return strcmp(text, ".") == 0 || strcmp(text, "..") == 0;
}

static bool append_encoded(struct buffer *out, const char *text, const cJSON *root) {
    const size_t start = out->len;
    struct part part;
    char number[32];
    while (next_part(&text, &part)) {
        const char *value = part.is_pointer ? find_text(root, &part, number, sizeof number) : NULL;
        if (part.is_pointer && (value == NULL || is_dots(value))) {
            buffer_cut(out, start);
            return false;
        }
        if (value != NULL)
            query_append_encoded(out, value);
        else
            buffer_append(out, part.text, part.len);
    }
    return true;
}

/* Text in which blanks are joined: one comes only between two other characters. */
struct words {
    struct buffer *out;
    size_t start;
    bool blank; /* one is due before the next character */
};

static void append_words(struct words *words, const char *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        const unsigned char byte = (unsigned char)text[i];
        if (byte <= ' ' || byte == 0x7F) {
            words->blank = words->out->len != words->start;
            continue;
        }
        if (words->blank)
            buffer_append_char(words->out, ' ');
        words->blank = false;
        buffer_append_char(words->out, text[i]);
    }
}

static bool append_text(struct buffer *out, const char *text, const cJSON *root) {
    struct words words = {.out = out, .start = out->len};
    struct part part;
    char number[32];
    bool any = false;
    while (next_part(&text, &part)) {
        const char *value = part.is_pointer ? find_text(root, &part, number, sizeof number) : NULL;
        any = any || value != NULL;
        if (value != NULL)
            append_words(&words, value, strlen(value));
        else if (!part.is_pointer)
            append_words(&words, part.text, part.len);
    }
    if (!any)
        buffer_cut(out, words.start);
    return any;
}

bool json_template_append(struct buffer *out, const char *text, const cJSON *root, enum json_template_use use) {
    return use == JSON_TEMPLATE_ID || is_url(text) ? append_encoded(out, text, root) : append_text(out, text, root);
}

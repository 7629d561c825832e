/* SPDX-License-Identifier: MIT */
#include "oauth/provider_body.h"

#include "base/query.h"

#include <string.h>
#include <strings.h>

enum { FORM_PAIRS_MAX = 64 };

/* True for a type that says JSON, in any of its spellings: text/javascript is one, too. */
static bool is_called_json(const char *type) {
    for (; *type != '\0'; type++)
        if (strncasecmp(type, "json", 4) == 0 || strncasecmp(type, "javascript", 10) == 0)
            return true;
    return false;
}

/* True for a name, an equals sign, and nothing that a form has not: white space, quotes, brackets of any kind. Line
 * ends may follow. */
static bool has_form_shape(const char *text, size_t len) {
    static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    const size_t name_len = strspn(text, name);
    if (name_len == 0 || text[name_len] != '=')
        return false;
    while (len != 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    for (size_t i = 0; i < len; i++)
        if (text[i] < 0x21 || text[i] > 0x7E || strchr("\"'<>[]{}\\`", text[i]) != NULL)
            return false;
    return true;
}

/* Makes an object of the pairs; of two with the same name the first counts. NULL when memory runs out. */
static cJSON *form_object(const struct query *form) {
    const char *name, *value;
    size_t at = 0;
    cJSON *object = cJSON_CreateObject();
    bool whole = object != NULL;
    for (int count = 0; whole && count < FORM_PAIRS_MAX && query_next(form, &at, &name, &value); count++)
        whole = json_member(object, name) != NULL || json_add(object, name, cJSON_CreateString(value));
    if (whole)
        return object;
    json_free(object);
    return NULL;
}

static enum json_result read_form(const struct buffer *body, cJSON **document) {
    struct buffer text = BUFFER_EMPTY;
    struct query form = {.len = 0};
    buffer_append(&text, buffer_text(body), strcspn(buffer_text(body), "\r\n"));
    *document = !text.failed && query_parse_form(&form, buffer_text(&text)) ? form_object(&form) : NULL;
    query_free(&form);
    buffer_free(&text);
    return *document != NULL ? JSON_PARSED : JSON_NO_MEMORY;
}

enum json_result provider_body_read(const struct http_response *http, cJSON **document, const char **problem) {
    const enum json_result result = json_parse(buffer_text(&http->body), http->body.len, document, problem);
    if (result == JSON_MALFORMED && !is_called_json(http->content_type) &&
        has_form_shape(buffer_text(&http->body), http->body.len))
        return read_form(&http->body, document);
    return result;
}

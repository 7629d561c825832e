/* SPDX-License-Identifier: MIT */
#include "provider_answer.h"

#include "json.h"
#include "json_pointer.h"
#include "text.h"

#include <string.h>

/* Where providers put the words of an error: RFC 6749 (5.2), Instagram's token endpoint, the Graph API. */
static const char *const error_texts[] = {"/error_message", "/error/message", "/error_description", "/meta/error_message",
                                          "/error", "/message"};
static const char *const error_kinds[] = {"/error_type", "/error/type", "/error"};
static const char *const error_numbers[] = {"/error/code", "/code"};

static const char *first_text(const cJSON *document, const char *const *pointers, size_t count) {
    for (size_t i = 0; document != NULL && i < count; i++) {
        const char *text = cJSON_GetStringValue(json_pointer_get(document, pointers[i]));
        if (text != NULL && *text != '\0')
            return text;
    }
    return NULL;
}

static void append_number(struct buffer *out, const cJSON *document) {
    char number[32];
    for (size_t i = 0; i < sizeof error_numbers / sizeof *error_numbers; i++) {
        if (json_identifier(json_pointer_get(document, error_numbers[i]), number, sizeof number)) {
            buffer_append_format(out, ", code %s", number);
            return;
        }
    }
}

static enum error_code report(const char *endpoint, const struct http_answer *answer, const cJSON *document,
                              const char *problem, const char *const *secrets, struct error *error) {
    struct buffer words = BUFFER_EMPTY;
    struct buffer printable = BUFFER_EMPTY;
    const char *text = first_text(document, error_texts, sizeof error_texts / sizeof *error_texts);
    const char *kind = first_text(document, error_kinds, sizeof error_kinds / sizeof *error_kinds);
    if (text != NULL) {
        buffer_append_format(&words, "\"%s\"", text);
        if (kind != NULL && kind != text)
            buffer_append_format(&words, " (%s", kind);
        append_number(&words, document);
        buffer_append_text(&words, kind != NULL && kind != text ? ")" : "");
    } else {
        buffer_append_format(&words, "%s (%s)", problem,
                             answer->content_type[0] != '\0' ? answer->content_type : "no content type");
    }
    text_append_hiding(&printable, buffer_text(&words), secrets);
    error_set(error, ERROR_PROVIDER, "the %s answered %ld: %s", endpoint, answer->status, buffer_text(&printable));
    buffer_free(&words);
    buffer_free(&printable);
    return ERROR_PROVIDER;
}

static const cJSON *find_root(const struct provider *provider, const cJSON *document, const char *wanted) {
    const cJSON *roots = provider->response_root;
    if (roots == NULL)
        return json_pointer_get(document, wanted) != NULL ? document : NULL;
    for (const cJSON *pointer = roots->child; pointer != NULL; pointer = pointer->next) {
        const cJSON *root = json_pointer_get(document, pointer->valuestring);
        if (cJSON_IsObject(root) && json_pointer_get(root, wanted) != NULL)
            return root;
    }
    return NULL;
}

enum error_code provider_answer_read(const struct provider *provider, const char *endpoint,
                                     const struct http_answer *answer, const char *wanted, const char *const *secrets,
                                     cJSON **document, const cJSON **root, struct error *error) {
    const char *problem = NULL;
    cJSON *parsed = json_parse(buffer_text(&answer->body), answer->body.len, &problem);
    *document = NULL;
    *root = NULL;
    if (answer->status >= 300 && answer->status < 400)
        problem = "a redirect, which is not followed";
    else if (answer->body.len == 0)
        problem = "an empty body";
    if (answer->status >= 200 && answer->status < 300 && parsed != NULL) {
        *root = find_root(provider, parsed, wanted);
        problem = "JSON without what was asked for";
    }
    if (*root == NULL) {
        report(endpoint, answer, parsed, problem != NULL ? problem : "JSON without an error text", secrets, error);
        json_free(parsed);
        return error->code;
    }
    *document = parsed;
    return ERROR_NONE;
}

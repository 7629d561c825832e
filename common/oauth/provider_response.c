/* SPDX-License-Identifier: MIT */
#include "oauth/provider_response.h"

#include "base/json.h"
#include "base/json_pointer.h"
#include "base/query.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

/* Where providers put the words of an error: RFC 6749 (5.2), Instagram's token endpoint, the Graph API. */
static const char *const error_texts[] = {"/error_message",      "/error/message", "/error_description",
                                          "/meta/error_message", "/error",         "/message"};
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

/* The provider's error number, or 0. */
static int64_t error_number(const cJSON *document) {
    int64_t number = 0;
    for (size_t i = 0; i < sizeof error_numbers / sizeof *error_numbers; i++)
        if (json_integer(json_pointer_get(document, error_numbers[i]), &number))
            return number;
    return 0;
}

static enum error_code classify(const struct http_response *answer, const cJSON *document) {
    enum { TOO_MANY_REQUESTS = 429, GRAPH_APP_LIMIT = 4, GRAPH_USER_LIMIT = 17, GRAPH_TOKEN_DEAD = 190 };
    const bool is_error = answer->status >= 400 && document != NULL;
    const int64_t number = is_error ? error_number(document) : 0;
    if (answer->status == TOO_MANY_REQUESTS || number == GRAPH_APP_LIMIT || number == GRAPH_USER_LIMIT)
        return ERROR_TOO_MANY_CALLS;
    if (is_error && (number == GRAPH_TOKEN_DEAD || text_equal(json_string(document, "error"), "invalid_grant")))
        return ERROR_TOKEN_DEAD;
    return ERROR_PROVIDER;
}

/* Hides each secret as it is and as it was sent: percent-encoded. */
static void append_hiding(struct buffer *out, const char *text, const char *const *secrets) {
    enum { SECRETS_MAX = 8 };
    struct buffer encoded[SECRETS_MAX] = {BUFFER_EMPTY};
    const char *all[2 * SECRETS_MAX + 1] = {NULL};
    size_t count = 0;
    for (; count < SECRETS_MAX && secrets[count] != NULL; count++) {
        query_append_encoded(&encoded[count], secrets[count]);
        all[2 * count] = secrets[count];
        all[2 * count + 1] = buffer_text(&encoded[count]);
    }
    text_append_hiding(out, text, all);
    while (count-- > 0)
        buffer_free(&encoded[count]);
}

static enum error_code report(const struct provider_call *question, const struct http_response *answer,
                              const cJSON *document, const char *problem, struct error *error) {
    struct buffer words = BUFFER_EMPTY;
    struct buffer printable = BUFFER_EMPTY;
    const char *text = first_text(document, error_texts, sizeof error_texts / sizeof *error_texts);
    const char *kind = first_text(document, error_kinds, sizeof error_kinds / sizeof *error_kinds);
    if (text != NULL) {
        buffer_append_format(&words, "\"%s\"", text);
        if (kind != NULL && kind != text)
            buffer_append_format(&words, " (%s", kind);
        if (error_number(document) != 0)
            buffer_append_format(&words, ", code %" PRId64, error_number(document));
        buffer_append_text(&words, kind != NULL && kind != text ? ")" : "");
    } else {
        buffer_append_format(&words, "%s (%s)", problem,
                             answer->content_type[0] != '\0' ? answer->content_type : "no content type");
    }
    append_hiding(&printable, buffer_text(&words), question->secrets);
    const enum error_code code = error_set(error, classify(answer, document), "the %s answered %ld: %s",
                                           question->endpoint, answer->status, buffer_text(&printable));
    buffer_free(&words);
    buffer_free(&printable);
    return code;
}

static bool holds(const cJSON *root, const cJSON *wanted) {
    return cJSON_IsObject(root) && json_pointer_first(root, wanted) != NULL;
}

static const cJSON *find_root(const struct provider *provider, const cJSON *document, const cJSON *wanted) {
    const cJSON *roots = provider->response_root;
    if (roots == NULL)
        return holds(document, wanted) ? document : NULL;
    for (const cJSON *pointer = roots->child; pointer != NULL; pointer = pointer->next) {
        const cJSON *root = json_pointer_get(document, pointer->valuestring);
        if (holds(root, wanted))
            return root;
    }
    return NULL;
}

enum error_code provider_response_read(const struct provider *provider, const struct provider_call *question,
                                       const struct http_response *http, struct provider_response *answer,
                                       struct error *error) {
    const char *problem = NULL;
    cJSON *parsed = json_parse(buffer_text(&http->body), http->body.len, &problem);
    *answer = (struct provider_response){.document = NULL};
    if (http->status >= 300 && http->status < 400)
        problem = "a redirect, which is not followed";
    else if (http->cut && parsed == NULL)
        problem = "a body without its end";
    else if (http->body.len == 0)
        problem = "an empty body";
    if (http->status >= 200 && http->status < 300 && parsed != NULL) {
        answer->root = find_root(provider, parsed, question->wanted);
        problem = "JSON without what was asked for";
    }
    if (answer->root == NULL) {
        const enum error_code code =
            report(question, http, parsed, problem != NULL ? problem : "JSON without an error text", error);
        json_free(parsed);
        return code;
    }
    answer->document = parsed;
    return ERROR_NONE;
}

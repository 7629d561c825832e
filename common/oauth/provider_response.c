/* SPDX-License-Identifier: MIT */
#include "oauth/provider_response.h"

#include "base/json.h"
#include "base/json_pointer.h"
#include "base/query.h"
#include "base/text.h"
#include "oauth/mapped_value.h"
#include "oauth/provider_body.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Where the words of an error stand: `error` and `error_description` by RFC 6749 (section 5.2); the other places are
 * those of providers that have shapes of their own. No two of them contradict each other, so one list serves all. */
static const char *const error_texts[] = {"/error_message",      "/error/message", "/error_description",
                                          "/meta/error_message", "/error",         "/message"};
static const char *const error_kinds[] = {"/error_type", "/error/type", "/error"};
static const char *const error_numbers[] = {"/error/code", "/code"};
static const char *const error_words[] = {"/error/code", "/code", "/error/type", "/error_type", "/error"};

static const char *first_text(const cJSON *document, const char *const *pointers, size_t count) {
    for (size_t i = 0; document != NULL && i < count; i++) {
        const char *text = cJSON_GetStringValue(json_pointer_get(document, pointers[i]));
        if (text != NULL && *text != '\0')
            return text;
    }
    return NULL;
}

const char *provider_response_words(const cJSON *document) {
    return first_text(document, error_texts, sizeof error_texts / sizeof *error_texts);
}

/* Reads the error's number. False if it has none. */
static bool find_number(const cJSON *document, int64_t *number) {
    for (size_t i = 0; document != NULL && i < sizeof error_numbers / sizeof *error_numbers; i++)
        if (json_integer(json_pointer_get(document, error_numbers[i]), number))
            return true;
    return false;
}

static bool has_word(const cJSON *document, const char *word) {
    for (size_t i = 0; i < sizeof error_words / sizeof *error_words; i++)
        if (text_equal(cJSON_GetStringValue(json_pointer_get(document, error_words[i])), word))
            return true;
    return false;
}

bool provider_response_has_error(const cJSON *document) {
    static const char *const places[] = {"/error", "/error_type", "/error_message", "/meta/error_message"};
    for (size_t i = 0; document != NULL && i < sizeof places / sizeof *places; i++) {
        const cJSON *value = json_pointer_get(document, places[i]);
        if (value != NULL && !cJSON_IsNull(value) && !cJSON_IsFalse(value))
            return true;
    }
    return false;
}

/* True if the error is one of these codes of the provider file. */
static bool is_among(const cJSON *codes, const cJSON *document) {
    int64_t code, number;
    const bool has_number = find_number(document, &number);
    for (const cJSON *item = codes != NULL ? codes->child : NULL; item != NULL; item = item->next)
        if (cJSON_IsString(item) ? has_word(document, item->valuestring)
                                 : has_number && json_integer(item, &code) && code == number)
            return true;
    return false;
}

/* Tells by the standards (RFC 6585, section 4; RFC 6749, section 5.2) and by the provider file what kind of error it
 * is. */
static enum error_code classify(const struct provider_call *call, long status, const cJSON *document) {
    enum { TOO_MANY_REQUESTS = 429, SERVER_ERROR = 500 };
    const struct provider *provider = call->provider;
    const bool is_error = document != NULL && (status >= 400 || provider_response_has_error(document));
    if (status == TOO_MANY_REQUESTS || (is_error && is_among(provider->too_many_calls, document)))
        return ERROR_TOO_MANY_CALLS;
    if (is_error &&
        (text_equal(json_string(document, "error"), "invalid_grant") || is_among(provider->token_dead, document)))
        return ERROR_TOKEN_DEAD;
    if (is_error && is_among(call->refused, document))
        return ERROR_FIELD_REFUSED;
    return status >= SERVER_ERROR ? ERROR_PROVIDER_FAULT : ERROR_PROVIDER;
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
    while (count-- > 0) {
        out->failed = out->failed || encoded[count].failed; /* it may hold a secret in its encoded form */
        buffer_free(&encoded[count]);
    }
}

/* Appends what is wrong in our words, and in the provider's if it has some. */
static void append_words(struct buffer *words, const struct provider_response *response, const char *problem) {
    const char *type = response->content_type[0] != '\0' ? response->content_type : "no content type";
    const char *text = provider_response_words(response->document);
    const char *kind = first_text(response->document, error_kinds, sizeof error_kinds / sizeof *error_kinds);
    int64_t number;
    if (text == NULL) {
        buffer_append_format(words, "%s (%s)", problem, type);
        return;
    }
    if (response->status < 300 && !provider_response_has_error(response->document))
        buffer_append_format(words, "%s (%s), and the words ", problem, type);
    buffer_append_format(words, "\"%s\"", text);
    if (kind == text)
        kind = NULL;
    if (kind != NULL)
        buffer_append_format(words, " (%s", kind);
    if (find_number(response->document, &number))
        buffer_append_format(words, ", code %" PRId64, number);
    buffer_append_text(words, kind != NULL ? ")" : "");
}

enum error_code provider_response_refuse(const struct provider_call *call, const struct provider_response *response,
                                         const char *problem, struct error *error) {
    struct buffer words = BUFFER_EMPTY;
    struct buffer printable = BUFFER_EMPTY;
    append_words(&words, response, problem);
    append_hiding(&printable, buffer_text(&words), call->secrets);
    enum error_code code =
        error_set(error, classify(call, response->status, response->document), "the %s answered %ld: %s",
                  call->endpoint, response->status, buffer_text(&printable));
    if (words.failed || printable.failed)
        code = error_out_of_memory(error);
    buffer_free(&words);
    buffer_free(&printable);
    return code;
}

/* True if the document says, where the provider file knows it to, that it is an error. */
static bool is_refused(const struct provider *provider, const cJSON *document) {
    const cJSON *said =
        document != NULL && provider->ok_pointer != NULL ? json_pointer_first(document, provider->ok_pointer) : NULL;
    return said != NULL && !mapped_value_equals(said, provider->ok_equals);
}

static bool holds(const cJSON *root, const cJSON *wanted) {
    return cJSON_IsObject(root) && mapped_value_is_there(wanted, root);
}

static const cJSON *find_root(const struct provider *provider, const cJSON *document, const cJSON *wanted) {
    const cJSON *roots = provider->response_root;
    /* Where a response may be anything, only an error in it says that it is none. */
    if (wanted == NULL)
        return provider->ok_pointer == NULL && provider_response_has_error(document) ? NULL : document;
    if (roots == NULL)
        return holds(document, wanted) ? document : NULL;
    for (const cJSON *pointer = roots->child; pointer != NULL; pointer = pointer->next) {
        const cJSON *root = json_pointer_get(document, pointer->valuestring);
        if (holds(root, wanted))
            return root;
    }
    return NULL;
}

/* Says in a few words why there is no object to use. */
static const char *find_problem(const struct http_response *http, const cJSON *document, const char *malformed) {
    if (http->status >= 300 && http->status < 400)
        return "a redirect, which is not followed";
    if (document == NULL && http->cut)
        return "a body without its end";
    if (http->body.len == 0)
        return "an empty body";
    if (document == NULL)
        return malformed;
    return http->status >= 200 && http->status < 300 ? "JSON without what was asked for" : "JSON without an error text";
}

enum error_code provider_response_read(const struct provider_call *call, const struct http_response *http,
                                       struct provider_response *response, struct error *error) {
    const char *malformed = NULL;
    *response = (struct provider_response){.status = http->status};
    memcpy(response->content_type, http->content_type, sizeof response->content_type);
    if (provider_body_read(http, &response->document, &malformed) == JSON_NO_MEMORY)
        return error_out_of_memory(error);
    const bool refused = is_refused(call->provider, response->document);
    if (http->status >= 200 && http->status < 300 && response->document != NULL && !refused)
        response->root = find_root(call->provider, response->document, call->wanted);
    if (response->root != NULL)
        return ERROR_NONE;
    char encoded[64];
    snprintf(encoded, sizeof encoded, "a %s-encoded body, which cannot be decoded here", http->coding);
    const char *problem = http->coding[0] != '\0' ? encoded
                          : refused               ? "a response that is not the one response_ok tells of"
                                                  : find_problem(http, response->document, malformed);
    const enum error_code code = provider_response_refuse(call, response, problem, error);
    if (code != ERROR_FIELD_REFUSED) {
        json_free(response->document);
        response->document = NULL;
    }
    return code;
}

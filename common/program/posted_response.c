/* SPDX-License-Identifier: MIT */
#include "program/posted_response.h"

#include "config/provider.h"
#include "oauth/authorization_response.h"
#include "oauth/callback_user.h"

#include <string.h>

enum { WORDS_MAX = 200, OTHER_HEADERS_MAX = 200 };

/* Adds a parameter that counts. */
static enum error_code add(struct context *context, const char *name, struct buffer *url, struct error *error) {
    const char *value;
    const enum error_code code = query_read(&context->form, name, &value, error);
    if (code == ERROR_NONE && value != NULL)
        query_append_to_url(url, name, value);
    return code;
}

static enum error_code add_counting(struct context *context, struct buffer *url, struct error *error) {
    static const char *const names[] = {"state", "code", "iss", "error"};
    const cJSON *more = context->provider->callback_params;
    enum error_code code = ERROR_NONE;
    for (size_t i = 0; code == ERROR_NONE && i < sizeof names / sizeof *names; i++)
        code = add(context, names[i], url, error);
    for (const cJSON *name = more != NULL ? more->child : NULL; code == ERROR_NONE && name != NULL; name = name->next)
        code = add(context, name->valuestring, url, error);
    return code;
}

/* Adds what a refusal says besides, of which a damaged part costs nothing. */
static void add_words(struct context *context, struct buffer *url) {
    static const char *const names[] = {"error_description", "error_reason", "error_code", "error_message"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct buffer words = BUFFER_EMPTY;
        query_append_printable(&context->form, names[i], WORDS_MAX, &words);
        if (words.len != 0)
            query_append_to_url(url, names[i], buffer_text(&words));
        url->failed = url->failed || words.failed;
        buffer_free(&words);
    }
}

static bool fits(const struct context *context, size_t len) {
    return len + strlen("Location: \r\n") + OTHER_HEADERS_MAX <= response_room(context->response);
}

/* Adds what the provider says of the person, where there is room: the login can do without. */
static enum error_code add_user(struct context *context, struct buffer *url, struct error *error) {
    const struct provider *provider = context->provider;
    struct buffer sealed = BUFFER_EMPTY;
    const enum error_code code =
        callback_user_seal(context->config, provider, &context->form, context->request->now, &sealed, error);
    if (code == ERROR_NONE && sealed.len != 0 &&
        fits(context, url->len + strlen("&=") + 3 * strlen(provider->callback_user) + sealed.len))
        query_append_to_url(url, provider->callback_user, buffer_text(&sealed));
    url->failed = url->failed || sealed.failed;
    buffer_free(&sealed);
    return code;
}

/* A provider of hybrid flows may post a token beside the code that was asked for. It goes no further. */
static enum error_code refuse_tokens(const struct query *form, struct error *error) {
    const char *code;
    return query_find(form, "code", &code) == QUERY_ABSENT ? authorization_response_refuse_tokens(form, error)
                                                           : ERROR_NONE;
}

enum error_code posted_response_move(struct context *context, struct error *error) {
    struct buffer url = BUFFER_EMPTY;
    enum error_code code = refuse_tokens(&context->form, error);
    buffer_append_text(&url, context->provider->callback_url);
    if (code == ERROR_NONE)
        code = add_counting(context, &url, error);
    if (code == ERROR_NONE) {
        add_words(context, &url);
        code = fits(context, url.len) ? add_user(context, &url, error)
                                      : error_set(error, ERROR_BAD_REQUEST,
                                                  "what the provider had the browser post is too long for an address");
    }
    if (code == ERROR_NONE)
        response_see_other(context->response, &url);
    buffer_free(&url);
    return code;
}

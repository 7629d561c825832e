/* SPDX-License-Identifier: MIT */
#include "program/context.h"

#include "base/bounds.h"

#include <sodium.h>

enum error_code context_read_form(struct context *context, struct error *error) {
    const size_t len = context->request->body_len;
    char body[REQUEST_BODY_MAX];
    enum error_code code;
    context->has_form = true;
    if (context->gateway->read(context->gateway, body, len))
        code = request_parse_form(context->request, body, len, &context->form, error);
    else
        code = error_set(error, ERROR_BAD_REQUEST, "the body ended before its %zu bytes", len);
    sodium_memzero(body, sizeof body);
    return code;
}

enum error_code context_provider(struct context *context, const char *name, const struct provider **provider,
                                 struct error *error) {
    struct problems problems = {.count = 0};
    if (name == NULL)
        return error_set(error, ERROR_NOT_FOUND, "no such provider, or none named and no default_provider");
    const enum error_code code =
        process_cache_provider(context->cache, context->config, name, provider, &problems, error);
    /* The first is in `error`. */
    for (size_t i = 1; i < problems.count; i++)
        response_note(context->response, "configuration_error: %s", problems_line(&problems, i));
    problems_clear(&problems);
    return code;
}

void context_clear(struct context *context) {
    query_free(&context->form);
}

/* SPDX-License-Identifier: MIT */
#include "program/context.h"

#include "base/bounds.h"
#include "config/provider.h"
#include "language/words.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>

/* Reads the form, which is empty if there is no body. */
static enum error_code read_form(struct context *context, struct error *error) {
    const size_t len = context->request->body_len;
    char body[REQUEST_BODY_MAX];
    if (len == 0 && context->request->unread != 0)
        return error_set(error, ERROR_LENGTH_REQUIRED,
                         "the form came in chunks (Transfer-Encoding: chunked), and a CGI program is not told how long "
                         "it is: the client, or a proxy before the web server, has to send Content-Length");
    enum error_code code;
    context->has_form = true;
    if (context->gateway->read(context->gateway, body, len))
        code = request_parse_form(context->request, body, len, &context->form, error);
    else
        code = error_set(error, ERROR_BAD_REQUEST, "the body ended before its %zu bytes", len);
    sodium_memzero(body, sizeof body);
    return code;
}

static enum error_code read_response(struct context *context, struct error *error) {
    if (context->provider->form_post)
        return read_form(context, error);
    context->methods = METHOD_GET;
    return error_set(error, ERROR_METHOD_NOT_ALLOWED, "the provider sends its response in the query");
}

enum error_code context_prepare(struct context *context, unsigned wants, struct error *error) {
    const bool posted = context->request->method == METHOD_POST;
    struct store *store;
    enum error_code code = ERROR_NONE;
    if ((wants & CONTEXT_PROVIDER) != 0)
        code = context_provider(context, provider_choose(context->config, context->request->provider),
                                &context->provider, error);
    if (code == ERROR_NONE && posted && (wants & CONTEXT_RESPONSE) != 0)
        return read_response(context, error);
    if ((wants & CONTEXT_FORM) == 0 || !posted)
        return code;
    if (code == ERROR_NONE && context->open_store != NULL && !context->config->is_faulty)
        code = context_store(context, &store, error);
    return code == ERROR_NONE ? read_form(context, error) : code;
}

enum error_code context_store(struct context *context, struct store **store, struct error *error) {
    const struct config *config = context->config;
    if (config->is_faulty && (config->store == NULL || context->request->method == METHOD_POST))
        return error_set(error, ERROR_STORE_UNAVAILABLE, "store: it is not opened before the config is right");
    return context->open_store(context->cache, context->config, store, error);
}

enum error_code context_provider(struct context *context, const char *name, const struct provider **provider,
                                 struct error *error) {
    if (name == NULL)
        return error_set(error, ERROR_NOT_FOUND, "no such provider, or none named and no default_provider");
    return process_cache_provider(context->cache, context->config, name, provider, &context->problems, error);
}

enum error_code context_words(struct context *context, struct words **words, struct error *error) {
    char folder[PATH_MAX];
    enum error_code code = ERROR_NONE;
    snprintf(folder, sizeof folder, "%s/languages", context->config->home);
    if (context->words == NULL)
        code = words_open(folder, context->config->language, request_variable(context->request, "HTTP_ACCEPT_LANGUAGE"),
                          &context->words, error);
    *words = context->words;
    return code;
}

void context_clear(struct context *context) {
    problems_clear(&context->problems);
    query_free(&context->form);
    words_free(context->words);
}

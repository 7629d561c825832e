/* GET /login: a button for each provider, and the last login's error in plain words.
 * SPDX-License-Identifier: MIT */
#include "base/redirect.h"
#include "config/provider.h"
#include "config/routes.h"
#include "program/answer.h"
#include "program/program.h"

#include <unistd.h>

static void add_error(const struct request *request, struct view *view) {
    const char *word;
    const bool told = query_find(&request->query, "error", &word) == QUERY_FOUND;
    const enum error_code code = told ? error_from_query(word) : ERROR_NONE;
    if (code == ERROR_NONE)
        return;
    const struct error_description *description = error_describe(code);
    struct view error = view_object(view, "error");
    view_text(&error, "code", description->query);
    view_text(&error, "title", description->title);
    view_text(&error, "message", description->sentence);
}

static enum error_code add_provider(struct context *context, const char *name, struct view *list, struct error *error) {
    const char *return_to;
    struct buffer url = BUFFER_EMPTY;
    struct provider *provider = NULL;
    const enum error_code code = provider_load(context->config, name, &provider, &context->problems, error);
    if (code == ERROR_NONE) {
        struct view item = view_item(list);
        route_append_link(&url, context->request, ROUTE_START, name);
        if (query_find(&context->request->query, "return_to", &return_to) == QUERY_FOUND &&
            redirect_is_local_path(return_to))
            query_append_to_url(&url, "return_to", return_to);
        view_text(&item, "name", name);
        view_text(&item, "title", provider->title);
        view_buffer(&item, "url", &url);
    }
    provider_free(provider);
    buffer_free(&url);
    return code;
}

static enum error_code handle(struct context *context, struct error *error) {
    struct view view = view_new();
    struct view list = view_list(&view, "providers");
    enum error_code code = ERROR_NONE;
    add_error(context->request, &view);
    for (const cJSON *entry = context->config->providers->child; code == ERROR_NONE && entry != NULL;
         entry = entry->next)
        code = add_provider(context, entry->string, &list, error);
    if (code == ERROR_NONE)
        code = answer_page(context, "login", &view, NULL, error);
    view_free(&view);
    return code;
}

int main(void) {
    static const struct program program = {.name = "login", .methods = METHOD_GET | METHOD_HEAD, .handle = handle};
    return program_run(&program, environ);
}

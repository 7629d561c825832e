/* GET /login: a button for each provider, and the last login's error in plain words.
 * SPDX-License-Identifier: MIT */
#include "config/provider.h"
#include "config/routes.h"
#include "program/answer.h"
#include "program/program.h"
#include "program/return_to.h"

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

static void add_button(const struct request *request, const struct provider *provider, const char *return_to,
                       struct view *list) {
    struct buffer url = BUFFER_EMPTY;
    struct view item = view_item(list);
    route_append_link(&url, request, ROUTE_START, provider->name);
    if (*return_to != '\0')
        query_append_to_url(&url, RETURN_TO_PARAMETER, return_to);
    view_text(&item, "name", provider->name);
    view_text(&item, "title", provider->title);
    view_buffer(&item, "url", &url);
    buffer_free(&url);
}

/* Tells the operator what is wrong with a provider that gets no button. */
static void note_left_out(struct context *context, const char *name, const struct problems *problems) {
    const char *word = error_describe(ERROR_CONFIG)->word;
    for (size_t i = 0; i < problems->count; i++)
        response_note(context->response, "%s: %s", word, problems->lines[i]);
    response_note(context->response, "%s: the login page leaves out %s until that is mended (%s)", word, name,
                  error_describe(ERROR_CONFIG)->hint);
}

/* Adds a button for each provider that can be used: a fault of one takes away its own alone. ERROR_CONFIG if there is
 * none. */
static enum error_code add_buttons(struct context *context, struct view *list, struct error *error) {
    char return_to[RETURN_TO_MAX + 1];
    enum error_code code = ERROR_NONE;
    size_t buttons = 0;
    return_to_read(context, return_to);
    for (const cJSON *entry = context->config->providers->child; code != ERROR_INTERNAL && entry != NULL;
         entry = entry->next) {
        struct problems problems = {.count = 0};
        struct provider *provider = NULL;
        code = provider_load(context->config, entry->string, &provider, &problems, error);
        if (code == ERROR_NONE) {
            add_button(context->request, provider, return_to, list);
            buttons++;
        } else if (code == ERROR_CONFIG) {
            note_left_out(context, entry->string, &problems);
        }
        provider_free(provider);
        problems_clear(&problems);
    }
    if (code == ERROR_INTERNAL)
        return code;
    return buttons != 0 ? ERROR_NONE : error_set(error, ERROR_CONFIG, "no provider is left to log in with");
}

static enum error_code handle(struct context *context, struct error *error) {
    struct view view = view_new();
    struct view list = view_list(&view, "providers");
    add_error(context->request, &view);
    enum error_code code = add_buttons(context, &list, error);
    if (code == ERROR_NONE)
        code = answer_page(context, "login", &view, NULL, error);
    view_free(&view);
    return code;
}

int main(void) {
    static const struct program program = {.name = "login", .methods = METHOD_GET | METHOD_HEAD, .handle = handle};
    return program_run(&program, environ);
}

/* GET /login: a button for each provider, and the last login's error in plain words.
 * SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "base/redirect.h"
#include "config/provider.h"
#include "program/page.h"
#include "program/program.h"

#include <unistd.h>

static void add_error(const struct request *request, cJSON *view) {
    const enum error_code code = error_from_query(query_get(&request->query, "error"));
    if (code == ERROR_NONE)
        return;
    const struct error_description *description = error_describe(code);
    cJSON *error = cJSON_AddObjectToObject(view, "error");
    cJSON_AddStringToObject(error, "code", description->query);
    cJSON_AddStringToObject(error, "title", description->title);
    cJSON_AddStringToObject(error, "message", description->sentence);
}

static enum error_code add_provider(struct context *context, const char *name, cJSON *list, struct error *error) {
    const char *return_to = query_get(&context->request->query, "return_to");
    struct problems problems = {.count = 0};
    struct buffer url = BUFFER_EMPTY;
    struct provider *provider = NULL;
    const enum error_code code = provider_load(context->config, name, &provider, &problems, error);
    if (code == ERROR_NONE) {
        cJSON *item = cJSON_CreateObject();
        page_append_url(&url, context->request, "start", name);
        if (redirect_is_local_path(return_to))
            query_append_to_url(&url, "return_to", return_to);
        cJSON_AddStringToObject(item, "name", name);
        cJSON_AddStringToObject(item, "title", provider->title);
        cJSON_AddStringToObject(item, "url", buffer_text(&url));
        cJSON_AddItemToArray(list, item);
    }
    provider_free(provider);
    buffer_free(&url);
    problems_clear(&problems);
    return code;
}

static enum error_code handle(struct context *context, struct error *error) {
    cJSON *view = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(view, "providers");
    add_error(context->request, view);
    for (const cJSON *entry = context->config->providers->child; entry != NULL; entry = entry->next) {
        const enum error_code code = add_provider(context, entry->string, list, error);
        if (code != ERROR_NONE) {
            json_free(view);
            return code;
        }
    }
    if (!context->request->wants_json)
        return page_render(context, "login", 200, view, NULL, error);
    response_json(context->response, 200, "application/json", view);
    return ERROR_NONE;
}

int main(void) {
    static const struct program program = {
        .name = "login", .methods = METHOD_GET | METHOD_HEAD, .allow = "GET, HEAD", .handle = handle};
    return program_run(&program, environ);
}

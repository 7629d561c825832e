/* SPDX-License-Identifier: MIT */
#include "program/page.h"

#include "base/file.h"
#include "base/json.h"
#include "base/url.h"
#include "http/template.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* What follows the program's name in SCRIPT_NAME: ".cgi" where the host wants it. */
static const char *script_suffix(const char *script) {
    const char *slash = strrchr(script, '/');
    const char *dot = slash != NULL ? strchr(slash, '.') : NULL;
    return dot != NULL ? dot : "";
}

/* The route that htaccess.example has for the program. */
static void append_route(struct buffer *out, const char *program, const char *provider) {
    const bool start = strcmp(program, "start") == 0;
    if (provider == NULL)
        buffer_append_format(out, "/%s", start ? "auth" : program);
    else
        buffer_append_format(out, "/auth/%s%s%s", provider, start ? "" : "/", start ? "" : program);
}

void page_append_url(struct buffer *out, const struct request *request, const char *program, const char *provider) {
    if (!request->plain_path) {
        append_route(out, program, provider);
        return;
    }
    const char *slash = strrchr(request->script_name, '/');
    buffer_append(out, request->script_name, slash != NULL ? (size_t)(slash - request->script_name) : 0);
    buffer_append_format(out, "/%s%s%s%s", program, script_suffix(request->script_name), provider != NULL ? "/" : "",
                         provider != NULL ? provider : "");
}

static void add_url(cJSON *urls, const struct request *request, const char *name) {
    struct buffer url = BUFFER_EMPTY;
    page_append_url(&url, request, name, NULL);
    cJSON_AddStringToObject(urls, name, buffer_text(&url));
    buffer_free(&url);
}

static void add_urls(const struct config *config, const struct request *request, cJSON *view) {
    cJSON *urls = cJSON_AddObjectToObject(view, "urls");
    cJSON_AddStringToObject(urls, "home", config->home_path);
    add_url(urls, request, "login");
    add_url(urls, request, "profile");
    add_url(urls, request, "logout");
}

static enum error_code render(const struct config *config, const char *name, const cJSON *view,
                              struct response *response, struct error *error) {
    char path[PATH_MAX];
    struct buffer text = BUFFER_EMPTY;
    const char *problem = NULL;
    enum error_code code = ERROR_NONE;
    snprintf(path, sizeof path, "%s/templates/%s.html", config->home, name);
    if (!file_read(path, TEMPLATE_FILE_MAX, &text, NULL))
        code = error_set(error, ERROR_CONFIG, "%s cannot be read: %s", path, strerror(errno));
    else if (!template_render(buffer_text(&text), view, &response->body, &problem))
        code = error_set(error, ERROR_CONFIG, "%s: %s", path, problem);
    buffer_free(&text);
    return code;
}

enum error_code page_render(struct context *context, const char *name, int status, cJSON *view, const char *picture,
                            struct error *error) {
    struct buffer origin = BUFFER_EMPTY;
    struct url url;
    enum error_code code = ERROR_NONE;
    if (view == NULL) {
        code = error_out_of_memory(error);
        goto done;
    }
    add_urls(context->config, context->request, view);
    code = render(context->config, name, view, context->response, error);
    if (code != ERROR_NONE) {
        buffer_free(&context->response->body); /* half a page */
        goto done;
    }
    if (picture != NULL && url_parse(picture, &url))
        buffer_append(&origin, picture, url.origin_len);
    response_html_headers(context->response, status, origin.len != 0 ? buffer_text(&origin) : NULL);
done:
    buffer_free(&origin);
    json_free(view);
    return code;
}

static void error_json(struct context *context, enum error_code code) {
    const struct error_description *description = error_describe(code);
    cJSON *problem = cJSON_CreateObject();
    struct buffer url = BUFFER_EMPTY;
    cJSON_AddStringToObject(problem, "type", "about:blank");
    cJSON_AddNumberToObject(problem, "status", description->status);
    cJSON_AddStringToObject(problem, "title", description->title);
    cJSON_AddStringToObject(problem, "detail", description->sentence);
    cJSON_AddStringToObject(problem, "code", description->word);
    if (code == ERROR_NOT_SIGNED_IN && context->config != NULL) {
        buffer_append_text(&url, context->config->base_url);
        page_append_url(&url, context->request, "login", NULL);
        cJSON_AddStringToObject(problem, "login_url", buffer_text(&url));
    }
    buffer_free(&url);
    response_json(context->response, description->status, "application/problem+json", problem);
}

static void plain_error_page(const struct error_description *description, struct response *response) {
    response_html_headers(response, description->status, NULL);
    buffer_append_text(&response->body, "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
                                        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                                        "<meta name=\"color-scheme\" content=\"light dark\">"
                                        "<link rel=\"icon\" href=\"/cgi-login/icon.svg\" type=\"image/svg+xml\">"
                                        "<link rel=\"stylesheet\" href=\"/cgi-login/style.css\"><title>");
    template_append_escaped(&response->body, description->title);
    buffer_append_text(&response->body, "</title></head>\n<body><main class=\"narrow\">"
                                        "<div class=\"card centred\"><h1>");
    template_append_escaped(&response->body, description->title);
    buffer_append_text(&response->body, "</h1>\n<p class=\"lead\">");
    template_append_escaped(&response->body, description->sentence);
    buffer_append_text(&response->body, "</p></div></main></body>\n</html>\n");
}

void page_error(struct context *context, enum error_code code) {
    const struct error_description *description = error_describe(code);
    struct error error;
    if (context->request->wants_json) {
        error_json(context, code);
        return;
    }
    cJSON *view = context->config != NULL ? cJSON_CreateObject() : NULL;
    if (view != NULL) {
        cJSON_AddNumberToObject(view, "status", description->status);
        cJSON_AddStringToObject(view, "title", description->title);
        cJSON_AddStringToObject(view, "message", description->sentence);
        cJSON_AddStringToObject(view, "code", description->word);
        cJSON_AddBoolToObject(view, "can_log_in", description->status < 500);
        if (page_render(context, "error", description->status, view, NULL, &error) == ERROR_NONE)
            return;
        response_reset(context->response);
        response_note(context->response, "%s", error.cause);
    }
    plain_error_page(description, context->response);
}

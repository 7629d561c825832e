/* SPDX-License-Identifier: MIT */
#include "program/page.h"

#include "base/url.h"
#include "config/routes.h"
#include "http/template.h"

#include <limits.h>
#include <stdio.h>

static void add_url(struct view *urls, const struct request *request, enum route route) {
    struct buffer url = BUFFER_EMPTY;
    route_append_link(&url, request, route, NULL);
    view_buffer(urls, route_program(route), &url);
    buffer_free(&url);
}

static void add_urls(const struct config *config, const struct request *request, struct view *view) {
    struct view urls = view_object(view, "urls");
    view_text(&urls, "home", config->home_path);
    add_url(&urls, request, ROUTE_LOGIN);
    add_url(&urls, request, ROUTE_PROFILE);
    add_url(&urls, request, ROUTE_LOGOUT);
}

static enum error_code render(const struct config *config, const char *name, const cJSON *view,
                              struct response *response, struct error *error) {
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s/templates", config->home);
    return template_render_file(folder, name, view, &response->body, error);
}

/* Writes where a picture may come from, as CSP names sources. An https picture may be anywhere under https: many are
 * redirected to a host that only the provider knows, and a policy is asked about each. */
static void append_picture_source(struct buffer *source, const char *picture) {
    struct url url;
    if (!url_parse_origin(picture, &url))
        return;
    if (url.https)
        buffer_append_text(source, "https:");
    else
        buffer_append(source, picture, url.origin_len);
}

enum error_code page_render(struct context *context, const char *name, int status, struct view *view,
                            const char *picture, struct error *error) {
    struct buffer source = BUFFER_EMPTY;
    add_urls(context->config, context->request, view);
    enum error_code code = view_json(view) != NULL
                               ? render(context->config, name, view_json(view), context->response, error)
                               : error_out_of_memory(error);
    if (code != ERROR_NONE) {
        buffer_free(&context->response->body); /* drops half a page */
        return code;
    }
    append_picture_source(&source, picture);
    response_html_headers(context->response, status, source.len != 0 ? buffer_text(&source) : NULL);
    code = source.failed ? error_out_of_memory(error) : ERROR_NONE;
    buffer_free(&source);
    return code;
}

void page_add_error(const struct request *request, struct view *view) {
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

void page_problem(struct context *context, enum error_code code, const struct buffer *login_url) {
    const struct error_description *description = error_describe(code);
    struct view problem = view_new();
    view_text(&problem, "type", "about:blank");
    view_number(&problem, "status", description->status);
    view_text(&problem, "title", description->title);
    view_text(&problem, "detail", description->sentence);
    view_text(&problem, "code", description->word);
    if (login_url != NULL)
        view_buffer(&problem, "login_url", login_url);
    response_json(context->response, description->status, "application/problem+json", &problem);
    view_free(&problem);
}

static void error_json(struct context *context, enum error_code code) {
    const bool may_log_in = code == ERROR_NOT_SIGNED_IN && context->config != NULL;
    struct buffer url = BUFFER_EMPTY;
    if (may_log_in) {
        buffer_append_text(&url, context->config->base_url);
        route_append_link(&url, context->request, ROUTE_LOGIN, NULL);
    }
    page_problem(context, code, may_log_in ? &url : NULL);
    buffer_free(&url);
}

/* Makes the error page from the site's template. False if that fails. */
static bool error_page(struct context *context, enum error_code code) {
    const struct error_description *description = error_describe(code);
    struct view view = view_new();
    struct error error;
    view_number(&view, "status", description->status);
    view_text(&view, "title", description->title);
    view_text(&view, "message", description->sentence);
    view_text(&view, "code", description->word);
    view_bool(&view, "can_log_in", description->status < 500);
    const enum error_code made = page_render(context, "error", description->status, &view, NULL, &error);
    view_free(&view);
    if (made == ERROR_NONE)
        return true;
    response_reset(context->response);
    response_note(context->response, "%s", error.cause);
    return false;
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
    if (context->request->wants_json)
        error_json(context, code);
    else if (context->config == NULL || !error_page(context, code))
        plain_error_page(error_describe(code), context->response);
}

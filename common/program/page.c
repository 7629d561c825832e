/* SPDX-License-Identifier: MIT */
#include "program/page.h"

#include "base/date.h"
#include "base/json.h"
#include "base/url.h"
#include "config/routes.h"
#include "http/template.h"
#include "language/formats.h"
#include "language/words.h"
#include "program/site_look.h"
#include "session/last_provider.h"

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

void page_add_language(struct context *context) {
    if (context->words == NULL)
        return;
    response_header(context->response, "Content-Language", words_tag(context->words));
    if (context->config->language == NULL)
        context->response->vary |= RESPONSE_VARY_LANGUAGE;
}

/* `words` is NULL for a template that has none. */
static enum error_code render(struct context *context, const char *name, struct view *view, struct words *words,
                              struct error *error) {
    char folder[PATH_MAX];
    const struct template_set set = {.folder = folder, .words = words};
    snprintf(folder, sizeof folder, "%s/templates", context->config->home);
    add_urls(context->config, context->request, view);
    site_look_add(context->config, view, context->response);
    if (words != NULL) {
        view_text(view, "lang", words_tag(words));
        view_text(view, "dir", words_direction(words));
    }
    return view_json(view) != NULL ? template_render_file(&set, name, view_json(view), &context->response->body, error)
                                   : error_out_of_memory(error);
}

/* Writes where pictures may come from, as CSP names sources: the logo's own host. An https picture of a profile may be
 * anywhere under https: many are redirected to a host that only the provider knows, and a policy is asked about
 * each. */
static void append_picture_sources(struct buffer *sources, const char *picture, const char *logo) {
    struct url url;
    if (url_parse_origin(picture, &url) && url.https)
        buffer_append_text(sources, "https:");
    else if (url_parse_origin(picture, &url))
        buffer_append(sources, picture, url.origin_len);
    if (!url_parse_origin(logo, &url))
        return;
    buffer_append_text(sources, sources->len != 0 ? " " : "");
    buffer_append(sources, logo, url.origin_len);
}

/* Adds the headers of a page that is rendered. */
static enum error_code add_headers(struct context *context, int status, const char *picture, struct error *error) {
    struct buffer sources = BUFFER_EMPTY;
    append_picture_sources(&sources, picture, context->config->site_logo);
    response_html_headers(context->response, status, sources.len != 0 ? buffer_text(&sources) : NULL);
    const enum error_code code = sources.failed ? error_out_of_memory(error) : ERROR_NONE;
    buffer_free(&sources);
    return code;
}

enum error_code page_render(struct context *context, const char *name, int status, struct view *view,
                            const char *picture, struct error *error) {
    struct words *words;
    enum error_code code = context_words(context, &words, error);
    if (code == ERROR_NONE)
        code = render(context, name, view, words, error);
    if (code != ERROR_NONE) {
        buffer_free(&context->response->body); /* drops half a page */
        return code;
    }
    page_add_language(context);
    return add_headers(context, status, picture, error);
}

enum error_code page_render_english(struct context *context, const char *name, int status, struct view *view,
                                    struct error *error) {
    const enum error_code code = render(context, name, view, NULL, error);
    if (code != ERROR_NONE) {
        buffer_free(&context->response->body);
        return code;
    }
    response_header(context->response, "Content-Language", "en");
    return add_headers(context, status, NULL, error);
}

void page_add_time(struct view *view, const char *key, int64_t seconds, struct words *words) {
    char iso[DATE_TIME_SIZE];
    struct buffer text = BUFFER_EMPTY;
    if (!date_write_time(seconds, iso))
        return;
    if (words == NULL) {
        view_text(view, key, iso);
        return;
    }
    struct view both = view_object(view, key);
    format_time(words, seconds, &text);
    view_text(&both, "datetime", iso);
    view_buffer(&both, "text", &text);
    buffer_free(&text);
}

/* Adds what the visitor is told of an error: "title" or "message". False if there are no words for it. */
static bool add_error_words(struct words *words, const struct error_description *description, const char *part,
                            struct view *view, const char *key) {
    char word[LANGUAGE_KEY_MAX + 1];
    struct buffer text = BUFFER_EMPTY;
    snprintf(word, sizeof word, "error.%s.%s", description->word, part);
    const bool found = words_append(words, word, &text);
    if (found)
        view_buffer(view, key, &text);
    buffer_free(&text);
    return found;
}

/* The same, of an error that is told with the provider's name where that is known: "title_of", "message_of". */
static void add_login_words(struct words *words, const struct error_description *description, const char *part,
                            const char *provider, struct view *view) {
    char word[LANGUAGE_KEY_MAX + 1];
    struct buffer text = BUFFER_EMPTY;
    const struct sentence_value values[] = {{"provider", provider}, {NULL, NULL}};
    snprintf(word, sizeof word, "error.%s.%s_of", description->word, part);
    if (provider != NULL && words_append_with(words, word, values, &text))
        view_buffer(view, part, &text);
    else
        add_error_words(words, description, part, view, part);
    buffer_free(&text);
}

/* True for a failure that the owner of the site may have to mend, and will be told by the visitor. Of any other the
 * sentence says all. */
static bool code_helps(enum error_code code) {
    return error_describe(code)->status >= 500;
}

const char *page_failed_provider(const struct context *context) {
    const cJSON *provider = context->config->providers->child;
    while (provider != NULL && !failed_provider_is(context->request, provider->string))
        provider = provider->next;
    return provider != NULL ? provider->string : NULL;
}

enum error_code page_add_error(struct context *context, const char *provider, struct view *view, struct error *error) {
    const char *word;
    const bool told = query_find(&context->request->query, "error", &word) == QUERY_FOUND;
    const enum error_code named = told ? error_from_query(word) : ERROR_NONE;
    struct words *words;
    if (named == ERROR_NONE)
        return ERROR_NONE;
    const enum error_code code = context_words(context, &words, error);
    if (code != ERROR_NONE)
        return code;
    const struct error_description *description = error_describe(named);
    struct view told_view = view_object(view, "error");
    view_text(&told_view, "code", description->query);
    add_login_words(words, description, "title", provider, &told_view);
    add_login_words(words, description, "message", provider, &told_view);
    if (context->request->wants_json)
        return ERROR_NONE;
    view_bool(&told_view, "quiet", named == ERROR_ACCESS_DENIED);
    view_bool(&told_view, "report", code_helps(named));
    return ERROR_NONE;
}

/* Adds the two texts of a problem. Without words the title is HTTP's (RFC 9457, section 4.2.1). */
static void add_problem_words(struct context *context, const struct error_description *description,
                              struct view *problem) {
    struct words *words = NULL;
    struct error error;
    bool told = false;
    const enum error_code code = context->config != NULL ? context_words(context, &words, &error) : ERROR_NONE;
    if (code != ERROR_NONE)
        response_note(context->response, "%s", error.cause);
    if (code == ERROR_INTERNAL)
        view_add(problem, "title", NULL);
    if (words != NULL)
        told = add_error_words(words, description, "title", problem, "title");
    if (told)
        add_error_words(words, description, "message", problem, "detail");
    else
        view_text(problem, "title", response_reason(description->status));
    if (told)
        page_add_language(context);
}

void page_problem(struct context *context, enum error_code code, const struct buffer *login_url) {
    const struct error_description *description = error_describe(code);
    struct view problem = view_new();
    view_text(&problem, "type", "about:blank");
    view_number(&problem, "status", description->status);
    add_problem_words(context, description, &problem);
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

/* Makes the error page from the site's template and words. */
static enum error_code error_page(struct context *context, enum error_code code) {
    const struct error_description *description = error_describe(code);
    struct view view = view_new();
    struct words *words;
    struct error error;
    enum error_code made = context_words(context, &words, &error);
    view_number(&view, "status", description->status);
    view_text(&view, "code", description->word);
    view_bool(&view, "report", code_helps(code));
    view_bool(&view, "can_log_in", description->status < 500);
    if (made == ERROR_NONE && !(add_error_words(words, description, "title", &view, "title") &&
                                add_error_words(words, description, "message", &view, "message")))
        made = error_set(&error, ERROR_CONFIG, "languages/en.json has no words for the error %s", description->word);
    if (made == ERROR_NONE)
        made = page_render(context, "error", description->status, &view, NULL, &error);
    view_free(&view);
    if (made != ERROR_NONE) {
        response_reset(context->response);
        response_note(context->response, "%s", error.cause);
    }
    return made;
}

/* The one page with sentences of its own: for a fault of the setup that leaves no config, template or words to make one
 * of. */
static const char SETUP_FAULT_PAGE[] =
    "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    "<meta name=\"color-scheme\" content=\"light dark\">"
    "<link rel=\"icon\" href=\"/cgi-login/icon.svg\" type=\"image/svg+xml\">"
    "<link rel=\"stylesheet\" href=\"/cgi-login/style.css\"><title>This site’s login does not work</title></head>\n"
    "<body><header class=\"bar wide\"><a class=\"quiet\" href=\"/\">Home</a></header>"
    "<main class=\"narrow\"><div class=\"card centred\"><h1>This site’s login does not work</h1>\n"
    "<p class=\"lead\">There is a mistake in the settings of this site’s login. Please tell its owner.</p>\n"
    "<p>Are you the owner? What is wrong stands in <code>error.log</code> beside the config, and in the "
    "error log of your host: in cPanel under Metrics, Errors; in Plesk under Logs; in DirectAdmin under Site Summary / "
    "Logs. <code>cgi-login check</code> says it, too.</p>"
    "</div></main></body>\n</html>\n";

static void setup_fault_page(struct response *response, int status) {
    response_html_headers(response, status, NULL);
    response_header(response, "Content-Language", "en");
    buffer_append_text(&response->body, SETUP_FAULT_PAGE);
}

void page_error(struct context *context, enum error_code code) {
    if (context->request->wants_json) {
        error_json(context, code);
        return;
    }
    const enum error_code made = context->config != NULL ? error_page(context, code) : code;
    if (made == ERROR_INTERNAL)
        context->response->body.failed = true; /* a memory that ran out is no fault of the setup */
    else if (made != ERROR_NONE)
        setup_fault_page(context->response, error_describe(code)->status);
}

/* SPDX-License-Identifier: MIT */
#include "http/request.h"

#include "base/bounds.h"
#include "base/text.h"
#include "http/accept.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static const char *variable(char *const *environment, const char *name) {
    const size_t len = strlen(name);
    for (; *environment != NULL; environment++)
        if (strncmp(*environment, name, len) == 0 && (*environment)[len] == '=')
            return *environment + len + 1;
    return NULL;
}

static const char *variable_or(char *const *environment, const char *name, const char *fallback) {
    const char *value = variable(environment, name);
    return value != NULL ? value : fallback;
}

static const struct {
    enum method method;
    const char *name;
} methods[] = {{METHOD_GET, "GET"}, {METHOD_HEAD, "HEAD"}, {METHOD_POST, "POST"}};

enum { METHODS = sizeof methods / sizeof *methods };

void request_append_summary(struct buffer *out, const struct request *request) {
    static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
    const size_t len = strspn(request->uri, characters);
    const size_t shown = len < LOG_PATH_MAX ? len : LOG_PATH_MAX;
    const char end = request->uri[shown];
    request_append_methods(out, request->method);
    buffer_append_text(out, request->method == METHOD_OTHER ? "(other method) " : " ");
    buffer_append(out, request->uri, shown);
    buffer_append_text(out, end == '\0' || end == '?' ? "" : "…");
}

enum method request_method(const char *name) {
    for (size_t i = 0; i < METHODS; i++)
        if (strcmp(name, methods[i].name) == 0)
            return methods[i].method;
    return METHOD_OTHER;
}

void request_append_methods(struct buffer *out, unsigned wanted) {
    const char *separator = "";
    for (size_t i = 0; i < METHODS; i++) {
        if ((wanted & methods[i].method) == 0)
            continue;
        buffer_append_format(out, "%s%s", separator, methods[i].name);
        separator = ", ";
    }
}

/* Reads PATH_INFO, which may be /PROVIDER and nothing else. */
static enum error_code read_provider(struct request *request, const char *path_info, struct error *error) {
    const char *name = *path_info == '/' ? path_info + 1 : path_info;
    size_t len = strlen(name);
    if (len != 0 && name[len - 1] == '/')
        len--;
    request->provider = request->provider_text;
    if (len >= sizeof request->provider_text || memchr(name, '/', len) != NULL)
        return error_set(error, ERROR_NOT_FOUND, "the path does not name a provider");
    memcpy(request->provider_text, name, len);
    return ERROR_NONE;
}

static bool is_length(const char *text) {
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* A body in chunks has no length in advance. Servers in Go, such as Caddy, write -1 then. */
static bool is_unknown(const char *announced) {
    return *announced == '\0' || strcmp(announced, "-1") == 0;
}

/* Returns how many bytes of a body may come, also where that is too many. */
static size_t find_unread(char *const *environment) {
    const char *announced = variable_or(environment, "CONTENT_LENGTH", "");
    if (strcmp(announced, "-1") == 0)
        return SIZE_MAX;
    if (*announced == '\0')
        return variable(environment, "HTTP_TRANSFER_ENCODING") != NULL ? SIZE_MAX : 0;
    const unsigned long long len = is_length(announced) ? strtoull(announced, NULL, 10) : 0;
    return len < SIZE_MAX ? (size_t)len : SIZE_MAX;
}

/* A body without a length is none, until a program wants a form of it. */
static enum error_code read_body_length(struct request *request, struct error *error) {
    const char *announced = variable_or(request->environment, "CONTENT_LENGTH", "");
    if (is_unknown(announced))
        return ERROR_NONE;
    if (!is_length(announced))
        return error_set(error, ERROR_BAD_REQUEST, "CONTENT_LENGTH is no number");
    if (request->unread > REQUEST_BODY_MAX)
        return error_set(error, ERROR_BODY_TOO_LARGE, "the body has more than %d bytes", REQUEST_BODY_MAX);
    request->body_len = request->unread;
    return ERROR_NONE;
}

/* Apache puts REDIRECT_ before the name of a variable of SetEnv for each internal redirect on the way to the program
 * (a rewrite makes one). No header can make such a variable: they all become HTTP_*. */
static const char *config_variable(char *const *environment) {
    static const char prefix[] = "REDIRECT_", name[] = CONFIG_VARIABLE "=";
    for (; *environment != NULL; environment++) {
        const char *text = *environment;
        while (text_starts_with(text, prefix))
            text += strlen(prefix);
        if (text_starts_with(text, name) && text[strlen(name)] != '\0')
            return text + strlen(name);
    }
    return NULL;
}

static void read_path(struct request *request, char *const *environment) {
    const char *uri = variable_or(environment, "REQUEST_URI", "");
    request->script_name = variable_or(environment, "SCRIPT_NAME", "");
    request->uri = *uri != '\0' ? uri : request->script_name;
    const size_t len = strlen(request->script_name);
    request->plain_path = len != 0 && strncmp(uri, request->script_name, len) == 0 && strchr("/?", uri[len]) != NULL;
}

/* Sec-Purpose is the standard's (Fetch, section 3.8): "prefetch", with ";prerender" and the like behind it. The others
 * are what it replaced in Chromium, in older versions of Safari and apps, and in Firefox. */
static bool is_prefetch(char *const *environment) {
    static const char *const headers[] = {"HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ"};
    static const char *const words[] = {"prefetch", "prerender", "preview"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        for (size_t j = 0; j < sizeof words / sizeof *words; j++)
            if (strcasestr(variable_or(environment, headers[i], ""), words[j]) != NULL)
                return true;
    return false;
}

void request_begin(struct request *request, char *const *environment) {
    *request = (struct request){.environment = environment, .now = (int64_t)time(NULL), .cookies = "", .provider = ""};
    request->method = request_method(variable_or(environment, "REQUEST_METHOD", ""));
    request->config_path = config_variable(environment);
    request->document_root = variable(environment, "DOCUMENT_ROOT");
    request->wants_json = accept_prefers_json(variable(environment, "HTTP_ACCEPT"));
    request->referer = variable(environment, "HTTP_REFERER");
    request->host = variable(environment, "HTTP_HOST");
    request->forwarded_host = variable(environment, "HTTP_X_FORWARDED_HOST");
    request->user_agent = variable(environment, "HTTP_USER_AGENT");
    request->fetch_site = variable(environment, "HTTP_SEC_FETCH_SITE");
    request->is_prefetch = is_prefetch(environment);
    request->content_type = variable_or(environment, "CONTENT_TYPE", "");
    request->unread = find_unread(environment);
    read_path(request, environment);
}

enum error_code request_read_cookies(struct request *request, struct error *error) {
    const char *cookies = variable_or(request->environment, "HTTP_COOKIE", "");
    if (strlen(cookies) > COOKIE_HEADER_MAX)
        return error_set(error, ERROR_COOKIES_TOO_LARGE, "the cookies have more than %d bytes", COOKIE_HEADER_MAX);
    request->cookies = cookies;
    return ERROR_NONE;
}

enum error_code request_read(struct request *request, struct error *error) {
    char *const *environment = request->environment;
    enum error_code code = request_read_cookies(request, error);
    if (code == ERROR_NONE)
        code = read_body_length(request, error);
    if (code == ERROR_NONE)
        code = read_provider(request, variable_or(environment, "PATH_INFO", ""), error);
    return code == ERROR_NONE ? query_parse(&request->query, variable(environment, "QUERY_STRING"), error) : code;
}

static bool is_form(const char *content_type) {
    static const char form[] = "application/x-www-form-urlencoded";
    const size_t len = strcspn(content_type, " ;");
    return len == strlen(form) && strncasecmp(content_type, form, len) == 0;
}

enum error_code request_parse_form(const struct request *request, const char *body, size_t len, struct query *form,
                                   struct error *error) {
    char text[REQUEST_BODY_MAX + 1];
    *form = (struct query){.len = 0};
    if (len == 0)
        return ERROR_NONE;
    if (!is_form(request->content_type))
        return error_set(error, ERROR_BAD_REQUEST, "the body is no application/x-www-form-urlencoded form");
    if (len > REQUEST_BODY_MAX || memchr(body, '\0', len) != NULL)
        return error_set(error, ERROR_BAD_REQUEST, "the body holds a NUL byte, or is too large");
    memcpy(text, body, len);
    text[len] = '\0';
    const enum error_code code = query_parse(form, text, error);
    sodium_memzero(text, len);
    return code;
}

void request_free(struct request *request) {
    query_free(&request->query);
}

const char *request_variable(const struct request *request, const char *name) {
    return variable(request->environment, name);
}

const char *request_cookie(const struct request *request, const char *name, size_t *len) {
    const size_t name_len = strlen(name);
    for (const char *pair = request->cookies; *pair != '\0';) {
        pair += strspn(pair, " \t;");
        const size_t pair_len = strcspn(pair, ";");
        if (pair_len > name_len && strncmp(pair, name, name_len) == 0 && pair[name_len] == '=') {
            *len = pair_len - name_len - 1;
            return pair + name_len + 1;
        }
        pair += pair_len;
    }
    return NULL;
}

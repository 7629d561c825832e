/* SPDX-License-Identifier: MIT */
#include "http/response.h"

#include "base/bounds.h"
#include "base/json.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct reason {
    int status;
    const char *phrase;
};

static const struct reason reasons[] = {{200, "OK"},
                                        {204, "No Content"},
                                        {302, "Found"},
                                        {303, "See Other"},
                                        {400, "Bad Request"},
                                        {401, "Unauthorized"},
                                        {403, "Forbidden"},
                                        {404, "Not Found"},
                                        {405, "Method Not Allowed"},
                                        {409, "Conflict"},
                                        {411, "Length Required"},
                                        {413, "Content Too Large"},
                                        {414, "URI Too Long"},
                                        {431, "Request Header Fields Too Large"},
                                        {500, "Internal Server Error"},
                                        {502, "Bad Gateway"},
                                        {503, "Service Unavailable"}};

const char *response_reason(int status) {
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].phrase;
    return "Unknown";
}

static bool is_field_value(const char *value) {
    for (; *value != '\0'; value++)
        if ((unsigned char)*value < 0x20 || *value == 0x7F)
            return false;
    return true;
}

void response_header(struct response *response, const char *name, const char *value) {
    if (!is_field_value(value)) {
        response->headers.failed = true;
        return;
    }
    buffer_append_format(&response->headers, "%s: %s\r\n", name, value);
}

void response_header_buffer(struct response *response, const char *name, const struct buffer *value) {
    response->headers.failed = response->headers.failed || value->failed;
    response_header(response, name, buffer_text(value));
}

void response_cookie(struct response *response, const char *name, const char *value, int64_t max_age) {
    struct buffer cookie = BUFFER_EMPTY;
    buffer_append_format(&cookie, "%s=%s; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=%" PRId64, name, value,
                         max_age);
    response_header_buffer(response, "Set-Cookie", &cookie);
    buffer_free(&cookie);
}

static void append_vary(struct buffer *out, unsigned vary) {
    static const char *const names[] = {"Accept", "Accept-Language", "Cookie"};
    const char *before = "Vary: ";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if ((vary & 1u << i) == 0)
            continue;
        buffer_append_format(out, "%s%s", before, names[i]);
        before = ", ";
    }
    buffer_append_text(out, vary != 0 ? "\r\n" : "");
}

size_t response_room(const struct response *response) {
    static const char around[] = "Status: 200 \r\nContent-Length: 1234567\r\n\r\n";
    struct buffer vary = BUFFER_EMPTY;
    append_vary(&vary, response->vary);
    const size_t taken = response->headers.len + vary.len + sizeof around + strlen(response_reason(response->status)) +
                         RESPONSE_SERVER_HEADERS_MAX;
    buffer_free(&vary);
    return taken < RESPONSE_HEADERS_MAX ? RESPONSE_HEADERS_MAX - taken : 0;
}

void response_reset(struct response *response) {
    buffer_free(&response->headers);
    buffer_free(&response->body);
    response->status = 0;
    response->vary = 0;
    response->forms_lead_to = NULL;
    response->style_source[0] = '\0';
    response->is_local = false;
}

static void common_headers(struct response *response, int status) {
    response->status = status;
    /* RFC 9110, section 15.5.2, wants one; no registered scheme is a cookie's. */
    if (status == 401)
        response_header(response, "WWW-Authenticate", "Cookie realm=\"cgi-login\"");
    response_header(response, "Cache-Control", "no-store");
    response_header(response, "X-Content-Type-Options", "nosniff");
    response_header(response, "Referrer-Policy", "same-origin");
    response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
}

void response_redirect(struct response *response, const struct buffer *url) {
    common_headers(response, 302);
    response_header_buffer(response, "Location", url);
}

void response_see_other(struct response *response, const struct buffer *url) {
    common_headers(response, 303);
    response_header_buffer(response, "Location", url);
}

void response_local_redirect(struct response *response, const struct buffer *path) {
    response->status = 200;
    response->is_local = true;
    response_header_buffer(response, "Location", path);
}

void response_empty(struct response *response, int status) {
    common_headers(response, status);
}

void response_json(struct response *response, int status, const char *type, const struct view *view) {
    char *text = view_print(view);
    common_headers(response, status);
    response_header(response, "Content-Type", type);
    response->vary |= RESPONSE_VARY_ACCEPT;
    if (text != NULL) {
        buffer_append_text(&response->body, text);
        buffer_append_char(&response->body, '\n');
    } else {
        response->body.failed = true;
    }
    json_free_text(text);
}

void response_html_headers(struct response *response, int status, const char *pictures) {
    const char *forms = response->forms_lead_to, *style = response->style_source;
    struct buffer policy = BUFFER_EMPTY;
    common_headers(response, status);
    buffer_append_format(
        &policy,
        "default-src 'none'; style-src 'self'%s%s; font-src 'self'; img-src 'self'%s%s; form-action 'self'%s%s; "
        "base-uri 'none'; frame-ancestors 'none'",
        *style != '\0' ? " " : "", style, pictures != NULL ? " " : "", pictures != NULL ? pictures : "",
        forms != NULL ? " " : "", forms != NULL ? forms : "");
    response_header(response, "Content-Type", "text/html; charset=utf-8");
    response_header_buffer(response, "Content-Security-Policy", &policy);
    response_header(response, "X-Frame-Options", "DENY");
    response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
    response->vary |= RESPONSE_VARY_ACCEPT;
    buffer_free(&policy);
}

void response_note(struct response *response, const char *format, ...) {
    char line[LOG_LINE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    text_append_printable(&response->notes, line, sizeof line);
    buffer_append_char(&response->notes, '\n');
}

bool response_is_whole(const struct response *response) {
    return response->status != 0 && !response->headers.failed && !response->body.failed;
}

void response_append(const struct response *response, bool head, struct buffer *out) {
    if (!response->is_local)
        buffer_append_format(out, "Status: %d %s\r\n", response->status, response_reason(response->status));
    buffer_append(out, buffer_text(&response->headers), response->headers.len);
    append_vary(out, response->vary);
    if (response->body.len != 0)
        buffer_append_format(out, "Content-Length: %zu\r\n", response->body.len);
    buffer_append_text(out, "\r\n");
    if (!head)
        buffer_append(out, buffer_text(&response->body), response->body.len);
}

void response_free(struct response *response) {
    response_reset(response);
    buffer_free(&response->notes);
}

/* One CGI response (RFC 3875, section 6): status, headers, cookies, body, and notes for the operator.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_RESPONSE_H
#define CGI_LOGIN_RESPONSE_H

#include "base/buffer.h"
#include "base/view.h"

#include <stdbool.h>
#include <stdint.h>

/* What of a request a response depends on, so that no cache gives it in answer to another one. */
enum response_vary { RESPONSE_VARY_ACCEPT = 1, RESPONSE_VARY_LANGUAGE = 2, RESPONSE_VARY_COOKIE = 4 };
enum { RESPONSE_STYLE_SOURCE_SIZE = 64 }; /* 'sha256-…' */

struct response {
    int status;
    unsigned vary; /* of enum response_vary, or'ed; each that counts is in the one Vary header */
    struct buffer headers;
    struct buffer body;
    struct buffer notes; /* lines for the error log, each ended by a newline */
    /* Where the forms of a page may lead beside this site, as CSP has sources: a constant, or NULL. A browser holds
     * what a form's response redirects to against it, too. */
    const char *forms_lead_to;
    /* The one style inside of a page that is carried out, by its hash, as CSP has sources; "": none. */
    char style_source[RESPONSE_STYLE_SOURCE_SIZE];
    bool is_local; /* response_local_redirect */
};

/* What HTTP calls a status, in English. */
const char *response_reason(int status);

/* Adds a header. A value with a control character is dropped and marks the response failed (response_is_whole). */
void response_header(struct response *response, const char *name, const char *value);

/* Adds a header with the text of a buffer; a buffer that had failed marks the response failed. */
void response_header_buffer(struct response *response, const char *name, const struct buffer *value);

/* Sets a cookie as RFC 6265bis wants ours: Path=/, Secure, HttpOnly, SameSite=Lax. `max_age` 0 removes it. */
void response_cookie(struct response *response, const char *name, const char *value, int64_t max_age);

/* How many bytes of headers may still be added: all of them, with what a web server adds, must fit the buffer of a web
 * server between (RESPONSE_HEADERS_MAX). */
size_t response_room(const struct response *response);

/* Forgets cookies and body; notes stay. */
void response_reset(struct response *response);

/* 302 to the URL in the buffer, which must be absolute: RFC 3875 (6.2.2) makes a path an internal redirect. A buffer
 * that had failed marks the response failed: half a URL leads somewhere else. */
void response_redirect(struct response *response, const struct buffer *url);

/* 303 to the URL, likewise: after a POST the browser comes there with GET (RFC 9110, section 15.4.4). */
void response_see_other(struct response *response, const struct buffer *url);

/* Has the web server serve a path of this site, with its query, in place of the response (RFC 3875, section 6.2.2).
 * Such a response has no status of its own. Likewise. */
void response_local_redirect(struct response *response, const struct buffer *path);

/* No body: a status that says all. */
void response_empty(struct response *response, int status);

/* The body as JSON. A view that had failed marks the response failed. `type` is the media type. */
void response_json(struct response *response, int status, const char *type, const struct view *view);

/* The headers of an HTML page: never stored, never framed, no script, pictures of this site and of `pictures`, sources
 * as CSP has them, or NULL. */
void response_html_headers(struct response *response, int status, const char *pictures);

/* Adds a line for the error log (printf's format). It must not hold a secret. */
void response_note(struct response *response, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* False if memory ran out or a value was unfit: then nothing of the response may be sent. */
bool response_is_whole(const struct response *response);

/* Appends status, headers and, unless `head`, the body, as CGI writes them (RFC 3875, section 6). */
void response_append(const struct response *response, bool head, struct buffer *out);

/* Wipes and frees. */
void response_free(struct response *response);

#endif

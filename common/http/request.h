/* One CGI request (RFC 3875), read from the environment. Every variable may be missing, and every HTTP_* variable is
 * what the client says.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_REQUEST_H
#define CGI_LOGIN_REQUEST_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/query.h"

#include <stdbool.h>
#include <stdint.h>

enum method { METHOD_GET = 1, METHOD_HEAD = 2, METHOD_POST = 4, METHOD_OTHER = 8 };

struct request {
    char *const *environment;
    enum method method;
    const char *provider; /* the first segment of PATH_INFO, or "" */
    struct query query;
    size_t unread;            /* how much of a body there may be to read, also of one that is too large */
    size_t body_len;          /* what CONTENT_LENGTH announces */
    const char *content_type; /* "" if there is none */
    const char *cookies;      /* the Cookie header, or "" */
    const char *referer;      /* or NULL, like the next five */
    const char *host;
    const char *forwarded_host; /* X-Forwarded-Host */
    const char *fetch_site;     /* Sec-Fetch-Site */
    const char *user_agent;
    bool is_prefetch; /* the browser fetches ahead: nobody has followed the link yet */
    const char *document_root;
    const char *config_path; /* CGI_LOGIN_CONFIG, or NULL */
    bool wants_json;
    const char *uri;         /* the path and query that were asked for, or "" */
    const char *script_name; /* "" if not known */
    bool plain_path;         /* reached under SCRIPT_NAME itself, not by a route of .htaccess */
    int64_t now;             /* seconds since 1970 */
    char provider_text[64];
};

/* Reads what cannot be wrong, and what a response to any fault needs: method, path, config and preferences.
 * `environment` is NAME=VALUE strings that outlive the request, with NULL at the end. */
void request_begin(struct request *request, char *const *environment);

/* Reads the rest of a request that has begun: cookies, provider, query, and how long the body is. ERROR_BAD_REQUEST,
 * ERROR_NOT_FOUND (PATH_INFO names no provider), ERROR_QUERY_TOO_LONG, ERROR_COOKIES_TOO_LARGE, ERROR_BODY_TOO_LARGE.
 * Freed with request_free whatever comes back. */
enum error_code request_read(struct request *request, struct error *error);

/* Reads only the cookies of a request that has begun: for who has no use for its path and query, which are another
 * program's. ERROR_COOKIES_TOO_LARGE. */
enum error_code request_read_cookies(struct request *request, struct error *error);

/* The method of that name; METHOD_OTHER for one that our programs do not know. */
enum method request_method(const char *name);

/* Appends the names of methods, of enum method or'ed, as the Allow header lists them (RFC 9110, section 10.2.1). */
void request_append_methods(struct buffer *out, unsigned wanted);

/* Reads a body of `len` bytes as application/x-www-form-urlencoded, under the rules of query_parse. ERROR_BAD_REQUEST
 * if the request says that it is of another type. `form` can be freed whatever comes back. */
enum error_code request_parse_form(const struct request *request, const char *body, size_t len, struct query *form,
                                   struct error *error);

/* Appends what a log may say of the request: its method and path. The query is left out, and all from the first
 * character on that our own paths do not have: a link that was pasted or escaped wrongly has its query there. */
void request_append_summary(struct buffer *out, const struct request *request);

/* Wipes and frees. */
void request_free(struct request *request);

/* A variable of the request that only some programs look at, or NULL. */
const char *request_variable(const struct request *request, const char *name);

/* Finds a cookie in a Cookie header. Returns its value, of *len bytes, or NULL. */
const char *request_cookie(const struct request *request, const char *name, size_t *len);

#endif

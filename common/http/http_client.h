/* HTTP to a provider, with libcurl: TLS verified always, no redirect followed, no proxy (under CGI a client's `Proxy:`
 * header becomes HTTP_PROXY), nothing but http and https, responses limited in size and time.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTTP_CLIENT_H
#define CGI_LOGIN_HTTP_CLIENT_H

#include "base/buffer.h"
#include "base/deadline.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct http_client;

struct http_request {
    const char *url;       /* may hold a token: it never reaches a cause or a log */
    const char *form;      /* a form body to POST, or NULL for GET */
    bool head;             /* HEAD: no body comes back */
    const char *form_type; /* the header's line where that body is none, or NULL: "Content-Type: application/json" */
    const char *bearer;    /* a token for the Authorization header, or NULL */
    const char *user;      /* for HTTP Basic, already form-encoded (RFC 6749, section 2.3.1), or NULL */
    const char *password;  /* likewise */
    const char *ca_file;   /* one more CA to trust, or NULL */
    const char *const *headers; /* more headers' lines, NULL at the end; or NULL */
    const char *accept;         /* the header's line, or NULL: "Accept: application/json" */
    size_t response_max;        /* bytes; 0: PROVIDER_ANSWER_MAX */
    long timeout_ms;            /* for all of it; 0: what the client's deadline leaves, else PROVIDER_TIMEOUT_MS */
};

/* Where a call without a response has ended. */
enum http_fault {
    HTTP_FAULT_NONE,
    HTTP_FAULT_NAME,        /* the host's name leads nowhere */
    HTTP_FAULT_REFUSED,     /* nobody takes the connection */
    HTTP_FAULT_TIMEOUT,     /* nobody responds in time */
    HTTP_FAULT_CERTIFICATE, /* TLS: the server's certificate is not trusted, or not for this host */
    HTTP_FAULT_TLS,         /* TLS fails otherwise */
    HTTP_FAULT_OTHER
};

struct http_response {
    enum http_fault fault;
    long status;
    char content_type[64];  /* "" if it named none */
    bool cut;               /* the body's end is missing; only where the status is no success */
    char coding[16];        /* the content coding of a body that could not be decoded; "" where there is none */
    struct buffer body;     /* decoded */
    int64_t date;           /* the time that the server told, seconds since 1970 (http_date.h); 0: none */
    struct buffer location; /* where a redirect leads, as an absolute URL; empty if there is none */
};

/* A client keeps its connections from one call to the next. `ca_folder`: certificates by their hashes; NULL: the
 * system's, which is such a folder on most. On ERROR_NONE *client belongs to the caller (http_client_free); otherwise
 * it is NULL. */
enum error_code http_client_new(const char *ca_folder, struct http_client **client, struct error *error);

/* NULL is fine. What is open is abandoned. */
void http_client_free(struct http_client *client);

/* A further client, for calls at the same time. It is kept with the first one, and freed with it. NULL when memory runs
 * out. */
struct http_client *http_client_beside(struct http_client *client);

/* Makes every further call of this client, and of those beside it, fail once the deadline has passed. */
void http_client_limit(struct http_client *client, struct deadline deadline);

/* Makes the call. Any HTTP status is ERROR_NONE, one of 300 and more also where the rest of the response fails. No
 * response in time, no TLS, no connection: ERROR_PROVIDER_UNREACHABLE; a success that is too large or cut short:
 * ERROR_PROVIDER. The causes name the host and never the rest of the URL. `response` is to be freed with
 * http_response_free whatever comes back. */
enum error_code http_client_call(struct http_client *client, const struct http_request *call,
                                 struct http_response *response, struct error *error);

/* A call in three steps, of which only the last one waits: open, send, http_client_call. The caller does something else
 * meanwhile; libcurl works in a thread. Where no thread can be had the first two do nothing, and http_client_call makes
 * the whole call, as it does for a request that is another than the one which was opened, for one without a form whose
 * connection the server has closed meanwhile, and for a form whose connection waited so long that it may have been. */

/* Connects to where `call` will go. What it sends may not be known yet: the query, the bearer token. A form must be
 * there. `call` and what it points to stay until the call is made or abandoned. */
void http_client_open(struct http_client *client, const struct http_request *call);

/* Sends the request as soon as the connection is up. `call` has to stay likewise. */
void http_client_send(struct http_client *client, const struct http_request *call);

/* Ends what was opened, at once. */
void http_client_abandon(struct http_client *client);

/* True if what was opened was connected by then, or was over; waits for it. Without a thread both are true. */
bool http_client_connects(struct http_client *client, struct deadline by);
bool http_client_ends(struct http_client *client, struct deadline by);

/* Connects to the URL's host, with TLS if it is https, and sends nothing: for `check --online`. */
enum error_code http_client_probe(struct http_client *client, const char *url, const char *ca_file,
                                  struct error *error);

/* Asks the URL's host for the time: what it tells with its response to a HEAD for "/". False if it does not say. For
 * `check --online`. */
bool http_client_date(struct http_client *client, const char *url, const char *ca_file, int64_t *date);

/* Wipes and frees. */
void http_response_free(struct http_response *response);

#endif

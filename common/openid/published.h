/* A JSON document that an issuer publishes, on its way: it is asked for first and taken later, so that other calls are
 * under way at the same time (http_client.h).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PUBLISHED_H
#define CGI_LOGIN_PUBLISHED_H

#include "http/http_client.h"

#include <cjson/cJSON.h>

struct published {
    const char *what;           /* in words, for a cause: "metadata" */
    struct http_client *client; /* NULL: it has not been asked for */
    struct http_request request;
    struct buffer url;
};

/* Asks for the document at `url` followed by `path`, without waiting for it. `ca_file` stays until published_close. */
void published_ask(struct published *published, struct http_client *client, const char *url, const char *path,
                   const char *ca_file);

/* Waits for it. On ERROR_NONE *document is a JSON object in which no member stands twice (json_free); otherwise it is
 * NULL, and the code ERROR_PROVIDER_UNREACHABLE, ERROR_PROVIDER_FAULT (a status from 500 on), ERROR_PROVIDER, or
 * ERROR_INTERNAL when memory runs out. */
enum error_code published_take(struct published *published, cJSON **document, struct error *error);

/* True if it need not be waited for. */
bool published_is_there(const struct published *published);

/* Gives up what is under way, and frees; one that was never asked for, too. */
void published_close(struct published *published);

#endif

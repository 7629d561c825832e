/* A request that the access token opens: for the profile, and for what is asked beside it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_BEARER_REQUEST_H
#define CGI_LOGIN_BEARER_REQUEST_H

#include "config/provider.h"
#include "http/http_client.h"
#include "oauth/token.h"

struct bearer_request {
    struct http_request http;
    const struct provider *provider;
    const struct token *token;
    struct buffer url, form, lines; /* what `http` points into */
    const char *headers[PROVIDER_HEADERS_MAX + 1];
};

/* Makes a request of its method for the URL, which is in `url` already, with these headers and, where it is POST, this
 * form: objects of texts with placeholders, or NULL. The token goes where `profile_auth` says, unless the headers have
 * an Authorization of their own. What it is given must outlive it. False when memory runs out. To be cleared whatever
 * comes back (bearer_request_clear). */
bool bearer_request_make(struct bearer_request *request, bool post, const cJSON *headers, const cJSON *form);

/* Wipes and frees. */
void bearer_request_clear(struct bearer_request *request);

#endif

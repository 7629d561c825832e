/* SPDX-License-Identifier: MIT */
#include "admin/site/site_try.h"

#include "base/json.h"
#include "base/query.h"
#include "base/text.h"
#include "base/url.h"
#include "config/routes.h"
#include "http/http_client.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TIMEOUT_MS = 15000, RESPONSE_MAX = 1 << 16 }; /* `start` may fetch what an issuer publishes first */

static bool tell(char sentence[LOG_LINE_MAX], bool done, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool tell(char sentence[LOG_LINE_MAX], bool done, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, LOG_LINE_MAX, format, arguments);
    va_end(arguments);
    return done;
}

/* Compares the redirect URI in the address that the browser would be sent to. */
static bool judge(const char *authorize, const char *expected, char sentence[LOG_LINE_MAX]) {
    struct query query = {.pairs = NULL};
    struct error error;
    struct url url;
    const char *redirect = NULL;
    const char *text = strchr(authorize, '?');
    if (!url_parse(authorize, &url))
        return tell(sentence, false, "a login leads to no URL");
    const bool found = query_parse(&query, text != NULL ? text + 1 : "", &error) == ERROR_NONE &&
                       query_find(&query, "redirect_uri", &redirect) == QUERY_FOUND;
    const bool right = found && strcmp(redirect, expected) == 0;
    tell(sentence, right,
         right ? "a login leads to %.*s, which is told to come back to %s"
               : "a login leads to %.*s, which is not told to come back to %s",
         (int)url.origin_len, authorize, expected);
    query_free(&query);
    return right;
}

static bool read_response(const struct http_response *response, const char *expected, char sentence[LOG_LINE_MAX]) {
    cJSON *document = NULL;
    json_parse(buffer_text(&response->body), response->body.len, &document, NULL);
    const char *authorize = json_string(document, "authorize_url");
    const bool done = authorize != NULL
                          ? judge(authorize, expected, sentence)
                          : tell(sentence, false, "a login does not begin: the status is %ld", response->status);
    json_free(document);
    return done;
}

bool site_try_login(const struct config *config, const char *provider, char sentence[LOG_LINE_MAX]) {
    struct http_client *client = NULL;
    struct http_response response = {.status = 0};
    struct buffer start = BUFFER_EMPTY, callback = BUFFER_EMPTY;
    struct error error;
    const char *own = json_string(json_member(config->providers, provider), "callback_url");
    buffer_append_text(&start, config->base_url);
    route_append(&start, ROUTE_START, provider);
    buffer_append_text(&callback, own != NULL ? own : config->base_url);
    if (own == NULL)
        route_append(&callback, ROUTE_CALLBACK, provider);
    const struct http_request call = {.url = buffer_text(&start),
                                      .accept = "Accept: application/json",
                                      .response_max = RESPONSE_MAX,
                                      .timeout_ms = TIMEOUT_MS};
    enum error_code code = start.failed || callback.failed ? error_out_of_memory(&error)
                                                           : http_client_new(config->ca_folder, &client, &error);
    if (code == ERROR_NONE)
        code = http_client_call(client, &call, &response, &error);
    const bool done = code == ERROR_NONE ? read_response(&response, buffer_text(&callback), sentence)
                                         : tell(sentence, false, "a login cannot be tried: %s", error.cause);
    http_response_free(&response);
    http_client_free(client);
    buffer_free(&start);
    buffer_free(&callback);
    return done;
}

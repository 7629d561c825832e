/* SPDX-License-Identifier: MIT */
#include "oauth/bearer_request.h"

#include "base/json.h"
#include "base/placeholder.h"
#include "base/query.h"

#include <string.h>
#include <strings.h>

/* Appends the text with what the placeholders in it stand for. */
static void expand(const struct bearer_request *request, const char *text, struct buffer *out) {
    const struct placeholder list[] = {{PLACEHOLDER_CLIENT_ID, request->provider->client_id},
                                       {PLACEHOLDER_ACCESS_TOKEN, secret_text(request->token->access_token)},
                                       {NULL, NULL}};
    placeholder_expand(out, text, list);
}

static void make_form(struct bearer_request *request, const cJSON *form) {
    for (const cJSON *item = form != NULL ? form->child : NULL; item != NULL; item = item->next) {
        struct buffer value = BUFFER_EMPTY;
        expand(request, item->valuestring, &value);
        query_append_to_form(&request->form, item->string, buffer_text(&value));
        request->form.failed = request->form.failed || value.failed;
        buffer_free(&value);
    }
    request->http.form = buffer_text(&request->form);
    /* Where a body is empty, nothing is said of its type: one provider refuses that. */
    if (request->form.len == 0)
        request->http.form_type = "Content-Type:";
}

/* Writes the headers' lines, each with its NUL, and then says where each begins: the buffer may move as it grows. */
static void make_headers(struct bearer_request *request, const cJSON *headers) {
    size_t count = 0;
    for (const cJSON *item = headers != NULL ? headers->child : NULL; item != NULL; item = item->next) {
        buffer_append_format(&request->lines, "%s: ", item->string);
        expand(request, item->valuestring, &request->lines);
        buffer_append(&request->lines, "", 1);
    }
    const char *line = buffer_text(&request->lines);
    for (const cJSON *item = headers != NULL ? headers->child : NULL;
         item != NULL && !request->lines.failed && count < PROVIDER_HEADERS_MAX; item = item->next) {
        if (strcasecmp(item->string, "Accept") == 0)
            request->http.accept = line;
        else
            request->headers[count++] = line;
        if (strcasecmp(item->string, "Authorization") == 0)
            request->http.bearer = NULL;
        line += strlen(line) + 1;
    }
    request->headers[count] = NULL;
    request->http.headers = request->headers;
}

bool bearer_request_make(struct bearer_request *request, bool post, const cJSON *headers, const cJSON *form) {
    const char *token = secret_text(request->token->access_token);
    if (request->provider->profile_auth == PROFILE_AUTH_QUERY)
        query_append_to_url(&request->url, "access_token", token);
    request->http = (struct http_request){.url = buffer_text(&request->url), .ca_file = request->provider->ca_file};
    if (request->provider->profile_auth == PROFILE_AUTH_BEARER)
        request->http.bearer = token;
    if (post)
        make_form(request, form);
    make_headers(request, headers);
    return !request->url.failed && !request->form.failed && !request->lines.failed;
}

void bearer_request_clear(struct bearer_request *request) {
    buffer_free(&request->url);
    buffer_free(&request->form);
    buffer_free(&request->lines);
    request->http = (struct http_request){.url = NULL};
}

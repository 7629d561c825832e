/* SPDX-License-Identifier: MIT */
#include "openid/published.h"

#include "base/bounds.h"
#include "base/json.h"

#include <strings.h>

void published_ask(struct published *published, struct http_client *client, const char *url, const char *path,
                   const char *ca_file) {
    buffer_append_format(&published->url, "%s%s", url, path);
    published->client = client;
    published->request = (struct http_request){
        .url = buffer_text(&published->url), .ca_file = ca_file, .response_max = ISSUER_DOCUMENT_MAX};
    if (published->url.failed)
        return; /* published_take tells */
    http_client_open(client, &published->request);
    http_client_send(client, &published->request);
}

/* True for application/json and the types that are made of it, such as application/jwk-set+json. */
static bool is_json(const char *type) {
    for (; *type != '\0' && *type != ';'; type++)
        if (strncasecmp(type, "json", 4) == 0)
            return true;
    return false;
}

static enum error_code read_document(const struct published *published, const struct http_response *response,
                                     cJSON **document, struct error *error) {
    const char *problem = NULL;
    if (response->status != 200)
        return error_set(error, response->status >= 500 ? ERROR_PROVIDER_FAULT : ERROR_PROVIDER,
                         "%s: the response for it has the status %ld", buffer_text(&published->url), response->status);
    if (response->coding[0] != '\0' || !is_json(response->content_type))
        return error_set(error, ERROR_PROVIDER, "%s: the response is no JSON, but \"%.60s\"",
                         buffer_text(&published->url), response->content_type);
    switch (json_parse(buffer_text(&response->body), response->body.len, document, &problem)) {
    case JSON_NO_MEMORY: return error_out_of_memory(error);
    case JSON_MALFORMED: break;
    case JSON_PARSED:
        if (cJSON_IsObject(*document) && !json_has_duplicate_key(*document, NULL))
            return ERROR_NONE;
        json_free(*document);
        *document = NULL;
        problem = "it is no JSON object in which no member stands twice";
    }
    return error_set(error, ERROR_PROVIDER, "%s: the response cannot be read: %s", buffer_text(&published->url),
                     problem);
}

enum error_code published_take(struct published *published, cJSON **document, struct error *error) {
    struct http_response response = {.status = 0};
    *document = NULL;
    if (published->url.failed)
        return error_out_of_memory(error);
    enum error_code code = http_client_call(published->client, &published->request, &response, error);
    if (code == ERROR_NONE)
        code = read_document(published, &response, document, error);
    http_response_free(&response);
    if (code == ERROR_NONE)
        return code;
    const struct error cause = *error;
    return code == ERROR_INTERNAL ? code : error_set(error, code, "the %s, %s", published->what, cause.cause);
}

bool published_is_there(const struct published *published) {
    return published->client == NULL || http_client_ends(published->client, deadline_in(0));
}

void published_close(struct published *published) {
    if (published->client != NULL)
        http_client_abandon(published->client);
    buffer_free(&published->url);
    published->client = NULL;
}

/* SPDX-License-Identifier: MIT */
#include "config/own_host.h"

#include "base/text.h"
#include "base/url.h"

#include <string.h>
#include <strings.h>

enum { HOST_SHOWN_MAX = 100 };

/* How many bytes of "host:port", or of a list of such, are the first host. */
static size_t host_length(const char *text) {
    return *text == '[' ? strcspn(text, "]") + 1 : strcspn(text, ":, \t");
}

static bool names(const char *text, const struct url *own) {
    return text != NULL && host_length(text) == own->host_len && strncasecmp(text, own->host, own->host_len) == 0;
}

bool own_host_is_asked(const struct config *config, const struct request *request) {
    struct url own;
    if (request->host == NULL || *request->host == '\0' || !url_parse(config->base_url, &own))
        return true;
    return names(request->host, &own) || names(request->forwarded_host, &own);
}

void own_host_note(const struct config *config, const struct request *request, struct response *response) {
    struct buffer host = BUFFER_EMPTY;
    if (own_host_is_asked(config, request))
        return;
    text_append_printable(&host, request->host, HOST_SHOWN_MAX);
    response_note(
        response,
        "the browser came to %s, and base_url is %s: it sends the cookie of a login only to the name that set "
        "it",
        buffer_text(&host), config->base_url);
    buffer_free(&host);
}

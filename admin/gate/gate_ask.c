/* SPDX-License-Identifier: MIT */
#include "admin/gate/gate_ask.h"

#include "base/site_path.h"
#include "base/text.h"

#include <string.h>

enum { ASK_TIMEOUT_MS = 8000, ASK_RESPONSE_MAX = 1 << 16 };

static enum gate_reply judge(const struct http_response *response) {
    const bool refuses = response->status == 401 || response->status == 403 || response->status == 404;
    if (response->status >= 200 && response->status < 300)
        return GATE_REPLY_SERVED;
    return refuses && text_starts_with(response->content_type, "application/problem+json") ? GATE_REPLY_REFUSED
                                                                                           : GATE_REPLY_OTHER;
}

struct gate_asked gate_ask(struct http_client *client, const struct config *config, const char *path) {
    struct gate_asked asked = {.reply = GATE_REPLY_UNREACHABLE};
    struct http_response response = {.status = 0};
    struct buffer url = BUFFER_EMPTY;
    struct error error;
    buffer_append_text(&url, config->base_url);
    site_path_append_encoded(&url, path);
    const struct http_request call = {.url = buffer_text(&url),
                                      .accept = "Accept: application/json",
                                      .response_max = ASK_RESPONSE_MAX,
                                      .timeout_ms = ASK_TIMEOUT_MS};
    const enum error_code code =
        url.failed ? error_out_of_memory(&error) : http_client_call(client, &call, &response, &error);
    asked.status = response.status;
    if (code == ERROR_NONE) {
        asked.reply = judge(&response);
        snprintf(asked.text, sizeof asked.text, "%s", buffer_text(&response.body));
    } else if (code == ERROR_PROVIDER) {
        asked.reply = GATE_REPLY_SERVED; /* more than is read of a success */
    } else {
        snprintf(asked.text, sizeof asked.text, "%s", error.cause);
    }
    http_response_free(&response);
    buffer_free(&url);
    return asked;
}

/* SPDX-License-Identifier: MIT */
#include "admin/own_site/site_ask.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

enum { ASK_TIMEOUT_MS = 8000, ASK_RESPONSE_MAX = 1 << 16 };

static void read_problem(struct site_answer *answer) {
    const struct buffer *body = &answer->response.body;
    cJSON *problem = NULL;
    if (text_starts_with(answer->response.content_type, "application/problem+json") &&
        json_parse(buffer_text(body), body->len, &problem, NULL) == JSON_PARSED)
        text_copy(answer->problem, sizeof answer->problem, json_string(problem, "code"));
    json_free(problem);
}

void site_ask(struct http_client *client, const struct config *config, enum site_method method, const char *path,
              const char *header, struct site_answer *answer) {
    const char *const headers[] = {header, NULL};
    struct buffer url = BUFFER_EMPTY;
    *answer = (struct site_answer){.is_large = false};
    buffer_append_format(&url, "%s%s", config->base_url, path);
    const struct http_request call = {.url = buffer_text(&url),
                                      .head = method == SITE_HEAD,
                                      .headers = headers,
                                      .accept = method == SITE_GET_PAGE ? "Accept: text/html,*/*;q=0.8" : NULL,
                                      .response_max = ASK_RESPONSE_MAX,
                                      .timeout_ms = ASK_TIMEOUT_MS};
    const enum error_code code = url.failed ? error_out_of_memory(&answer->error)
                                            : http_client_call(client, &call, &answer->response, &answer->error);
    answer->is_whole = code == ERROR_NONE;
    answer->is_large = code == ERROR_PROVIDER && answer->response.body.too_large;
    if (code == ERROR_NONE)
        read_problem(answer);
    buffer_free(&url);
}

bool site_answer_is_there(const struct site_answer *answer) {
    return answer->response.status != 0;
}

bool site_answer_is_failure(const struct site_answer *answer) {
    return text_starts_with(answer->response.content_type, "application/problem+json");
}

void site_answer_free(struct site_answer *answer) {
    http_response_free(&answer->response);
}

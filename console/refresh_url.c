/* SPDX-License-Identifier: MIT */
#include "console/refresh_url.h"

#include "admin/refresh_report.h"
#include "base/json.h"
#include "console/code_tries.h"
#include "console/console.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void answer(struct context *context, int status, const char *line) {
    struct response *response = context->response;
    response->status = status;
    response_header(response, "Cache-Control", "no-store");
    response_header(response, "X-Content-Type-Options", "nosniff");
    response_header(response, "Content-Type", "text/plain; charset=utf-8");
    buffer_append_format(&response->body, "%s\n", line);
}

static void answer_wait(struct context *context, int64_t seconds) {
    char text[32];
    snprintf(text, sizeof text, "%ld", (long)seconds);
    answer(context, 429, "refresh: not yet; try again later");
    response_header(context->response, "Retry-After", text);
}

static enum error_code read_key(struct context *context, const char **key, struct error *error) {
    const bool posted = context->request->method == METHOD_POST;
    *key = request_variable(context->request, "HTTP_X_REFRESH_KEY");
    if (*key != NULL)
        return ERROR_NONE;
    return query_read(posted ? &context->form : &context->request->query, "key", key, error);
}

static enum error_code refuse(struct context *context, enum code_answer judged, int64_t wrong) {
    if (judged == CODE_PAUSED) {
        answer_wait(context, WRONG_CODE_PAUSE_MAX);
    } else {
        response_note(context->response, "refresh_key: a wrong key was given, %ld in a row by now", (long)wrong);
        answer(context, 403, "refresh: this is not the key");
    }
    return ERROR_NONE;
}

static void complain(void *context, const char *whose, const char *cause) {
    (void)whose;
    refresh_causes_add(context, cause);
}

static void finish(struct context *context, const struct refresh_outcome *outcome,
                   const struct refresh_causes *causes) {
    struct console console = {.context = context};
    struct buffer text = BUFFER_EMPTY;
    buffer_append_text(&text, "refresh: ");
    refresh_tally_append(&text, &outcome->tally);
    buffer_append_text(&text, outcome->complete ? "" : "; the rest next time");
    for (size_t i = 0; i < causes->count; i++)
        response_note(context->response, "refresh: %lu times: %s", causes->kinds[i].count, causes->kinds[i].text);
    if (!refresh_report_write(context->config, outcome, causes))
        response_note(context->response, "%s/" REFRESH_REPORT_NAME " cannot be written: %s", context->config->state,
                      strerror(errno));
    console_log(&console, "by the refresh_key, %s", buffer_text(&text));
    answer(context, 200, buffer_text(&text));
    context->response->body.failed = context->response->body.failed || text.failed;
    buffer_free(&text);
}

static enum error_code run(struct context *context, struct error *error) {
    struct refresh_causes causes = {.count = 0};
    struct refresh_outcome outcome;
    struct store *store = NULL;
    cJSON *report = refresh_report_read(context->config);
    const struct refresh_options options = {.within = (int64_t)REFRESH_WITHIN_DAYS * SECONDS_PER_DAY,
                                            .bounded = true,
                                            .deadline = deadline_in(REFRESH_URL_MS),
                                            .from = refresh_report_place(report),
                                            .complain = complain,
                                            .context = &causes};
    enum error_code code = context_store(context, &store, error);
    if (code == ERROR_NONE && refresh_run(context->config, store, &options, &outcome))
        finish(context, &outcome, &causes);
    else if (code == ERROR_NONE)
        code = error_set(error, ERROR_INTERNAL, "refresh could not begin: %s", causes.kinds[0].text);
    json_free(report);
    return code;
}

enum error_code refresh_url_run(struct context *context, struct error *error) {
    const struct code code = {.folder = context->config->state,
                              .name = "refresh",
                              .expected = context->config->refresh_key,
                              .now = context->request->now};
    const char *key = NULL;
    enum code_answer judged;
    int64_t wrong, wait;
    if (code.expected == NULL)
        return error_set(error, ERROR_NOT_FOUND, "the config has no refresh_key");
    if (context->request->method == METHOD_HEAD) {
        context->methods = METHOD_GET | METHOD_POST;
        return error_set(error, ERROR_METHOD_NOT_ALLOWED, "to refresh is more than to look");
    }
    enum error_code result = read_key(context, &key, error);
    if (result == ERROR_NONE)
        result = code_tries_judge(&code, key, &judged, &wrong, error);
    if (result != ERROR_NONE)
        return result;
    if (judged != CODE_RIGHT)
        return refuse(context, judged, wrong);
    result = code_tries_use(&code, REFRESH_URL_PAUSE_SECONDS, &wait, error);
    if (result != ERROR_NONE)
        return result;
    if (wait == 0)
        return run(context, error);
    answer_wait(context, wait);
    return ERROR_NONE;
}

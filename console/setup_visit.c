/* SPDX-License-Identifier: MIT */
#include "console/setup_visit.h"

#include "base/json.h"
#include "console/code_tries.h"
#include "seal/seal.h"

#include <stdio.h>
#include <string.h>

#define SETUP_COOKIE "__Host-cgi_login_setup"

enum { VISIT_ID_BYTES = 16 };

static struct code code_of(const struct context *context) {
    return (struct code){.folder = context->config->state,
                         .name = "setup",
                         .expected = context->config->setup_code,
                         .now = context->request->now};
}

bool setup_visit_is_open(struct context *context) {
    const struct code code = code_of(context);
    struct error error;
    int64_t used;
    if (code.expected == NULL)
        return false;
    if (code_tries_last_use(&code, &used, &error) == ERROR_NONE)
        return used == 0;
    response_note(context->response, "setup_code: %s", error.cause);
    return false;
}

/* The cookie is of this code, so that it ends with it. */
static enum error_code set_cookie(struct context *context, struct error *error) {
    const int64_t expires = context->request->now + SETUP_VISIT_SECONDS;
    unsigned char random[VISIT_ID_BYTES];
    char id[2 * VISIT_ID_BYTES + 1];
    struct buffer sealed = BUFFER_EMPTY;
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(id, sizeof id, random, sizeof random);
    const enum seal_result result = seal_close(&context->config->keys, KEY_FOR_SETUP_VISIT, context->config->setup_code,
                                               expires, id, strlen(id), &sealed);
    if (result == SEAL_DONE)
        response_cookie(context->response, SETUP_COOKIE, buffer_text(&sealed), SETUP_VISIT_SECONDS);
    buffer_free(&sealed);
    return result == SEAL_DONE ? ERROR_NONE : error_out_of_memory(error);
}

static enum error_code show_refusal(struct console *console, enum code_answer answer, int64_t wrong,
                                    struct error *error) {
    struct view view = view_new();
    view_bool(&view, answer == CODE_WRONG ? "wrong" : "paused", true);
    response_note(console->context->response,
                  answer == CODE_WRONG ? "setup_code: a wrong code was given, %ld in a row by now"
                                       : "setup_code: a wrong code was given during a pause, after %ld in a row",
                  (long)wrong);
    const enum error_code code =
        console_show(console, "console_welcome", answer == CODE_WRONG ? 403 : 429, &view, error);
    view_free(&view);
    return code;
}

enum error_code setup_visit_begin(struct console *console, struct error *error) {
    struct context *context = console->context;
    const struct code code = code_of(context);
    enum code_answer answer = CODE_PAUSED;
    const char *given;
    int64_t wrong = 0;
    if (!console->setup_is_open)
        return error_set(error, ERROR_NOT_FOUND, "setup_code: there is none, or it has been used up");
    enum error_code result = query_read(&context->form, "code", &given, error);
    if (result == ERROR_NONE)
        result = code_tries_judge(&code, given, &answer, &wrong, error);
    if (result != ERROR_NONE || answer != CODE_RIGHT)
        return result != ERROR_NONE ? result : show_refusal(console, answer, wrong, error);
    struct view body = view_new();
    view_bool(&body, "visitor", true);
    console_see_other(console, &(struct console_place){.page = ""}, &body);
    view_free(&body);
    console_log(console, "the setup_code opened the check");
    return set_cookie(context, error);
}

enum error_code setup_visit_read(struct context *context, char id[SESSION_ID_SIZE], struct error *error) {
    struct secret *plain = NULL;
    size_t len = 0;
    const char *sealed = request_cookie(context->request, SETUP_COOKIE, &len);
    *id = '\0';
    if (sealed == NULL)
        return ERROR_NONE;
    switch (seal_open(&context->config->keys, KEY_FOR_SETUP_VISIT, context->config->setup_code, context->request->now,
                      sealed, len, &plain)) {
    case SEAL_DONE: snprintf(id, SESSION_ID_SIZE, "%s", secret_text(plain)); break;
    case SEAL_REFUSED: break;
    case SEAL_NO_MEMORY: return error_out_of_memory(error);
    }
    secret_free(plain);
    return ERROR_NONE;
}

void setup_visit_end(struct context *context) {
    const struct code code = code_of(context);
    struct error error;
    int64_t wait;
    if (code_tries_use(&code, 0, &wait, &error) != ERROR_NONE)
        response_note(context->response, "setup_code: %s", error.cause);
}

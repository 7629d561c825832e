/* SPDX-License-Identifier: MIT */
#include "program/program.h"

#include "base/file.h"
#include "base/process.h"
#include "language/words.h"
#include "program/error_log.h"
#include "program/mongodb_loader/mongodb_loader.h"
#include "program/page.h"
#include "program/process_exit.h"
#include "program/program_name.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char RETRY_AFTER_SECONDS[] = "30";

/* What lasts from one request to the next. */
struct process {
    const struct program *program;
    bool lasts;               /* for more than one request */
    struct config *config;    /* or NULL */
    struct stat config_state; /* of its file when it was read */
    struct process_cache cache;
};

static void forget_config(struct process *process) {
    process_cache_clear(&process->cache);
    config_free(process->config);
    process->config = NULL;
}

static enum error_code load_config(struct process *process, const struct request *request, struct problems *problems,
                                   struct error *error) {
    char path[PATH_MAX];
    /* A FastCGI process has variables of its own beside those of the request. */
    const enum error_code code = config_locate(request->config_path, CONFIG_FOR_REQUEST, path, error);
    if (code == ERROR_NONE && process->config != NULL && !process->config->is_faulty &&
        file_is_unchanged(path, &process->config_state))
        return ERROR_NONE;
    forget_config(process);
    if (code != ERROR_NONE)
        return code;
    /* The file is looked at before it is read, so that a change in between is seen at the next request. */
    if (process->lasts)
        process->config_state = file_look(path);
    return config_load(path, request->document_root, process->program->reader, &process->config, problems, error);
}

static enum error_code check_method(const struct program *program, enum method method, struct error *error) {
    return (method & program->methods) != 0
               ? ERROR_NONE
               : error_set(error, ERROR_METHOD_NOT_ALLOWED, "%s does not take this method", program->name);
}

/* From the request to a whole response, or to the failure that has to be answered. The config comes first, since every
 * response needs it; then what is wrong with the request; then the program. */
static enum error_code respond(struct process *process, struct request *request, struct context *context,
                               struct error *error) {
    const struct program *program = process->program;
    enum error_code code = load_config(process, request, &context->problems, error);
    context->config = process->config;
    if (context->config != NULL && context->config->is_faulty)
        code = ERROR_NONE; /* the handler answers for it */
    if (code == ERROR_NONE)
        code = check_method(program, request->method, error);
    if (code == ERROR_NONE)
        code =
            (program->wants & CONTEXT_PATH) != 0 ? request_read_cookies(request, error) : request_read(request, error);
    if (code == ERROR_NONE)
        code = context_prepare(context, program->wants, error);
    if (code == ERROR_NONE)
        code = program->handle(context, error);
    if (code == ERROR_NONE && !response_is_whole(context->response))
        code = error_out_of_memory(error);
    return code;
}

/* A failure that visitors cause every day is not worth a line. */
static bool is_worth_a_line(enum error_code code) {
    return code != ERROR_NOT_SIGNED_IN && code != ERROR_METHOD_NOT_ALLOWED;
}

void program_note_failure(struct context *context, enum error_code code, const struct error *error) {
    const struct error_description *description = error_describe(code);
    const char *hint = description->hint;
    if (!is_worth_a_line(code))
        return;
    response_note(context->response, "%s: %s%s%s%s", description->word, error->cause, hint != NULL ? " (" : "",
                  hint != NULL ? hint : "", hint != NULL ? ")" : "");
    for (size_t i = 1; i < context->problems.count; i++)
        response_note(context->response, "%s: %s", description->word, context->problems.lines[i]);
}

static void add_allowed_methods(const struct program *program, const struct context *context) {
    struct buffer methods = BUFFER_EMPTY;
    request_append_methods(&methods, context->methods != 0 ? context->methods : program->methods);
    response_header_buffer(context->response, "Allow", &methods);
    buffer_free(&methods);
}

static void add_failure_headers(const struct program *program, enum error_code code, const struct context *context) {
    struct response *response = context->response;
    if (code == ERROR_METHOD_NOT_ALLOWED)
        add_allowed_methods(program, context);
    if (response->status == 503)
        response_header(response, "Retry-After", RETRY_AFTER_SECONDS);
}

/* A fault of the setup gets the error page even from a program that answers its failures itself: a redirect to another
 * broken page would tell nothing. */
static bool is_outcome(enum error_code code) {
    return error_describe(code)->status != 500 && code != ERROR_METHOD_NOT_ALLOWED;
}

static void answer_failure(const struct program *program, struct context *context, enum error_code code,
                           const struct error *error) {
    struct response *response = context->response;
    if (code == ERROR_STORE_UNAVAILABLE)
        process_cache_drop_store(context->cache);
    /* A fault of ours changes nothing for the browser: the response forgets what the program had put there, such as a
     * cookie. */
    if (!is_outcome(code) || (response->status != 0 && !response_is_whole(response)))
        response_reset(response);
    program_note_failure(context, code, error);
    if (code == ERROR_CONFIG && context->config != NULL && context->config->is_faulty)
        context->config = NULL; /* it is answered as from any other program */
    if (context->config != NULL && program->fail != NULL && is_outcome(code))
        program->fail(context, code);
    else
        page_error(context, code);
    add_failure_headers(program, code, context);
}

/* What is sent when there is no memory for a response. */
static const char LAST_RESORT[] = "Status: 500 Internal Server Error\r\n"
                                  "Cache-Control: no-store\r\n"
                                  "Content-Type: text/plain; charset=utf-8\r\n"
                                  "Content-Length: 58\r\n"
                                  "\r\n"
                                  "This site could not finish the request. Please try again.\n";

/* Makes the text of the response. If memory runs out, LAST_RESORT is sent instead. */
static void make_response(struct response *response, bool head, struct buffer *out) {
    if (response_is_whole(response))
        response_append(response, head, out);
    if (out->len != 0 && !out->failed)
        return;
    response_note(response, "%s: out of memory", error_describe(ERROR_INTERNAL)->word);
    out->failed = true;
}

/* Serves one request. False if the server has gone. */
static bool serve(struct process *process, const struct gateway *gateway) {
    struct request request;
    struct response response = {.status = 0};
    struct context context = {.request = &request,
                              .response = &response,
                              .cache = &process->cache,
                              .gateway = gateway,
                              .open_store = process->program->store};
    struct error error;
    request_begin(&request, gateway->environment);
    const enum error_code code = respond(process, &request, &context, &error);
    if (code != ERROR_NONE)
        answer_failure(process->program, &context, code, &error);
    if (context.words != NULL && *words_fault(context.words) != '\0')
        response_note(&response, "%s: %s", error_describe(ERROR_CONFIG)->word, words_fault(context.words));
    struct buffer out = BUFFER_EMPTY;
    make_response(&response, request.method == METHOD_HEAD, &out);
    if (response.notes.len != 0)
        error_log_write(&context, process->program->name);
    /* Reading a form takes as many bytes as were announced, which is none for a body in chunks. */
    gateway->discard(gateway, request.unread - (context.has_form ? request.body_len : 0));
    const bool written = out.failed ? gateway->write(gateway, LAST_RESORT, strlen(LAST_RESORT))
                                    : gateway->write(gateway, buffer_text(&out), out.len);
    buffer_free(&out);
    response_free(&response);
    context_clear(&context);
    request_free(&request);
    return written;
}

static void serve_fastcgi(void *context, const struct gateway *gateway) {
    serve(context, gateway);
}

int program_run(const struct program *program, char *const *environment) {
    struct process process = {.program = program};
    int status;
    program_name_set(program->name);
    process_harden();
    if (sodium_init() < 0) {
        fputs("cgi-login: the system gives no random numbers\n", stderr);
        return EXIT_FAILURE;
    }
    const bool fastcgi = gateway_is_fastcgi();
    process.lasts = fastcgi;
    if (fastcgi) {
        if (mongodb_loader_serve_fastcgi != NULL)
            mongodb_loader_serve_fastcgi();
        status = gateway_serve_fastcgi(serve_fastcgi, &process);
    } else {
        const struct gateway gateway = gateway_cgi(environment);
        status = serve(&process, &gateway) ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    /* The connections end with the program. Closing them properly would keep the visitor waiting for another round trip
     * to the database. */
    if (fastcgi || exit_is_leak_checked())
        process_cache_clear(&process.cache);
    config_free(process.config);
    if (fastcgi)
        return status;
    process_exit(status);
}

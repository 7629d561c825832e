/* SPDX-License-Identifier: MIT */
#include "program.h"

#include "page.h"
#include "text.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char RETRY_AFTER_SECONDS[] = "30";

/* No secret in a core file, no file for others, and a browser that goes away is no reason to die half-way. */
static void make_safe(void) {
#ifndef __SANITIZE_ADDRESS__ /* its leak check must be able to trace the process */
    prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
#endif
    umask(077);
    signal(SIGPIPE, SIG_IGN);
}

/* Writes each line of the notes to the error log, with the program's name before it. */
static void write_log(const char *name, const struct buffer *notes) {
    for (const char *line = buffer_text(notes); *line != '\0';) {
        const size_t len = strcspn(line, "\n");
        fprintf(stderr, "cgi-login %s: %.*s\n", name, (int)len, line);
        line += len + (line[len] == '\n');
    }
}

static enum error_code load_config(const struct request *request, struct config **config, struct problems *problems,
                                   struct error *error) {
    char *folder = request->config_path == NULL ? config_program_folder() : NULL;
    char *path = config_find(request->config_path, folder, CONFIG_FOR_REQUEST, error);
    if (path != NULL)
        config_load(path, request->document_root, CONFIG_FOR_REQUEST, config, problems, error);
    free(path);
    free(folder);
    return *config != NULL ? ERROR_NONE : error->code;
}

/* What a visitor does every day is not worth a line. */
static bool is_worth_a_line(enum error_code code) {
    return code != ERROR_NOT_SIGNED_IN && code != ERROR_METHOD_NOT_ALLOWED;
}

static void note_failure(const struct error *error, struct response *response) {
    const struct error_description *description = error_describe(error->code);
    if (is_worth_a_line(error->code))
        response_note(response, "%s: %s%s%s%s", description->word, error->cause, description->hint != NULL ? " (" : "",
                      description->hint != NULL ? description->hint : "", description->hint != NULL ? ")" : "");
}

static void add_failure_headers(const struct program *program, enum error_code code, struct response *response) {
    if (code == ERROR_METHOD_NOT_ALLOWED)
        response_header(response, "Allow", program->allow);
    if (response->status == 503)
        response_header(response, "Retry-After", RETRY_AFTER_SECONDS);
    if (response->status == 401)
        response_header(response, "WWW-Authenticate", "Cookie realm=\"cgi-login\"");
}

static void answer_failure(const struct program *program, const struct config *config, const struct request *request,
                           const struct error *error, struct response *response) {
    note_failure(error, response);
    /* A fault of the setup gets its own page: a redirect to another broken page would say nothing. */
    const bool ours = error_describe(error->code)->status == 500;
    if (config != NULL && program->fail != NULL && !ours && error->code != ERROR_METHOD_NOT_ALLOWED)
        program->fail(config, request, error->code, response);
    else
        page_error(config, request, error->code, response);
    add_failure_headers(program, error->code, response);
}

static void serve(const struct program *program, const struct request *request, enum error_code fault,
                  struct error *error, struct response *response) {
    struct problems problems = {.count = 0};
    struct config *config = NULL;
    enum error_code code = load_config(request, &config, &problems, error);
    if (code == ERROR_NONE && (request->method & program->methods) == 0)
        code = error_set(error, ERROR_METHOD_NOT_ALLOWED, "the method is not one of %s", program->allow);
    else if (code == ERROR_NONE)
        code = fault;
    if (code == ERROR_NONE)
        code = program->handle(config, request, response, error);
    if (code == ERROR_NONE && !response_is_whole(response))
        code = error_out_of_memory(error);
    if (code != ERROR_NONE) {
        if (!response_is_whole(response) && response->status != 0)
            response_reset(response);
        answer_failure(program, config, request, error, response);
    }
    for (size_t i = 1; i < problems.count; i++)
        response_note(response, "configuration_error: %s", problems_line(&problems, i));
    config_free(config);
    problems_clear(&problems);
}

int program_run(const struct program *program, char *const *environment) {
    struct request request;
    struct response response = {.status = 0};
    struct error error = {.code = ERROR_NONE}, fault = {.code = ERROR_NONE};
    make_safe();
    if (sodium_init() < 0) {
        fputs("cgi-login: the system gives no random numbers\n", stderr);
        return EXIT_FAILURE;
    }
    enum error_code fault_code = request_read(&request, environment, &fault);
    if (fault_code == ERROR_NONE && program->takes_form && request.method == METHOD_POST)
        fault_code = request_read_form(&request, STDIN_FILENO, &fault);
    if (fault_code != ERROR_NONE)
        error = fault;
    serve(program, &request, fault_code, &error, &response);
    write_log(program->name, &response.notes);
    const bool written = response_write(&response, STDOUT_FILENO, request.method == METHOD_HEAD);
    response_free(&response);
    request_free(&request);
    return written ? EXIT_SUCCESS : EXIT_FAILURE;
}

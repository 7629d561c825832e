/* SPDX-License-Identifier: MIT */
#include "program/error_log.h"

#include "base/date.h"
#include "base/log_file.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Finds the file. False if there is no place for one. */
static bool find_file(const struct context *context, char path[PATH_MAX]) {
    if (context->config == NULL || context->config->is_faulty)
        return config_find_log(context->request->config_path, context->request->document_root, path);
    return text_copy(path, PATH_MAX, context->config->log);
}

static void append_line(const char *path, const char *program, const struct request *request, const char *text,
                        size_t len) {
    char now[DATE_TIME_SIZE];
    struct buffer line = BUFFER_EMPTY;
    date_write_time((int64_t)time(NULL), now);
    buffer_append_format(&line, "%s %s[%ld] ", now, program, (long)getpid());
    request_append_summary(&line, request);
    buffer_append_text(&line, ": ");
    buffer_append(&line, text, len);
    if (!line.failed)
        log_file_append(path, buffer_text(&line), line.len);
    buffer_free(&line);
}

static void send_to_server(const struct gateway *gateway, const char *program, const char *text, size_t len) {
    struct buffer line = BUFFER_EMPTY;
    buffer_append_format(&line, "cgi-login %s: ", program);
    buffer_append(&line, text, len);
    gateway->log(gateway, buffer_text(&line), line.len);
    buffer_free(&line);
}

void error_log_write(const struct context *context, const char *program) {
    char path[PATH_MAX];
    const bool has_file = find_file(context, path);
    const char *end;
    for (const char *text = buffer_text(&context->response->notes); (end = strchr(text, '\n')) != NULL;
         text = end + 1) {
        const size_t len = (size_t)(end - text) + 1;
        send_to_server(context->gateway, program, text, len);
        if (has_file)
            append_line(path, program, context->request, text, len);
    }
}

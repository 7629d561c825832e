/* SPDX-License-Identifier: MIT */
#include "base/problems.h"

#include "base/file_fault.h"
#include "base/json_fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void problems_add(struct problems *problems, const char *format, ...) {
    char line[LOG_LINE_MAX];
    if (problems->count == CONFIG_PROBLEMS_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    char *copy = strdup(line);
    if (copy != NULL)
        problems->lines[problems->count++] = copy;
    else
        problems->out_of_memory = true;
}

void problems_add_unreadable(struct problems *problems, const char *path, int cause) {
    char fault[FILE_FAULT_MAX];
    if (cause == ENOMEM)
        problems->out_of_memory = true;
    else
        problems_add(problems, "%s cannot be read: %s", path, file_fault(path, cause, fault));
}

void problems_add_malformed(struct problems *problems, const char *path, const char *why, const struct buffer *text) {
    struct buffer fault = BUFFER_EMPTY;
    if (json_fault_append(&fault, text))
        problems_add(problems, "%s is no JSON: %s", path, buffer_text(&fault));
    else
        problems_add(problems, "%s: %s", path, why);
    problems->out_of_memory = problems->out_of_memory || fault.failed;
    buffer_free(&fault);
}

bool problems_none(const struct problems *problems, size_t first) {
    return problems->count == first && !problems->out_of_memory;
}

enum error_code problems_result(const struct problems *problems, size_t first, struct error *error) {
    if (problems->out_of_memory)
        return error_out_of_memory(error);
    return problems->count > first ? error_set(error, ERROR_CONFIG, "%s", problems->lines[first]) : ERROR_NONE;
}

void problems_clear(struct problems *problems) {
    for (size_t i = 0; i < problems->count; i++)
        free(problems->lines[i]);
    problems->count = 0;
    problems->out_of_memory = false;
}

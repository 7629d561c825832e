/* SPDX-License-Identifier: MIT */
#include "base/problems.h"

#include "base/buffer.h"

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
    problems->lines[problems->count++] = strdup(line);
}

const char *problems_line(const struct problems *problems, size_t index) {
    const char *line = problems->lines[index];
    return line != NULL ? line : "(out of memory)";
}

void problems_clear(struct problems *problems) {
    for (size_t i = 0; i < problems->count; i++)
        free(problems->lines[i]);
    problems->count = 0;
}

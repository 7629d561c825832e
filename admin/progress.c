/* SPDX-License-Identifier: MIT */
#include "admin/progress.h"

#include "admin/command.h"

#include <stdarg.h>
#include <unistd.h>

static bool shown; /* a line is there that progress_end has to end */

void progress_show(const char *format, ...) {
    char line[LOG_LINE_MAX];
    va_list arguments;
    if (!isatty(STDERR_FILENO))
        return;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    fputc('\r', stderr);
    command_print_text(stderr, line);
    fputs("\033[K", stderr); /* blanks cover the rest of a longer line */
    shown = true;
}

void progress_end(void) {
    if (shown)
        fputc('\n', stderr);
    shown = false;
}

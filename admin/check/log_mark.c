/* SPDX-License-Identifier: MIT */
#include "admin/check/log_mark.h"

#include "base/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NEW_MAX = 16384 };

void log_mark_set(struct log_mark *mark, const char *path) {
    struct stat status;
    if (!text_copy(mark->path, sizeof mark->path, path))
        mark->path[0] = '\0';
    mark->size = stat(mark->path, &status) == 0 ? status.st_size : 0;
}

/* Reads what is new into `text`, as a string; a log that was renamed meanwhile begins anew. */
static bool read_new(const struct log_mark *mark, char text[NEW_MAX + 1]) {
    struct stat status;
    ssize_t len = 0;
    const int file = mark->path[0] != '\0' ? open(mark->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
    if (file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode))
        len = pread(file, text, NEW_MAX, status.st_size >= mark->size ? mark->size : 0);
    if (file >= 0)
        close(file);
    text[len > 0 ? len : 0] = '\0';
    return len > 0;
}

/* Returns what stands in the line behind "TIME program[ID] METHOD PATH: "; NULL if another program wrote it. */
static const char *said_by(const char *program, const char *line, size_t len) {
    char name[64];
    snprintf(name, sizeof name, " %s[", program);
    const char *by = memmem(line, len, name, strlen(name));
    const char *end = by != NULL ? memmem(by, len - (size_t)(by - line), ": ", 2) : NULL;
    return end != NULL ? end + 2 : NULL;
}

bool log_mark_read(const struct log_mark *mark, const char *program, char said[LOG_LINE_MAX]) {
    char text[NEW_MAX + 1];
    if (!read_new(mark, text))
        return false;
    for (const char *line = text; *line != '\0';) {
        const size_t len = strcspn(line, "\n");
        const char *words = said_by(program, line, len);
        if (words != NULL) {
            snprintf(said, LOG_LINE_MAX, "%.*s", (int)(len - (size_t)(words - line)), words);
            return true;
        }
        line += len + (line[len] == '\n' ? 1 : 0);
    }
    return false;
}

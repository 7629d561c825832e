/* What a program of the web side writes into its log while somebody looks.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_LOG_MARK_H
#define CGI_LOGIN_LOG_MARK_H

#include "base/bounds.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

struct log_mark {
    char path[PATH_MAX];
    off_t size; /* what was there before */
};

/* Remembers how long the log is. */
void log_mark_set(struct log_mark *mark, const char *path);

/* Writes what the program has said since, of its first line: what follows the request. False if there is none. */
bool log_mark_read(const struct log_mark *mark, const char *program, char said[LOG_LINE_MAX]);

#endif

/* The list of what is wrong with a configuration: every problem names its key, what is wrong, and what to do.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROBLEMS_H
#define CGI_LOGIN_PROBLEMS_H

#include "base/bounds.h"

#include <stddef.h>

struct problems {
    char *lines[CONFIG_PROBLEMS_MAX]; /* a line that memory was lacking for is NULL */
    size_t count;
};

/* Adds a line (printf's format); beyond CONFIG_PROBLEMS_MAX they are dropped. The list must not hold a secret. */
void problems_add(struct problems *problems, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Line `index`, never NULL. */
const char *problems_line(const struct problems *problems, size_t index);

void problems_clear(struct problems *problems);

#endif

/* The list of what is wrong with a configuration: every problem names its key, what is wrong, and what to do.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROBLEMS_H
#define CGI_LOGIN_PROBLEMS_H

#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct problems {
    char *lines[CONFIG_PROBLEMS_MAX];
    size_t count;
    bool out_of_memory; /* memory ran out for a line, or for what it is about: the list is not complete */
};

/* Adds a line (printf's format); beyond CONFIG_PROBLEMS_MAX they are dropped. The list must not hold a secret. */
void problems_add(struct problems *problems, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds the reason why a file could not be read. `cause` is an errno; ENOMEM is no problem of the file. */
void problems_add_unreadable(struct problems *problems, const char *path, int cause);

/* Adds that the file, which holds `text`, is no JSON: `why` is json_parse's. */
void problems_add_malformed(struct problems *problems, const char *path, const char *why, const struct buffer *text);

/* True if the check whose lines start at `first` was complete and has found nothing. */
bool problems_none(const struct problems *problems, size_t first);

/* Returns the result of the check whose lines start at `first`: ERROR_NONE if there are none, ERROR_CONFIG with the
 * first line as its cause, or ERROR_INTERNAL if memory ran out. */
enum error_code problems_result(const struct problems *problems, size_t first, struct error *error);

void problems_clear(struct problems *problems);

#endif

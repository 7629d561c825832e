/* A log file of our own: whole lines at its end, bounded in size, and never a reason to wait or to fail. Many processes
 * write to it at once.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_LOG_FILE_H
#define CGI_LOGIN_LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Appends one line, with the newline at its end, in one write(2). A file that is not there is made, for its owner only.
 * A full one (LOG_FILE_MAX) is renamed to PATH.1, which replaces an older one, and a new one is begun. False if it
 * could not be written: no such folder, a full disk, or something at `path` that is not a log file of this user's. Each
 * line must start with a time such as 2026-01-31T12:00:00Z, by which the file is known as a log. */
bool log_file_append(const char *path, const char *line, size_t len);

/* Tells, without changing anything, whether log_file_append could write now: NULL, or in a few words why not (until
 * the next call). */
const char *log_file_problem(const char *path);

#endif

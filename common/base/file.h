/* Reading the product's own small files.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_FILE_H
#define CGI_LOGIN_FILE_H

#include "base/buffer.h"

#include <stdbool.h>
#include <sys/stat.h>

/* Reads a regular file of at most `max` bytes into `out`, and its status into *status if status is not NULL. On
 * failure returns false with errno set: EFBIG when it is larger, EINVAL when it is no regular file. */
bool file_read(const char *path, size_t max, struct buffer *out, struct stat *status);

/* Cuts a path down to the folder that holds it: "/" at the top. A path without "/" stays as it is. */
void file_parent(char *path);

/* The status of what is at `path` now; a size of -1 if there is nothing. */
struct stat file_look(const char *path);

/* True if at `path` there still is what had this status, or still nothing. */
bool file_is_unchanged(const char *path, const struct stat *then);

#endif

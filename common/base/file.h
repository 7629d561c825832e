/* Reading the product's own small files, and writing to what is open.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_FILE_H
#define CGI_LOGIN_FILE_H

#include "base/buffer.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

/* Reads a regular file of at most `max` bytes into `out`, and its status into *status if status is not NULL. On
 * failure returns false with errno set: EFBIG when it is larger, EINVAL when it is no regular file, ENOMEM. */
bool file_read(const char *path, size_t max, struct buffer *out, struct stat *status);

/* The same; fails with ELOOP where the last part of the path is a symbolic link. */
bool file_read_no_link(const char *path, size_t max, struct buffer *out, struct stat *status);

/* Writes it all to an open file, a pipe or a socket. False, with errno set, if a part of it could not be written. */
bool file_write_all(int descriptor, const char *text, size_t len);

/* Writes the folder that a file is in, by its name alone: "/" at the top. False if the name has no folder in it, or a
 * longer one than PATH_MAX. */
bool file_parent(const char *path, char folder[PATH_MAX]);

/* The status of what is at `path` now; a size of -1 if there is nothing. */
struct stat file_look(const char *path);

/* True if at `path` there still is what had this status, or still nothing. */
bool file_is_unchanged(const char *path, const struct stat *then);

#endif

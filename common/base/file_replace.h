/* Writing the product's own small files.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_FILE_REPLACE_H
#define CGI_LOGIN_FILE_REPLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* Puts a file with this content, which only its owner can read (0600), in the place of the one at `path`: who reads it
 * meanwhile has either the old one or the new one, whole. On failure returns false with errno set, and leaves the old
 * one. */
bool file_replace(const char *path, const char *text, size_t len);

/* The same, with the owner and the mode of `like`, which the file has before it is in its place. */
bool file_replace_like(const char *path, const char *text, size_t len, const struct stat *like);

#endif

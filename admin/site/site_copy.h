/* Copies what the archive, or an install, has into the place where it belongs. What is there already stays.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SITE_COPY_H
#define CGI_LOGIN_SITE_COPY_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct site_copy {
    bool dry_run;
    const char *left_out;           /* what is not copied, by its path where it lies; NULL: nothing */
    bool (*stopped)(void);          /* looked at before each file; NULL: nothing stops it */
    size_t made, same, different;   /* files; in a dry run those that would be made */
    char first_different[PATH_MAX]; /* one that is there with another content, and stays */
};

/* Copies the file `from` to `to`, and makes the folders above it: with mode 755 where its owner may run it, else 644.
 * False, having complained, if it cannot; a file that cannot be written whole is not there. */
bool site_copy_file(struct site_copy *copy, const char *from, const char *to);

/* The same for all files in a folder, however deep. Links are passed over. */
bool site_copy_folder(struct site_copy *copy, const char *from, const char *to);

/* Writes a new file with this mode, whole or not at all. False with errno set; EEXIST: there is one. */
bool site_copy_text(const char *path, const char *text, size_t len, unsigned mode);

#endif

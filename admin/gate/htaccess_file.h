/* The .htaccess of a folder, changed by a command: kept outside of the web as it was, and put back where the change
 * does not do what it should.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTACCESS_FILE_H
#define CGI_LOGIN_HTACCESS_FILE_H

#include "admin/gate/htaccess_block.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

struct htaccess_file {
    char path[PATH_MAX];
    char backup[PATH_MAX]; /* "": none was made, since there was nothing to keep */
    struct stat folder;    /* that it lies in */
    bool existed;
    struct stat status; /* as it was; of the folder where there was none */
    struct buffer text; /* as it was */
};

/* Reads the file of a folder. False, having complained, if it is no file of its own (a link), cannot be read, or has a
 * torn block of these marks. *file is the caller's either way (htaccess_file_clear). */
bool htaccess_file_read(const char *folder, const struct htaccess_marks *marks, struct htaccess_file *file);

/* False, having complained, if somebody else has changed the file, or made one, or has put another folder, or a link to
 * one, in the place of its own, since it was read. */
bool htaccess_file_is_unchanged(const struct htaccess_file *file);

/* Keeps the file as it was in backup/ beside the config, in `home`, named after the folder's `path`. False, having
 * complained. */
bool htaccess_file_keep(struct htaccess_file *file, const char *home, const char *path);

/* Writes the new text; an empty one in the place of no file, or of what we have made, removes it. False, having
 * complained. */
bool htaccess_file_write(const struct htaccess_file *file, const struct buffer *text);

/* Puts it back as it was. False, having complained. */
bool htaccess_file_restore(const struct htaccess_file *file);

void htaccess_file_clear(struct htaccess_file *file);

#endif

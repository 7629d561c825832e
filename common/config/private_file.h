/* A file that holds a secret: who else may read it or write it, and where it may lie.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PRIVATE_FILE_H
#define CGI_LOGIN_PRIVATE_FILE_H

#include "base/problems.h"
#include "config/config_place.h"

#include <stdbool.h>
#include <sys/stat.h>

/* True if nobody else reads or writes it: its owner alone reads it, or where the web server runs programs as another
 * user (no suEXEC), that user by its group. Otherwise `fault` names the file, what is wrong and what to run; the
 * command line can read a file that only a group reads. */
bool private_file_is_private(const char *path, const struct stat *status, enum config_reader reader,
                             char fault[LOG_LINE_MAX]);

/* Adds a problem if the file, which the setting `key` names, is not there or not private. */
void private_file_check(const char *key, const char *path, enum config_reader reader, struct problems *problems);

/* Adds a problem if the file lies in the web root (NULL: not known), but not beside the config, in `home`, whose place
 * has been checked. */
void private_file_check_place(const char *home, const char *key, const char *path, const char *web_root,
                              struct problems *problems);

#endif

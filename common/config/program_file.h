/* A program's own file: the folder it really lies in, whose it is, and so whose word counts for it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROGRAM_FILE_H
#define CGI_LOGIN_PROGRAM_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

struct program_file {
    char folder[PATH_MAX]; /* without symbolic links */
    uid_t owner;           /* of the program's file */
    uid_t user;            /* who runs it: under suEXEC its owner */
};

/* Fills in what is true of the running program. False if the system does not tell. */
bool program_file_self(struct program_file *program);

/* Fills in what is true of the program at `path` where it is run as its owner. A caller that knows of another user sets
 * it afterwards. False, with errno set, if it is not there or cannot be looked at. */
bool program_file_at(const char *path, struct program_file *program);

/* True if it is of the program's owner, or root's: both could put another program in the place of this one. */
bool program_file_trusts(const struct program_file *program, uid_t uid);

/* True if others than its owner can write it. */
bool program_file_others_write(const struct stat *status);

#endif

/* SPDX-License-Identifier: MIT */
#include "config/program_file.h"

#include "base/file.h"

#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Finds the program's file. In a chroot without /proc the path given to execve is used; it is right until the process
 * changes its directory. */
static bool find_program(char path[PATH_MAX], struct stat *status) {
    static const char own[] = "/proc/self/exe";
    const ssize_t len = readlink(own, path, PATH_MAX - 1);
    if (len > 0) {
        path[len] = '\0';
        return stat(own, status) == 0; /* also where an upgrade has replaced the file meanwhile */
    }
    const char *started = (const char *)getauxval(AT_EXECFN);
    return started != NULL && realpath(started, path) != NULL && stat(path, status) == 0;
}

bool program_file_self(struct program_file *program) {
    char path[PATH_MAX];
    struct stat status;
    if (!find_program(path, &status) || !file_parent(path, program->folder))
        return false;
    program->owner = status.st_uid;
    program->user = (uid_t)getauxval(AT_EUID); /* no program changes its user */
    return true;
}

bool program_file_at(const char *path, struct program_file *program) {
    char real[PATH_MAX];
    struct stat status;
    if (realpath(path, real) == NULL || stat(real, &status) != 0 || !file_parent(real, program->folder))
        return false;
    program->owner = status.st_uid;
    program->user = status.st_uid;
    return true;
}

bool program_file_trusts(const struct program_file *program, uid_t uid) {
    return uid == program->owner || uid == 0;
}

bool program_file_others_write(const struct stat *status) {
    return (status->st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

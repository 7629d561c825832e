/* SPDX-License-Identifier: MIT */
#include "base/file_fault.h"

#include "base/user_name.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Cuts `path` off after the first part that exists and cannot be passed: a folder that must not be entered, or
 * something that is no folder. */
static void find_obstacle(char path[PATH_MAX]) {
    struct stat status;
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode) || faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) != 0)
            return;
        *slash = '/';
    }
}

static void explain_denial(const char *obstacle, char text[FILE_FAULT_MAX]) {
    struct stat status;
    char me[USER_NAME_SIZE], owner[USER_NAME_SIZE];
    user_name(geteuid(), me);
    if (stat(obstacle, &status) != 0) {
        snprintf(text, FILE_FAULT_MAX, "Permission denied; the program runs as user %s", me);
        return;
    }
    const bool folder = S_ISDIR(status.st_mode);
    const int len = snprintf(text, FILE_FAULT_MAX,
                             "Permission denied: the program runs as user %s, and the %s %s is of user %s, mode %04o; ",
                             me, folder ? "folder" : "file", obstacle, user_name(status.st_uid, owner),
                             (unsigned)status.st_mode & 07777U);
    if (len < 0 || len >= FILE_FAULT_MAX)
        return;
    if (status.st_uid == geteuid())
        snprintf(text + len, FILE_FAULT_MAX - (size_t)len, "run: chmod %s %s", folder ? "u+rx" : "u+r", obstacle);
    else
        snprintf(text + len, FILE_FAULT_MAX - (size_t)len,
                 "let its group in, if the first user is of that group (chmod %s), or take a host that runs your "
                 "programs as you",
                 folder ? "750" : "640");
}

const char *file_fault_of_host(int cause) {
    switch (cause) {
    case EDQUOT:
        return "the account's quota of space, or of files, is used up; remove something, or ask the host for more";
    case ENOSPC: return "the disk, or the account's share of it, is full; free some space";
    case EMFILE:
    case ENFILE: return "too many files are open at once; try again, and ask the host if that goes on";
    case EROFS: return "the disk can only be read at present; ask the host";
    default: return NULL;
    }
}

const char *file_fault_words(int cause) {
    const char *host = file_fault_of_host(cause);
    return host != NULL ? host : strerror(cause);
}

const char *file_fault(const char *path, int cause, char text[FILE_FAULT_MAX]) {
    char obstacle[PATH_MAX];
    struct stat status;
    snprintf(text, FILE_FAULT_MAX, "%s", file_fault_words(cause));
    /* file_read gives EINVAL for what is no regular file. */
    if (cause == EINVAL && stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        snprintf(text, FILE_FAULT_MAX, "it is %s", S_ISDIR(status.st_mode) ? "a folder" : "no regular file");
    if ((cause != EACCES && cause != ENOTDIR) || *path != '/' || strlen(path) >= sizeof obstacle)
        return text;
    memcpy(obstacle, path, strlen(path) + 1);
    find_obstacle(obstacle);
    if (cause == EACCES)
        explain_denial(obstacle, text);
    else
        snprintf(text, FILE_FAULT_MAX, "%s is no folder, so nothing can lie in it", obstacle);
    return text;
}

/* SPDX-License-Identifier: MIT */
#include "base/file_replace.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool make_like(int descriptor, const struct stat *like) {
    return (like->st_uid == geteuid() || fchown(descriptor, like->st_uid, like->st_gid) == 0) &&
           fchmod(descriptor, like->st_mode & 07777u) == 0;
}

bool file_replace_like(const char *path, const char *text, size_t len, const struct stat *like) {
    char fresh[PATH_MAX];
    if (snprintf(fresh, sizeof fresh, "%s.XXXXXX", path) >= (int)sizeof fresh) {
        errno = ENAMETOOLONG;
        return false;
    }
    const int descriptor = mkostemp(fresh, O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool written = file_write_all(descriptor, text, len) && (like == NULL || make_like(descriptor, like));
    int cause = errno;
    /* A disk that is full may say so only now. */
    if (close(descriptor) == 0 && written && rename(fresh, path) == 0)
        return true;
    cause = written ? errno : cause;
    unlink(fresh);
    errno = cause;
    return false;
}

bool file_replace(const char *path, const char *text, size_t len) {
    return file_replace_like(path, text, len, NULL);
}

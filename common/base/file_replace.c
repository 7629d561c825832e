/* SPDX-License-Identifier: MIT */
#include "base/file_replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool write_all(int descriptor, const char *text, size_t len) {
    while (len != 0) {
        const ssize_t written = write(descriptor, text, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        len -= (size_t)written;
    }
    return true;
}

bool file_replace(const char *path, const char *text, size_t len) {
    char fresh[PATH_MAX];
    if (snprintf(fresh, sizeof fresh, "%s.XXXXXX", path) >= (int)sizeof fresh) {
        errno = ENAMETOOLONG;
        return false;
    }
    const int descriptor = mkostemp(fresh, O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool written = write_all(descriptor, text, len);
    int cause = errno;
    /* A disk that is full may say so only now. */
    if (close(descriptor) == 0 && written && rename(fresh, path) == 0)
        return true;
    cause = written ? errno : cause;
    unlink(fresh);
    errno = cause;
    return false;
}

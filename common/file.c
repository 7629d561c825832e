/* SPDX-License-Identifier: MIT */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Reads a regular file to its end, which is where a read gives less than it was asked for. */
static bool read_all(int descriptor, size_t max, struct buffer *out) {
    char chunk[4096];
    for (ssize_t got = sizeof chunk; got == sizeof chunk;) {
        got = read(descriptor, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR) {
            got = sizeof chunk;
            continue;
        }
        if (got < 0)
            return false;
        if (out->len + (size_t)got > max) {
            errno = EFBIG;
            return false;
        }
        buffer_append(out, chunk, (size_t)got);
        if (out->failed) {
            errno = ENOMEM;
            return false;
        }
    }
    return true;
}

bool file_read(const char *path, size_t max, struct buffer *out, struct stat *status) {
    struct stat own;
    struct stat *result = status != NULL ? status : &own;
    /* O_NONBLOCK: opening a FIFO must not wait for a writer. */
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0)
        return false;
    bool done = fstat(descriptor, result) == 0;
    if (done && !S_ISREG(result->st_mode)) {
        errno = EINVAL;
        done = false;
    }
    done = done && read_all(descriptor, max, out);
    const int cause = errno;
    close(descriptor);
    errno = cause;
    return done;
}

/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

enum { READ_BYTES = 16384 };

/* Reads a regular file to its end. A read that gives less than it was asked for has reached the end. */
static bool read_all(int descriptor, size_t max, char chunk[READ_BYTES], struct buffer *out) {
    for (ssize_t got = READ_BYTES; got == READ_BYTES;) {
        got = read(descriptor, chunk, READ_BYTES);
        if (got < 0 && errno == EINTR) {
            got = READ_BYTES;
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

static bool read_file(const char *path, int flags, size_t max, struct buffer *out, struct stat *status) {
    struct stat own;
    struct stat *result = status != NULL ? status : &own;
    /* O_NONBLOCK keeps the opening of a FIFO from waiting for a writer. */
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags);
    if (descriptor < 0)
        return false;
    bool done = fstat(descriptor, result) == 0;
    if (done && !S_ISREG(result->st_mode)) {
        errno = EINVAL;
        done = false;
    }
    char chunk[READ_BYTES];
    if (done && result->st_size > 0 && (size_t)result->st_size <= max)
        buffer_reserve(out, (size_t)result->st_size);
    done = done && read_all(descriptor, max, chunk, out);
    sodium_memzero(chunk, sizeof chunk); /* the file may hold keys */
    const int cause = errno;
    close(descriptor);
    errno = cause;
    return done;
}

bool file_read(const char *path, size_t max, struct buffer *out, struct stat *status) {
    return read_file(path, 0, max, out, status);
}

bool file_read_no_link(const char *path, size_t max, struct buffer *out, struct stat *status) {
    return read_file(path, O_NOFOLLOW, max, out, status);
}

bool file_write_all(int descriptor, const char *text, size_t len) {
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

bool file_parent(const char *path, char folder[PATH_MAX]) {
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return false;
    /* The root folder keeps its slash. */
    const size_t len = slash == path ? 1 : (size_t)(slash - path);
    if (len >= PATH_MAX)
        return false;
    memcpy(folder, path, len);
    folder[len] = '\0';
    return true;
}

struct stat file_look(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? status : (struct stat){.st_size = -1};
}

bool file_is_unchanged(const char *path, const struct stat *then) {
    const struct stat now = file_look(path);
    return now.st_size == then->st_size && now.st_ino == then->st_ino && now.st_dev == then->st_dev &&
           now.st_mode == then->st_mode && now.st_mtim.tv_sec == then->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == then->st_mtim.tv_nsec;
}

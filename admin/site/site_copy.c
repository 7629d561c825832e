/* SPDX-License-Identifier: MIT */
#include "admin/site/site_copy.h"

#include "admin/command.h"
#include "base/file.h"
#include "base/file_fault.h"
#include "base/file_replace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_BYTES = 1 << 16 };

/* Makes the folder, and those above it. */
static bool make_folder(const char *path) {
    char above[PATH_MAX];
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return true;
    return errno == ENOENT && file_parent(path, above) && make_folder(above) &&
           (mkdir(path, 0755) == 0 || errno == EEXIST);
}

/* A new file beside `path`, which becomes it once it is whole. */
struct fresh {
    char path[PATH_MAX];
    int descriptor;
};

static bool begin(struct fresh *fresh, const char *path) {
    if (snprintf(fresh->path, sizeof fresh->path, "%s.XXXXXX", path) >= (int)sizeof fresh->path) {
        errno = ENAMETOOLONG;
        return false;
    }
    fresh->descriptor = mkostemp(fresh->path, O_CLOEXEC);
    return fresh->descriptor >= 0;
}

/* link() puts it in no other file's place. */
static bool finish(struct fresh *fresh, const char *path, unsigned mode, bool written) {
    bool done = written && fchmod(fresh->descriptor, mode) == 0;
    int cause = errno;
    if (close(fresh->descriptor) != 0 && done) {
        done = false;
        cause = errno;
    }
    if (done && link(fresh->path, path) != 0) {
        done = false;
        cause = errno;
    }
    unlink(fresh->path);
    errno = cause;
    return done;
}

bool site_copy_text(const char *path, const char *text, size_t len, unsigned mode) {
    struct fresh fresh = {.descriptor = -1};
    return begin(&fresh, path) && finish(&fresh, path, mode, file_write_all(fresh.descriptor, text, len));
}

static ssize_t read_chunk(int descriptor, char *chunk) {
    size_t len = 0;
    while (len < CHUNK_BYTES) {
        const ssize_t got = read(descriptor, chunk + len, CHUNK_BYTES - len);
        if (got < 0 && errno != EINTR)
            return -1;
        if (got == 0)
            break;
        len += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)len;
}

static bool write_from(int source, int target, char *chunk) {
    ssize_t got;
    while ((got = read_chunk(source, chunk)) > 0)
        if (!file_write_all(target, chunk, (size_t)got))
            return false;
    return got == 0;
}

/* True if both hold the same. */
static bool is_same(int source, const char *to, char *chunks) {
    const int target = open(to, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t one = 1;
    bool same = target >= 0;
    while (same && one > 0) {
        one = read_chunk(source, chunks);
        same = one >= 0 && read_chunk(target, chunks + CHUNK_BYTES) == one &&
               memcmp(chunks, chunks + CHUNK_BYTES, (size_t)one) == 0;
    }
    if (target >= 0)
        close(target);
    return same;
}

static bool copy_opened(struct site_copy *copy, int source, const struct stat *status, const char *to, char *chunks) {
    char folder[PATH_MAX], fault[FILE_FAULT_MAX];
    struct fresh fresh = {.descriptor = -1};
    struct stat there;
    const unsigned mode = (status->st_mode & S_IXUSR) != 0 ? 0755 : 0644;
    if (lstat(to, &there) == 0) {
        const bool same = is_same(source, to, chunks);
        copy->same += same;
        if (!same && copy->different++ == 0)
            snprintf(copy->first_different, sizeof copy->first_different, "%s", to);
        return true;
    }
    copy->made++;
    if (copy->dry_run || (file_parent(to, folder) && make_folder(folder) && begin(&fresh, to) &&
                          finish(&fresh, to, mode, write_from(source, fresh.descriptor, chunks))))
        return true;
    command_complain("%s cannot be written: %s; run this again when that is mended", to, file_fault(to, errno, fault));
    return false;
}

bool site_copy_file(struct site_copy *copy, const char *from, const char *to) {
    char fault[FILE_FAULT_MAX];
    struct stat status;
    if (copy->stopped != NULL && copy->stopped())
        return false;
    const int source = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    char *chunks = malloc(2 * (size_t)CHUNK_BYTES);
    bool done = source >= 0 && chunks != NULL && fstat(source, &status) == 0;
    if (!done)
        command_complain("%s cannot be read: %s", from, file_fault(from, errno, fault));
    else if (S_ISREG(status.st_mode))
        done = copy_opened(copy, source, &status, to, chunks);
    free(chunks);
    if (source >= 0)
        close(source);
    return done;
}

static bool copy_entry(struct site_copy *copy, const char *from, const char *to, const char *name) {
    char source[PATH_MAX], target[PATH_MAX];
    struct stat status;
    if (snprintf(source, sizeof source, "%s/%s", from, name) >= (int)sizeof source ||
        snprintf(target, sizeof target, "%s/%s", to, name) >= (int)sizeof target) {
        command_complain("%s/%s: the path is too long", to, name);
        return false;
    }
    if (copy->left_out != NULL && strcmp(source, copy->left_out) == 0)
        return true;
    if (lstat(source, &status) != 0)
        return site_copy_file(copy, source, target); /* which tells why it cannot be read */
    if (S_ISDIR(status.st_mode))
        return site_copy_folder(copy, source, target);
    return S_ISLNK(status.st_mode) || site_copy_file(copy, source, target);
}

bool site_copy_folder(struct site_copy *copy, const char *from, const char *to) {
    char fault[FILE_FAULT_MAX];
    DIR *entries = opendir(from);
    bool done = entries != NULL;
    if (!done)
        command_complain("%s cannot be read: %s", from, file_fault(from, errno, fault));
    for (const struct dirent *entry; done && (entry = readdir(entries)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            done = copy_entry(copy, from, to, entry->d_name);
    if (entries != NULL)
        closedir(entries);
    return done;
}

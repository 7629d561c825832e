/* A folder of a test's own, with files in it; folder_remove leaves nothing.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TESTS_FOLDER_H
#define CGI_LOGIN_TESTS_FOLDER_H

#include "support.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

struct folder {
    char path[128];
};

static inline void folder_make(struct folder *folder) {
    const char *base = getenv("TMPDIR");
    char name[sizeof folder->path];
    snprintf(name, sizeof name, "%.80s/cgi-login-test-XXXXXX", base != NULL && *base == '/' ? base : "/tmp");
    assert_non_null(mkdtemp(name));
    char *real = realpath(name, NULL);
    assert_non_null(real);
    assert_true(strlen(real) < sizeof folder->path);
    snprintf(folder->path, sizeof folder->path, "%s", real);
    free(real);
}

static inline int folder_remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline void folder_remove(const struct folder *folder) {
    nftw(folder->path, folder_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* The path of `name` in the folder, in one of four buffers used in turn. */
static inline const char *folder_path(const struct folder *folder, const char *name) {
    static char paths[4][PATH_MAX];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, PATH_MAX, "%s/%s", folder->path, name);
    return path;
}

static inline void folder_subfolder(const struct folder *folder, const char *name) {
    assert_int_equal(mkdir(folder_path(folder, name), 0755), 0);
}

/* Writes a file with exactly this mode, whatever the umask is. */
static inline const char *folder_write(const struct folder *folder, const char *name, const char *text, mode_t mode) {
    const char *path = folder_path(folder, name);
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(fchmod(descriptor, mode), 0);
    close(descriptor);
    return path;
}

#endif

/* SPDX-License-Identifier: MIT */
#include "base/log_file.h"

#include "base/bounds.h"
#include "base/file.h"
#include "base/file_fault.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Tells whether the file is a log. A line at the end of a file that was named by mistake, such as a database, would
 * damage it. An empty file is fine. */
static bool starts_with_a_time(int descriptor) {
    static const char pattern[] = "0000-00-00T";
    char start[sizeof pattern - 1];
    const ssize_t len = pread(descriptor, start, sizeof start, 0);
    for (ssize_t i = 0; i < len; i++)
        if (pattern[i] == '0' ? start[i] < '0' || start[i] > '9' : start[i] != pattern[i])
            return false;
    return len >= 0;
}

/* Why the opened file is not one to write to; NULL if it is. */
static const char *find_problem(int descriptor, const struct stat *status) {
    if (!S_ISREG(status->st_mode))
        return "it is no regular file";
    if (status->st_uid != geteuid())
        return "it belongs to another user";
    if (!starts_with_a_time(descriptor))
        return "it is there already and holds something else than our log lines";
    return NULL;
}

/* Opens the file for appending. -1 with *problem if it is not to be written to. O_NONBLOCK keeps a FIFO from waiting
 * for its reader. */
static int open_log(const char *path, int flags, struct stat *status, const char **problem) {
    const int descriptor =
        open(path, flags | O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, S_IRUSR | S_IWUSR);
    if (descriptor < 0) {
        *problem = errno == ELOOP ? "it is a symbolic link" : file_fault_words(errno);
        return -1;
    }
    *problem = fstat(descriptor, status) == 0 ? find_problem(descriptor, status) : file_fault_words(errno);
    if (*problem == NULL)
        return descriptor;
    close(descriptor);
    return -1;
}

/* Renames the full file. Only the process that holds this file's lock renames it, and only while the file still has its
 * name: a process that came late would otherwise replace the full log by a new, short one. No process waits for the
 * lock. */
static void move_aside(int descriptor, const struct stat *status, const char *path) {
    char old[PATH_MAX];
    struct stat now;
    const int len = snprintf(old, sizeof old, "%s.1", path);
    if (len > 0 && (size_t)len < sizeof old && flock(descriptor, LOCK_EX | LOCK_NB) == 0 && lstat(path, &now) == 0 &&
        now.st_ino == status->st_ino && now.st_dev == status->st_dev)
        rename(path, old);
}

/* Opens the file for the next line: a new one if the old one is full. */
static int open_with_room(const char *path, size_t len, struct stat *status) {
    const char *problem;
    const int full = open_log(path, O_CREAT, status, &problem);
    if (full < 0 || status->st_size + (off_t)len <= LOG_FILE_MAX)
        return full;
    move_aside(full, status, path);
    const int fresh = open_log(path, O_CREAT, status, &problem);
    close(full);
    return fresh;
}

bool log_file_append(const char *path, const char *line, size_t len) {
    struct stat status;
    const int descriptor = open_with_room(path, len, &status);
    if (descriptor < 0)
        return false;
    /* If the full file cannot be renamed, the log ends here rather than fill the disk. */
    const bool room = status.st_size < LOG_FILE_HARD_MAX;
    const bool done = room && write(descriptor, line, len) == (ssize_t)len;
    close(descriptor);
    return done;
}

/* Why no file can be made at `path`; NULL if one can. */
static const char *find_folder_problem(const char *path) {
    char folder[PATH_MAX];
    if (!file_parent(path, folder))
        return file_fault_words(ENAMETOOLONG);
    return access(folder, W_OK | X_OK) == 0 ? NULL : file_fault_words(errno);
}

const char *log_file_problem(const char *path) {
    struct stat status;
    const char *problem;
    if (lstat(path, &status) != 0 && errno == ENOENT)
        return find_folder_problem(path);
    const int descriptor = open_log(path, 0, &status, &problem);
    if (descriptor < 0)
        return problem;
    close(descriptor);
    return NULL;
}

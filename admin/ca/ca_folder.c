/* SPDX-License-Identifier: MIT */
#include "admin/ca/ca_folder.h"

#include "base/buffer.h"
#include "base/ca_name.h"
#include "base/file.h"
#include "base/file_fault.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NO_LOCK = -1, FOLDER_MODE = 0755, FILE_MODE = 0644 }; /* the web server's user reads them too */

/* Looking. */

static bool is_dots(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Opens a folder, but not one behind a symbolic link. On failure returns NULL with errno set. */
static DIR *open_folder(const char *path) {
    const int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    if (folder == NULL && descriptor >= 0) {
        const int cause = errno;
        close(descriptor);
        errno = cause;
    }
    return folder;
}

static enum error_code look_at(DIR *folder, const char *path, struct ca_folder_contents *contents,
                               struct error *error) {
    struct stat status;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (is_dots(entry->d_name))
            continue;
        if (!ca_name_is_valid(entry->d_name) ||
            fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
            return error_set(error, ERROR_CONFIG,
                             "%s is left alone: %s in it is no certificate by its hash, so the folder is not one that "
                             "ca-refresh made. A system's own folder is kept up to date by the system",
                             path, entry->d_name);
        contents->files++;
        if (status.st_mtime > contents->newest)
            contents->newest = status.st_mtime;
    }
    return ERROR_NONE;
}

enum error_code ca_folder_look(const char *path, struct ca_folder_contents *contents, struct error *error) {
    *contents = (struct ca_folder_contents){.exists = true};
    DIR *folder = open_folder(path);
    if (folder == NULL && errno == ENOENT) {
        contents->exists = false;
        return ERROR_NONE;
    }
    if (folder == NULL)
        return error_set(error, ERROR_CONFIG, "%s cannot be read: %s", path, file_fault_words(errno));
    const enum error_code code = look_at(folder, path, contents, error);
    closedir(folder);
    return code;
}

size_t ca_folder_count_common(const struct ca_folder *folder, const struct ca_bundle *bundle) {
    bool seen[CA_CERTIFICATES_MAX] = {false};
    char path[PATH_MAX];
    size_t common = 0;
    DIR *old = open_folder(folder->path);
    if (old == NULL)
        return 0;
    for (const struct dirent *entry = readdir(old); entry != NULL; entry = readdir(old)) {
        struct buffer text = BUFFER_EMPTY;
        const int len = snprintf(path, sizeof path, "%s/%s", folder->path, entry->d_name);
        if (!is_dots(entry->d_name) && (size_t)len < sizeof path && file_read(path, CA_BUNDLE_MAX, &text, NULL)) {
            const size_t found = ca_bundle_find(bundle, buffer_text(&text), text.len);
            if (found < bundle->count && !seen[found]) {
                seen[found] = true;
                common++;
            }
        }
        buffer_free(&text);
    }
    closedir(old);
    return common;
}

/* Removing. */

/* Removes the certificates in the folder, and the folder. A folder that is not there is fine. If the folder holds
 * anything else, that stays, and the folder too. */
static bool remove_folder(const char *path) {
    DIR *folder = open_folder(path);
    if (folder == NULL)
        return errno == ENOENT;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        if (ca_name_is_valid(entry->d_name))
            unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
    return rmdir(path) == 0;
}

/* Taking. */

static enum error_code cannot_write(const char *path, struct error *error) {
    return error_set(error, ERROR_CONFIG, "%s cannot be written: %s", path, file_fault_words(errno));
}

/* A run removes its lock file at its end, so another run may have locked a file that is no longer at this path. */
static bool is_still_there(const char *path, int descriptor) {
    struct stat held, there;
    return fstat(descriptor, &held) == 0 && stat(path, &there) == 0 && held.st_ino == there.st_ino &&
           held.st_dev == there.st_dev;
}

static enum error_code take_lock(struct ca_folder *folder, struct error *error) {
    for (;;) {
        const int lock = open(folder->lock_path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (lock < 0)
            return cannot_write(folder->lock_path, error);
        if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
            const bool busy = errno == EWOULDBLOCK;
            error_set(error, ERROR_CONFIG, "%s: %s", folder->path,
                      busy ? "another ca-refresh is at work on it" : file_fault_words(errno));
            close(lock);
            return ERROR_CONFIG;
        }
        if (is_still_there(folder->lock_path, lock)) {
            folder->lock = lock;
            return ERROR_NONE;
        }
        close(lock);
    }
}

static bool join(char out[PATH_MAX], const char *path, const char *end) {
    const int len = snprintf(out, PATH_MAX, "%s%s", path, end);
    return len > 0 && len < PATH_MAX;
}

/* Fills in the paths, without "/" at the end. A folder behind a symbolic link is replaced at the place to which the
 * link leads. */
static bool name_paths(struct ca_folder *folder, const char *path) {
    char real[PATH_MAX];
    if (!join(folder->path, realpath(path, real) != NULL ? real : path, ""))
        return false;
    for (size_t len = strlen(folder->path); len > 1 && folder->path[len - 1] == '/'; len--)
        folder->path[len - 1] = '\0';
    return join(folder->made, folder->path, ".refresh-new") && join(folder->aside, folder->path, ".refresh-old") &&
           join(folder->lock_path, folder->path, ".refresh-lock");
}

static void drop_lock(struct ca_folder *folder) {
    unlink(folder->lock_path);
    close(folder->lock);
    folder->lock = NO_LOCK;
}

/* Removes what a run left that was killed, or whose machine went down. */
static enum error_code clear_leftovers(const struct ca_folder *folder, struct error *error) {
    struct ca_folder_contents contents;
    const char *const leftovers[] = {folder->made, folder->aside};
    for (size_t i = 0; i < sizeof leftovers / sizeof *leftovers; i++) {
        const enum error_code code = ca_folder_look(leftovers[i], &contents, error);
        if (code != ERROR_NONE)
            return code;
        if (!remove_folder(leftovers[i]))
            return error_set(error, ERROR_CONFIG, "%s, left by an interrupted run, cannot be removed: %s", leftovers[i],
                             file_fault_words(errno));
    }
    return ERROR_NONE;
}

enum error_code ca_folder_take(struct ca_folder *folder, const char *path, struct error *error) {
    struct ca_folder_contents contents;
    *folder = (struct ca_folder){.lock = NO_LOCK};
    if (!name_paths(folder, path))
        return error_set(error, ERROR_CONFIG, "ca_folder: the path is too long");
    /* The check comes before anything is written, and once more below, since another run may just have ended. */
    enum error_code code = ca_folder_look(folder->path, &contents, error);
    if (code == ERROR_NONE)
        code = take_lock(folder, error);
    if (code != ERROR_NONE)
        return code;
    if (!contents.exists)
        rename(folder->aside, folder->path); /* a run was killed half-way through exchange() */
    code = ca_folder_look(folder->path, &contents, error);
    if (code == ERROR_NONE)
        code = clear_leftovers(folder, error);
    if (code != ERROR_NONE)
        drop_lock(folder);
    folder->exists = contents.exists;
    folder->files = contents.files;
    return code;
}

/* Making. */

/* Opens a new file for the certificate. On failure returns -1 with errno set. */
static int create_file(int folder, X509 *certificate) {
    char name[32];
    int descriptor = -1;
    for (int number = 0; descriptor < 0 && number < CA_CERTIFICATES_MAX; number++) {
        snprintf(name, sizeof name, "%08lx.%d", X509_subject_name_hash(certificate), number);
        descriptor = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
        if (descriptor < 0 && errno != EEXIST)
            return -1;
    }
    return descriptor;
}

static bool write_certificate(int folder, X509 *certificate) {
    const int descriptor = create_file(folder, certificate);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (file == NULL) {
        if (descriptor >= 0)
            close(descriptor);
        return false;
    }
    /* The umask is 077, so the mode is set by fchmod. */
    const bool written = PEM_write_X509(file, certificate) == 1 && fflush(file) == 0 &&
                         fchmod(descriptor, FILE_MODE) == 0 && fsync(descriptor) == 0;
    return fclose(file) == 0 && written;
}

enum error_code ca_folder_make(struct ca_folder *folder, const struct ca_bundle *bundle, struct error *error) {
    if (mkdir(folder->made, FOLDER_MODE) != 0)
        return cannot_write(folder->made, error);
    const int made = open(folder->made, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool written = made >= 0 && fchmod(made, FOLDER_MODE) == 0;
    for (size_t i = 0; i < bundle->count && written; i++)
        written = write_certificate(made, bundle->certificates[i]);
    const enum error_code code = written && fsync(made) == 0 ? ERROR_NONE : cannot_write(folder->made, error);
    if (made >= 0)
        close(made);
    return code;
}

/* Swapping. */

/* Swaps the two folders: afterwards the new one is at `path`, and the old one, if there was one, at `made`. */
static bool exchange(const struct ca_folder *folder) {
    if (!folder->exists)
        return rename(folder->made, folder->path) == 0;
    /* musl has no function for renameat2, hence the system call itself. */
    if (syscall(SYS_renameat2, AT_FDCWD, folder->made, AT_FDCWD, folder->path, RENAME_EXCHANGE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    /* NFS and old kernels cannot swap two names. Then there is no folder for a moment, and if this run is killed in
     * that moment, the next one repairs it. */
    if (rename(folder->path, folder->aside) != 0)
        return false;
    const bool moved = rename(folder->made, folder->path) == 0;
    const int cause = errno;
    rename(folder->aside, moved ? folder->made : folder->path);
    errno = cause;
    return moved;
}

/* Writes the new names to the disk. A file system that cannot do that for a folder is no failure. */
static void sync_parent(const char *path) {
    char parent[PATH_MAX];
    const int descriptor = open(file_parent(path, parent) ? parent : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
}

enum error_code ca_folder_swap(struct ca_folder *folder, struct error *error) {
    if (!exchange(folder))
        return error_set(error, ERROR_CONFIG, "%s cannot be replaced: %s", folder->path, file_fault_words(errno));
    sync_parent(folder->path);
    return ERROR_NONE;
}

bool ca_folder_release(struct ca_folder *folder) {
    if (folder->lock == NO_LOCK)
        return true;
    const bool removed = remove_folder(folder->made);
    const int cause = errno;
    drop_lock(folder);
    errno = cause;
    return removed;
}

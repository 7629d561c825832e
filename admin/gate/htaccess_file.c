/* SPDX-License-Identifier: MIT */
#include "admin/gate/htaccess_file.h"

#include "admin/command.h"
#include "base/file.h"
#include "base/file_fault.h"
#include "base/file_replace.h"
#include "base/site_path.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool htaccess_file_read(const char *folder, const struct htaccess_marks *marks, struct htaccess_file *file) {
    char fault[FILE_FAULT_MAX];
    struct stat status;
    *file = (struct htaccess_file){.existed = false};
    if (snprintf(file->path, sizeof file->path, "%s/.htaccess", folder) >= (int)sizeof file->path) {
        command_complain("the path of %s is too long", folder);
        return false;
    }
    file->folder = file_look(folder);
    file->existed = lstat(file->path, &status) == 0;
    if (file->existed && !S_ISREG(status.st_mode)) {
        command_complain("%s is a link or no file; put a file of its own there", file->path);
        return false;
    }
    if (!file->existed) {
        file->status = file_look(folder);
        file->status.st_mode = 0644;
        return true;
    }
    if (!file_read_no_link(file->path, HTACCESS_FILE_MAX, &file->text, &file->status)) {
        command_complain("%s cannot be read: %s", file->path, file_fault(file->path, errno, fault));
        return false;
    }
    if (strlen(buffer_text(&file->text)) != file->text.len) {
        command_complain(
            "%s holds a NUL byte, as UTF-16 does, which Apache does not read: save it as UTF-8 without BOM",
            file->path);
        return false;
    }
    if (htaccess_block_find(buffer_text(&file->text), marks, NULL, NULL) != HTACCESS_BLOCK_TORN)
        return true;
    command_complain("%s must have \"%s\" once, and \"%s\" once behind it; remove what is left of them", file->path,
                     marks->begin, marks->end);
    return false;
}

/* Writes the name of the copy: that of the folder's path, encoded, so that no two folders have the same. */
static bool name_copy(const char *home, const char *path, char copy[PATH_MAX]) {
    struct buffer encoded = BUFFER_EMPTY;
    int len = snprintf(copy, PATH_MAX, "%s/backup/htaccess", home);
    site_path_append_encoded(&encoded, path);
    bool fits = !encoded.failed && len < PATH_MAX;
    for (const char *at = buffer_text(&encoded); fits && *at != '\0'; at++) {
        len += snprintf(copy + len, PATH_MAX - (size_t)len, *at == '/' ? "%%2F" : "%c", *at);
        fits = len < PATH_MAX;
    }
    buffer_free(&encoded);
    return fits;
}

/* Makes the folder of copies, and says whose a copy is to be: the account's, also where root runs this for it. */
static bool make_folder(const char *home, const char *folder, struct stat *like) {
    const bool is_root = geteuid() == 0;
    *like = file_look(home);
    like->st_mode = S_IRUSR | S_IWUSR;
    if (!is_root)
        like->st_uid = geteuid();
    return mkdir(folder, S_IRWXU) == 0 ? !is_root || lchown(folder, like->st_uid, like->st_gid) == 0 : errno == EEXIST;
}

bool htaccess_file_keep(struct htaccess_file *file, const char *home, const char *path) {
    char folder[PATH_MAX], fault[FILE_FAULT_MAX];
    struct stat like;
    const bool named = name_copy(home, path, file->backup) && file_parent(file->backup, folder);
    if (named && make_folder(home, folder, &like) &&
        file_replace_like(file->backup, buffer_text(&file->text), file->text.len, &like))
        return true;
    command_complain("%s cannot be written: %s; nothing was changed", file->backup,
                     named ? file_fault(file->backup, errno, fault) : "its path is too long");
    file->backup[0] = '\0';
    return false;
}

static bool put(const struct htaccess_file *file, const struct buffer *text) {
    return file_replace_like(file->path, buffer_text(text), text->len, &file->status);
}

static bool is_same_folder(const struct htaccess_file *file) {
    char folder[PATH_MAX];
    struct stat now;
    return file_parent(file->path, folder) && lstat(folder, &now) == 0 && S_ISDIR(now.st_mode) &&
           now.st_dev == file->folder.st_dev && now.st_ino == file->folder.st_ino;
}

bool htaccess_file_is_unchanged(const struct htaccess_file *file) {
    struct stat now;
    if (!is_same_folder(file)) {
        command_complain("the folder of %s is gone, or another one, meanwhile; nothing was written there", file->path);
        return false;
    }
    if (file->existed ? file_is_unchanged(file->path, &file->status) : lstat(file->path, &now) != 0 && errno == ENOENT)
        return true;
    command_complain("somebody else has changed %s meanwhile; nothing was changed in it", file->path);
    return false;
}

bool htaccess_file_write(const struct htaccess_file *file, const struct buffer *text) {
    char fault[FILE_FAULT_MAX];
    if (text->len > HTACCESS_FILE_MAX) { /* it could not be read again, nor the lines be taken out */
        command_complain("%s would have more than %d bytes; remove what it no longer needs", file->path,
                         HTACCESS_FILE_MAX);
        return false;
    }
    const bool done = text->len == 0 ? unlink(file->path) == 0 || errno == ENOENT : put(file, text);
    if (!done)
        command_complain("%s cannot be written: %s", file->path, file_fault(file->path, errno, fault));
    return done;
}

bool htaccess_file_restore(const struct htaccess_file *file) {
    char fault[FILE_FAULT_MAX];
    const bool done = file->existed ? put(file, &file->text) : unlink(file->path) == 0 || errno == ENOENT;
    if (!done)
        command_complain("%s cannot be put back: %s; as it was it is %s", file->path,
                         file_fault(file->path, errno, fault), file->existed ? file->backup : "not there");
    return done;
}

void htaccess_file_clear(struct htaccess_file *file) {
    buffer_free(&file->text);
}

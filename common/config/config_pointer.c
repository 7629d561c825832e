/* SPDX-License-Identifier: MIT */
#include "config/config_pointer.h"

#include "base/bounds.h"
#include "base/file.h"
#include "base/file_fault.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Says why neither the file nor its folder is one that only the program's owner writes. NULL: it is. */
static const char *find_fault(const struct program_file *program, const struct stat *file) {
    struct stat folder;
    if (file->st_uid != program->owner)
        return "is not of the user whose file the program is; remove it, and write it as that user";
    if (program_file_others_write(file))
        return "can be written by other users; run: chmod 644 on it";
    if (stat(program->folder, &folder) != 0 || !program_file_trusts(program, folder.st_uid))
        return "lies in a folder of another user than the program's; give the folder to that user";
    if (program_file_others_write(&folder))
        return "lies in a folder that other users can write; run: chmod 755 on the folder";
    return NULL;
}

/* Takes the one line. An editor of Windows may have begun it with a byte order mark and ended it with a CR. The name is
 * always config.json, since a program that starts another names the folder alone. */
static enum config_pointer take_line(const struct program_file *program, const char *pointer, const struct buffer *text,
                                     char path[PATH_MAX], struct error *error) {
    static const char mark[] = "\xEF\xBB\xBF", name[] = "/config.json";
    const char *line = buffer_text(text);
    if (text_starts_with(line, mark))
        line += strlen(mark);
    const int len = (int)strcspn(line, "\r\n");
    const bool is_whole = line + len + strspn(line + len, "\r\n") == buffer_text(text) + text->len;
    const bool absolute = *line == '/';
    const int written =
        snprintf(path, PATH_MAX, "%s%s%.*s", absolute ? "" : program->folder, absolute ? "" : "/", len, line);
    const int start = written - (int)strlen(name);
    if (is_whole && written < PATH_MAX && start >= 0 && strcmp(path + start, name) == 0)
        return CONFIG_POINTER_READ;
    error_set(error, ERROR_CONFIG, "%s: expected one line, the path of a config.json, such as /home/you/cgi-login%s",
              pointer, name);
    return CONFIG_POINTER_REFUSED;
}

enum config_pointer config_pointer_read(const struct program_file *program, char path[PATH_MAX], struct error *error) {
    char pointer[PATH_MAX], fault[FILE_FAULT_MAX];
    struct buffer text = BUFFER_EMPTY;
    struct stat status;
    enum config_pointer result = CONFIG_POINTER_REFUSED;
    const int written = snprintf(pointer, sizeof pointer, "%s/" CONFIG_POINTER_NAME, program->folder);
    if (written < 0 || written >= (int)sizeof pointer)
        return CONFIG_POINTER_NONE;
    if (!file_read_no_link(pointer, PATH_MAX, &text, &status)) {
        if (errno == ENOENT)
            result = CONFIG_POINTER_NONE;
        else if (errno == ELOOP)
            error_set(error, ERROR_CONFIG, "%s is a symbolic link; put a file with the config's path in its place",
                      pointer);
        else
            error_set(error, ERROR_CONFIG, "%s cannot be read: %s", pointer, file_fault(pointer, errno, fault));
        goto done;
    }
    const char *problem = find_fault(program, &status);
    if (problem != NULL)
        error_set(error, ERROR_CONFIG, "%s names the config, but %s", pointer, problem);
    else
        result = take_line(program, pointer, &text, path, error);
done:
    buffer_free(&text);
    return result;
}

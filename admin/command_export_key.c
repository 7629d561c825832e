/* `cgi-login export-key`: the file with which the site's own scripts open the session's cookie.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"

#include "admin/session_key_file.h"
#include "admin/web_root.h"
#include "base/file.h"
#include "base/file_fault.h"
#include "base/file_replace.h"
#include "base/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Writes the path of the file: where --output says, else beside the config. Its folder must be there. */
static bool find_place(const struct config *config, const char *output, char path[PATH_MAX]) {
    char given[PATH_MAX], folder[PATH_MAX], real[PATH_MAX], fault[FILE_FAULT_MAX];
    int len;
    if (output == NULL)
        len = snprintf(given, sizeof given, "%s/%s", config->home, SESSION_KEY_FILE_NAME);
    else
        len = snprintf(given, sizeof given, "%s%s", strchr(output, '/') != NULL ? "" : "./", output);
    if (len >= (int)sizeof given || !file_parent(given, folder)) {
        command_complain("--output: the path has more than %d bytes", PATH_MAX - 1);
        return false;
    }
    if (realpath(folder, real) == NULL) {
        command_complain("%s cannot be used: %s", folder, file_fault(folder, errno, fault));
        return false;
    }
    len = snprintf(path, PATH_MAX, "%s%s", strcmp(real, "/") == 0 ? "" : real, strrchr(given, '/'));
    return len < PATH_MAX;
}

/* A device must not be replaced, nor the link /dev/stdout, where root runs this. */
static bool may_replace(const char *path) {
    struct stat status;
    if (lstat(path, &status) != 0 || S_ISREG(status.st_mode))
        return true;
    command_complain("%s is a link or no file; name another", path);
    return false;
}

/* A script runs as the user whose the config is; the file of another user it could not read. */
static void complain_about_owner(const struct config *config, const char *path) {
    struct stat status;
    if (stat(config->path, &status) == 0 && status.st_uid != geteuid())
        command_complain("%s belongs to user %ld, and the config to user %ld: where the scripts run as that one, run "
                         "this as that user",
                         path, (long)geteuid(), (long)status.st_uid);
}

static enum command_status write_file(const struct config *config, const char *path) {
    char fault[FILE_FAULT_MAX];
    struct buffer content = BUFFER_EMPTY;
    char *text = session_key_file_text(config);
    enum command_status status = COMMAND_FAILED;
    if (text != NULL)
        buffer_append_text(&content, text);
    buffer_append_char(&content, '\n');
    if (text == NULL || content.failed) {
        command_complain("out of memory");
    } else if (!file_replace(path, buffer_text(&content), content.len)) {
        command_complain("%s cannot be written: %s", path, file_fault(path, errno, fault));
    } else {
        command_print_text(stdout, path);
        printf(": the key%s for sessions; whoever reads it can be anybody on this site\n",
               config->keys.count == 1 ? "" : "s");
        complain_about_owner(config, path);
        status = COMMAND_DONE;
    }
    buffer_free(&content);
    json_free_text(text);
    return status;
}

enum command_status command_export_key(const struct command_line *line) {
    struct config *config = NULL;
    char path[PATH_MAX];
    enum command_status status = COMMAND_FAILED;
    if (!command_load_config(line, &config))
        return COMMAND_FAILED;
    if (!find_place(config, line->output, path))
        status = COMMAND_FAILED;
    else if (web_root_is_likely(path))
        command_complain("%s seems to lie in a web root, where anybody could fetch it; name a file outside of it",
                         path);
    else if (may_replace(path))
        status = write_file(config, path);
    config_free(config);
    return status;
}

/* SPDX-License-Identifier: MIT */
#include "config/config_place.h"

#include "base/bounds.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/file_fault.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

/* Finds the program's file. In a chroot without /proc the path given to execve is used; it is right until the process
 * changes its directory. */
static bool find_program(char path[PATH_MAX]) {
    const ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (len > 0) {
        path[len] = '\0';
        return true;
    }
    const char *started = (const char *)getauxval(AT_EXECFN);
    return started != NULL && realpath(started, path) != NULL;
}

bool config_program_folder(char folder[PATH_MAX]) {
    char program[PATH_MAX];
    return find_program(program) && file_parent(program, folder);
}

/* The places to look for the file: how many folders above the program's folder, and the path from there. The
 * command-line program lies in the product's home. */
struct place {
    int up;
    const char *name;
};

static const struct place places[] = {{1, "config.json"}, {1, "cgi-login/config.json"}, {2, "cgi-login/config.json"}};

enum { PLACES = sizeof places / sizeof *places, FIRST_FOR_REQUEST = 1 };

/* Writes the path of a place. False if the path is too long, or there are not so many folders above. */
static bool make_path(const char *folder, const struct place *place, char path[PATH_MAX]) {
    size_t len = strlen(folder);
    for (int up = 0; up < place->up && len != 0; up++)
        while (len != 0 && folder[--len] != '/')
            ;
    const int written = snprintf(path, PATH_MAX, "%.*s/%s", (int)len, folder, place->name);
    return written > 0 && written < PATH_MAX;
}

/* In ~/cgi-login/bin two of the places are one and the same, which the message names once. */
static bool is_earlier(const char *folder, size_t first, size_t place, const char *path) {
    char earlier[PATH_MAX];
    for (size_t i = first; i < place; i++)
        if (make_path(folder, &places[i], earlier) && strcmp(earlier, path) == 0)
            return true;
    return false;
}

/* Looks in each place. A place that cannot be looked at may still hold the file, so it is told if nothing is found
 * elsewhere. */
static enum error_code search(const char *folder, enum config_reader reader, char path[PATH_MAX], struct error *error) {
    struct buffer looked = BUFFER_EMPTY;
    struct stat status;
    char fault[FILE_FAULT_MAX];
    enum error_code code = ERROR_NONE;
    const size_t first = reader == CONFIG_FOR_REQUEST ? FIRST_FOR_REQUEST : 0;
    for (size_t i = first; i < PLACES; i++) {
        if (!make_path(folder, &places[i], path))
            continue;
        if (lstat(path, &status) == 0) {
            buffer_free(&looked);
            return ERROR_NONE;
        }
        if (errno != ENOENT && code == ERROR_NONE)
            code = error_set(error, ERROR_CONFIG, "%s cannot be looked at: %s", path, file_fault(path, errno, fault));
        if (!is_earlier(folder, first, i, path))
            buffer_append_format(&looked, "%s%s", looked.len == 0 ? "" : ", ", path);
    }
    if (code == ERROR_NONE)
        code = error_set(error, ERROR_CONFIG,
                         "there is no config file: copy config-template.json to config.json, or name one with "
                         "SetEnv CGI_LOGIN_CONFIG; looked for %s",
                         buffer_text(&looked));
    buffer_free(&looked);
    return code;
}

enum error_code config_find(const char *named, const char *folder, enum config_reader reader, char path[PATH_MAX],
                            struct error *error) {
    if (named != NULL && *named != '\0')
        return text_copy(path, PATH_MAX, named)
                   ? ERROR_NONE
                   : error_set(error, ERROR_CONFIG, "the path of the config file has more than %d bytes", PATH_MAX - 1);
    if (folder == NULL)
        return error_set(error, ERROR_CONFIG,
                         "the config file cannot be looked for, since the system does not tell where the program lies: "
                         "name it with SetEnv CGI_LOGIN_CONFIG");
    return search(folder, reader, path, error);
}

enum error_code config_locate(const char *named, enum config_reader reader, char path[PATH_MAX], struct error *error) {
    char folder[PATH_MAX];
    if (named == NULL)
        named = getenv(CONFIG_VARIABLE);
    const bool search = (named == NULL || *named == '\0') && config_program_folder(folder);
    return config_find(named, search ? folder : NULL, reader, path, error);
}

const char *config_real_path(const char *path, char real[PATH_MAX]) {
    return realpath(path, real) != NULL ? real : path;
}

bool config_lies_in(const char *path, const char *folder) {
    const size_t len = strlen(folder);
    return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0' || folder[len - 1] == '/');
}

const char *config_web_root(const char *document_root, char real[PATH_MAX]) {
    return document_root != NULL && *document_root != '\0' ? config_real_path(document_root, real) : NULL;
}

/* Writes the path of the log beside a config file, which need not be there. A folder from which anybody could fetch the
 * log, or one of another user, is no place for it. */
static bool find_log_beside(const char *config, const char *web_root, char path[PATH_MAX]) {
    char real[PATH_MAX], folder[PATH_MAX];
    struct stat status;
    const bool linked = realpath(config, real) != NULL && file_parent(real, folder);
    if (!linked && (!file_parent(config, real) || realpath(real, folder) == NULL))
        return false;
    const int len = snprintf(path, PATH_MAX, "%s/%s", folder, CONFIG_LOG_NAME);
    return len > 0 && len < PATH_MAX && stat(folder, &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_uid == geteuid() && (web_root == NULL || !config_lies_in(folder, web_root));
}

bool config_find_log(const char *named, const char *document_root, char path[PATH_MAX]) {
    char config[PATH_MAX], root[PATH_MAX], folder[PATH_MAX];
    struct error error;
    const char *web_root = config_web_root(document_root, root);
    if (config_locate(named, CONFIG_FOR_REQUEST, config, &error) == ERROR_NONE)
        return find_log_beside(config, web_root, path);
    /* Without a config in it, a folder named cgi-login may be the public one. */
    if (web_root == NULL || !config_program_folder(folder))
        return false;
    for (size_t i = FIRST_FOR_REQUEST; i < PLACES; i++)
        if (make_path(folder, &places[i], config) && find_log_beside(config, web_root, path))
            return true;
    return false;
}

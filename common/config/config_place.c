/* SPDX-License-Identifier: MIT */
#include "config/config_place.h"

#include "base/bounds.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/file_fault.h"
#include "base/text.h"
#include "config/config_pointer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIG_IN_FOLDER "cgi-login/config.json"

/* The folders above a program in which a config is looked for. */
struct ancestors {
    const struct program_file *program;
    char path[PATH_MAX]; /* of the one that is at hand; empty: the root folder */
    int level;           /* 1: the one above the program's */
};

/* These are looked at whosever they are. Above them one that is not the owner's, such as /home, is the last. */
enum { ALWAYS_LOOKED_AT = 2 };

static struct ancestors ancestors_begin(const struct program_file *program) {
    struct ancestors above = {.program = program, .level = 0};
    memcpy(above.path, program->folder, strlen(program->folder) + 1);
    return above;
}

static const char *folder_name(const char *path) {
    return *path != '\0' ? path : "/";
}

/* Goes on to the next. False if there is none. */
static bool ancestors_next(struct ancestors *above) {
    struct stat status;
    char *slash = strrchr(above->path, '/');
    if (slash == NULL || slash[1] == '\0' || above->level == CONFIG_ANCESTORS_MAX)
        return false;
    if (above->level >= ALWAYS_LOOKED_AT && (stat(above->path, &status) != 0 || status.st_uid != above->program->owner))
        return false;
    *slash = '\0';
    above->level++;
    return true;
}

/* What is in a place: nothing, the config, one that anybody could have put there, or one of the owner's that others can
 * write. */
enum place { PLACE_EMPTY, PLACE_TAKEN, PLACE_PASSED_OVER, PLACE_REFUSED };

/* True if only the programs' owner, or root, can put files into the folder. */
static bool is_owners_own(const struct program_file *program, const char *folder) {
    struct stat status;
    return stat(folder, &status) == 0 && program_file_trusts(program, status.st_uid) &&
           !program_file_others_write(&status);
}

/* A config and the folder that it is in, which may be a link, must be of the programs' owner, or of the user who runs
 * them, and that folder be one that others cannot write. */
static enum place judge_home(const struct program_file *program, const char *path, const struct stat *file,
                             struct error *error) {
    char home[PATH_MAX];
    struct stat status, link;
    if (!file_parent(path, home) || lstat(home, &link) != 0)
        link = (struct stat){.st_uid = (uid_t)-1};
    status = link;
    if (S_ISLNK(link.st_mode) && stat(home, &status) != 0)
        status = (struct stat){.st_uid = (uid_t)-1};
    const uid_t owners[] = {link.st_uid, status.st_uid, file->st_uid};
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++)
        if (!program_file_trusts(program, owners[i]) && owners[i] != program->user) {
            error_set(error, ERROR_CONFIG,
                      "%s is not taken, since it or its folder is of user %ld, and the programs are of user %ld; give "
                      "them to one user",
                      path, (long)owners[i], (long)program->owner);
            return PLACE_PASSED_OVER;
        }
    if (!program_file_others_write(&status))
        return PLACE_TAKEN;
    error_set(error, ERROR_CONFIG,
              "%s is not taken, since other users can write its folder (mode %04o); run: chmod 755 %s", path,
              (unsigned)status.st_mode & 07777U, home);
    return PLACE_REFUSED;
}

/* The folder that holds the product's own, such as the home, must be one that others cannot write: they could put
 * theirs in its place. Then only its owner can have given the product's own to the user who runs the programs. */
static enum place judge(const struct program_file *program, const char *folder, const char *path,
                        const struct stat *file, struct error *error) {
    if (is_owners_own(program, folder))
        return judge_home(program, path, file, error);
    error_set(error, ERROR_CONFIG,
              "%s is not taken, since others than the programs' owner can put files into %s; run: chmod go-w %s, or "
              "if it is another user's, name the config in " CONFIG_POINTER_NAME " beside the programs",
              path, folder, folder);
    return PLACE_PASSED_OVER;
}

/* The config that the owner has named may lie in a folder of another user's folder. If others can write that, what is
 * in the place of the config now may be theirs, and also that of the user who runs the programs, who is often the
 * server's for every site. */
static enum error_code judge_named(const struct program_file *program, const char *path, struct error *error) {
    char home[PATH_MAX], above[PATH_MAX];
    struct program_file only = *program;
    struct stat file;
    if (lstat(path, &file) != 0)
        return ERROR_NONE; /* who opens it says so */
    if (!file_parent(path, home) || snprintf(above, sizeof above, "%s/..", home) >= (int)sizeof above ||
        !is_owners_own(program, above))
        only.user = program->owner;
    return judge_home(&only, path, &file, error) == PLACE_TAKEN ? ERROR_NONE : ERROR_CONFIG;
}

/* True if `path` will be the config that is expected; that has no symbolic link in it. */
static bool is_expected(const char *path, const char *expected) {
    char home[PATH_MAX], real[PATH_MAX];
    return expected != NULL && file_parent(path, home) && realpath(home, real) != NULL &&
           config_lies_in(expected, real) && strcmp(expected + strlen(real), "/config.json") == 0;
}

/* Looks for the config in a folder above the program; the one that is `expected` (NULL: none) need not be there yet.
 * The error is set if something is there that is not taken, or it cannot be looked at. */
static enum place look(const struct ancestors *above, const char *expected, char path[PATH_MAX], struct error *error) {
    struct stat status;
    char fault[FILE_FAULT_MAX];
    const int written = snprintf(path, PATH_MAX, "%s/" CONFIG_IN_FOLDER, above->path);
    if (written < 0 || written >= PATH_MAX)
        return PLACE_EMPTY;
    if (lstat(path, &status) == 0)
        return judge(above->program, folder_name(above->path), path, &status, error);
    if (errno == ENOENT && is_expected(path, expected)) {
        status.st_uid = above->program->owner;
        return judge(above->program, folder_name(above->path), path, &status, error);
    }
    if (errno == ENOENT)
        return PLACE_EMPTY;
    error_set(error, ERROR_CONFIG, "%s cannot be looked at: %s", path, file_fault(path, errno, fault));
    return PLACE_PASSED_OVER;
}

static enum error_code tell_empty(const struct buffer *looked, struct error *error) {
    return error_set(error, ERROR_CONFIG,
                     "there is no config file: `cgi-login new-site` makes one, or copy config-template.json to "
                     "config.json; or name one with SetEnv CGI_LOGIN_CONFIG or in " CONFIG_POINTER_NAME
                     " beside the programs; looked for " CONFIG_IN_FOLDER " in %s",
                     buffer_text(looked));
}

/* Looks in each folder. What was passed over first is told if nothing is found elsewhere. */
static enum error_code search(const struct program_file *program, const char *expected, char path[PATH_MAX],
                              struct error *error) {
    struct buffer looked = BUFFER_EMPTY;
    struct error fault;
    enum place place = PLACE_EMPTY;
    bool is_passed = false;
    struct ancestors above = ancestors_begin(program);
    while (place != PLACE_TAKEN && place != PLACE_REFUSED && ancestors_next(&above)) {
        place = look(&above, expected, path, &fault);
        if (place == PLACE_REFUSED || (place == PLACE_PASSED_OVER && !is_passed))
            *error = fault;
        is_passed = is_passed || place == PLACE_PASSED_OVER;
        buffer_append_format(&looked, "%s%s", looked.len == 0 ? "" : ", ", folder_name(above.path));
    }
    if (place == PLACE_EMPTY && !is_passed)
        tell_empty(&looked, error);
    buffer_free(&looked);
    return place == PLACE_TAKEN ? ERROR_NONE : ERROR_CONFIG;
}

/* The command-line program lies in bin/ of the product's home. Who can write there can replace it, so nothing is asked
 * of the file here. */
static bool find_at_home(const struct program_file *program, char path[PATH_MAX]) {
    char home[PATH_MAX];
    struct stat status;
    if (!file_parent(program->folder, home))
        return false;
    const int written = snprintf(path, PATH_MAX, "%s/config.json", home);
    return written > 0 && written < PATH_MAX && lstat(path, &status) == 0;
}

enum error_code config_find_expected(const struct program_file *program, const char *expected, char path[PATH_MAX],
                                     struct error *error) {
    switch (config_pointer_read(program, path, error)) {
    case CONFIG_POINTER_READ: return judge_named(program, path, error);
    case CONFIG_POINTER_REFUSED: return ERROR_CONFIG;
    case CONFIG_POINTER_NONE: break;
    }
    return search(program, expected, path, error);
}

enum error_code config_find(const char *named, const struct program_file *program, enum config_reader reader,
                            char path[PATH_MAX], struct error *error) {
    if (named != NULL && *named != '\0')
        return text_copy(path, PATH_MAX, named)
                   ? ERROR_NONE
                   : error_set(error, ERROR_CONFIG, "the path of the config file has more than %d bytes", PATH_MAX - 1);
    if (program == NULL)
        return error_set(error, ERROR_CONFIG,
                         "the config file cannot be looked for, since the system does not tell where the program lies: "
                         "name it with SetEnv CGI_LOGIN_CONFIG");
    if (reader != CONFIG_FOR_REQUEST)
        return find_at_home(program, path) ? ERROR_NONE : search(program, NULL, path, error);
    return config_find_expected(program, NULL, path, error);
}

enum error_code config_locate(const char *named, enum config_reader reader, char path[PATH_MAX], struct error *error) {
    struct program_file program;
    if (named == NULL)
        named = getenv(CONFIG_VARIABLE);
    const bool search = (named == NULL || *named == '\0') && program_file_self(&program);
    return config_find(named, search ? &program : NULL, reader, path, error);
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
    char config[PATH_MAX], root[PATH_MAX];
    struct program_file program;
    struct error error;
    const char *web_root = config_web_root(document_root, root);
    if (config_locate(named, CONFIG_FOR_REQUEST, config, &error) == ERROR_NONE)
        return find_log_beside(config, web_root, path);
    /* Without a config in it, a folder named cgi-login may be the public one. */
    if (web_root == NULL || !program_file_self(&program))
        return false;
    for (struct ancestors above = ancestors_begin(&program); ancestors_next(&above);) {
        const int len = snprintf(config, sizeof config, "%s/" CONFIG_IN_FOLDER, above.path);
        if (len > 0 && len < PATH_MAX && find_log_beside(config, web_root, path))
            return true;
    }
    return false;
}

/* SPDX-License-Identifier: MIT */
#include "admin/site/config_pointing.h"

#include "base/file.h"
#include "base/file_replace.h"
#include "base/text.h"
#include "config/config_place.h"
#include "config/config_pointer.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool config_pointing_find_program(const char *folder, char path[PATH_MAX]) {
    static const char name[] = "login";
    DIR *entries = opendir(folder);
    bool found = false;
    for (const struct dirent *entry; !found && entries != NULL && (entry = readdir(entries)) != NULL;) {
        const char *suffix = text_starts_with(entry->d_name, name) ? entry->d_name + strlen(name) : "-";
        struct stat status;
        const int len = snprintf(path, PATH_MAX, "%s/%s", folder, entry->d_name);
        found = (*suffix == '\0' || (*suffix == '.' && strchr(suffix + 1, '.') == NULL)) && len < PATH_MAX &&
                stat(path, &status) == 0 && S_ISREG(status.st_mode);
    }
    if (entries != NULL)
        closedir(entries);
    return found;
}

/* Writes the path of the config without symbolic links, whether it is there or not. */
static bool find_real(const char *config, char real[PATH_MAX]) {
    char folder[PATH_MAX], home[PATH_MAX];
    if (realpath(config, real) != NULL)
        return true;
    if (!file_parent(config, folder) || realpath(folder, home) == NULL)
        return false;
    const int len = snprintf(real, PATH_MAX, "%s/config.json", home);
    return len > 0 && len < PATH_MAX;
}

static bool is_same(const char *found, const char *config) {
    char real[PATH_MAX];
    return find_real(found, real) && strcmp(real, config) == 0;
}

/* Writes the way from the folder to the config as the file says it: a chroot, or a home that is moved, changes nothing
 * in it. */
static bool make_way(const char *folder, const char *config, char way[PATH_MAX]) {
    size_t common = 0;
    for (size_t i = 0; folder[i] == config[i] && folder[i] != '\0'; i++)
        if (folder[i] == '/')
            common = i;
    const size_t len = strlen(folder);
    if (strncmp(folder, config, len) == 0 && config[len] == '/')
        common = len;
    int used = 0;
    for (const char *rest = folder + common; *rest != '\0' && used < PATH_MAX; rest++)
        if (*rest == '/')
            used += snprintf(way + used, (size_t)(PATH_MAX - used), "../");
    const int written =
        used < PATH_MAX ? snprintf(way + used, (size_t)(PATH_MAX - used), "%s\n", config + common + 1) : 0;
    return written > 0 && written < PATH_MAX - used;
}

/* Says why the programs would not believe the file. NULL: they would. */
static const char *find_obstacle(const struct program_file *program) {
    struct stat folder;
    if (stat(program->folder, &folder) != 0 || !program_file_trusts(program, folder.st_uid))
        return "is not of the user whose files the programs are; give it to that user";
    return program_file_others_write(&folder) ? "can be written by other users; run: chmod 755 on it" : NULL;
}

static enum config_pointing tell(enum config_pointing result, char sentence[LOG_LINE_MAX], const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum config_pointing tell(enum config_pointing result, char sentence[LOG_LINE_MAX], const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, LOG_LINE_MAX, format, arguments);
    va_end(arguments);
    return result;
}

static enum config_pointing write_way(const struct program_file *program, const char *config, bool dry_run,
                                      char sentence[LOG_LINE_MAX]) {
    char way[PATH_MAX], pointer[PATH_MAX], found[PATH_MAX];
    struct error error = {.cause = "they find another"};
    struct stat like = file_look(program->folder);
    const char *obstacle = find_obstacle(program);
    const int len = snprintf(pointer, sizeof pointer, "%s/" CONFIG_POINTER_NAME, program->folder);
    if (obstacle != NULL || len >= (int)sizeof pointer || !make_way(program->folder, config, way))
        return tell(CONFIG_POINTING_FAILED, sentence, "the programs would not find %s, and their folder %s %s", config,
                    program->folder, obstacle != NULL ? obstacle : "has too long a path");
    like.st_uid = program->owner;
    like.st_mode = 0644;
    if (!dry_run && !file_replace_like(pointer, way, strlen(way), &like))
        return tell(CONFIG_POINTING_FAILED, sentence, "%s cannot be written: %s", pointer, strerror(errno));
    if (!dry_run && (config_find_expected(program, config, found, &error) != ERROR_NONE || !is_same(found, config)))
        return tell(CONFIG_POINTING_FAILED, sentence, "the programs in %s do not find %s: %s", program->folder, config,
                    error.cause);
    return tell(CONFIG_POINTING_WRITTEN, sentence,
                "%s %s written, since the programs there would not find %s without it", pointer,
                dry_run ? "would be" : "is", config);
}

enum config_pointing config_pointing_ensure(const char *program, const char *config, bool dry_run,
                                            char sentence[LOG_LINE_MAX]) {
    struct program_file file;
    struct error error;
    char real[PATH_MAX], found[PATH_MAX], named[PATH_MAX];
    if (!program_file_at(program, &file) || !find_real(config, real))
        return tell(CONFIG_POINTING_FAILED, sentence, "%s and %s cannot both be looked at: %s", program, config,
                    strerror(errno));
    if (config_find_expected(&file, real, found, &error) == ERROR_NONE && is_same(found, real))
        return tell(CONFIG_POINTING_NEEDLESS, sentence, "the programs in %s find %s", file.folder, real);
    switch (config_pointer_read(&file, named, &error)) {
    case CONFIG_POINTER_REFUSED: return tell(CONFIG_POINTING_FAILED, sentence, "%s", error.cause);
    case CONFIG_POINTER_READ:
        if (file_look(named).st_size >= 0)
            return tell(CONFIG_POINTING_OTHER, sentence,
                        "the programs in %s use %s and not %s, as " CONFIG_POINTER_NAME
                        " there says; remove that file and run this again if they shall use the latter",
                        file.folder, named, real);
        break; /* it names nothing any more */
    case CONFIG_POINTER_NONE: break;
    }
    return write_way(&file, real, dry_run, sentence);
}

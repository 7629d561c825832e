/* The programs on the disk: whether they are there, whole and may be run, and which config they find from there.
 * SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "admin/check/elf_file.h"
#include "base/file.h"
#include "base/file_fault.h"
#include "config/config_pointer.h"
#include "config/gate_rules.h"
#include "config/program_file.h"
#include "config/routes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum fault {
    FAULT_NONE,
    FAULT_MISSING,
    FAULT_UNREADABLE,
    FAULT_TEXT_MODE,
    FAULT_CUT,
    FAULT_FOREIGN,
    FAULT_NO_PROGRAM,
    FAULT_NOT_RUN,
    FAULT_SHARED,
    FAULTS
};

/* What is told of the programs with a fault, around their names and the folder. */
static const struct {
    const char *before, *after;
} words[FAULTS] = {
    [FAULT_MISSING] = {"these programs are missing", "upload them there"},
    [FAULT_UNREADABLE] = {"these programs cannot be looked at", "they should be yours, with the mode 755"},
    [FAULT_TEXT_MODE] = {"these programs were uploaded in ASCII mode, which damages them",
                         "upload them anew in binary mode"},
    [FAULT_CUT] = {"these programs are not whole", "the upload broke off, or was made in ASCII mode; upload them anew "
                                                   "in binary mode"},
    [FAULT_FOREIGN] = {"these programs are for another kind of processor", "upload those of the archive for this one"},
    [FAULT_NO_PROGRAM] = {"these files are no programs", "upload them anew in binary mode"},
    [FAULT_NOT_RUN] = {"these programs may not be run", "set their mode to 755 (rwxr-xr-x) in the FTP program or the "
                                                        "panel, or with chmod"},
    [FAULT_SHARED] = {"others can write these programs", "set their mode to 755 (rwxr-xr-x): suEXEC runs no others, "
                                                         "and nobody should"}};

static enum fault judge_content(const char *path) {
    enum elf_file_state state;
    if (!elf_file_look(path, &state))
        return FAULT_UNREADABLE;
    switch (state) {
    case ELF_FILE_WHOLE: return FAULT_NONE;
    case ELF_FILE_TEXT_MODE: return FAULT_TEXT_MODE;
    case ELF_FILE_CUT: return FAULT_CUT;
    case ELF_FILE_FOREIGN: return FAULT_FOREIGN;
    case ELF_FILE_NONE: return FAULT_NO_PROGRAM;
    }
    return FAULT_NONE;
}

/* Whoever runs it, its owner must be able to: under suEXEC that is the one, and elsewhere others read and run it. */
static enum fault judge(const struct check *check, const char *program) {
    char path[PATH_MAX];
    struct stat status;
    if (!program_place_path(&check->place, program, path) || stat(path, &status) != 0)
        return errno == ENOENT ? FAULT_MISSING : FAULT_UNREADABLE;
    const enum fault fault = judge_content(path);
    if (fault != FAULT_NONE)
        return fault;
    if ((status.st_mode & S_IXUSR) == 0)
        return FAULT_NOT_RUN;
    return program_file_others_write(&status) ? FAULT_SHARED : FAULT_NONE;
}

/* Looks at the gate, which has no route: a site without rules does without it. */
static enum fault judge_gate(const struct check *check) {
    const enum fault fault = judge(check, "gate");
    return fault == FAULT_MISSING && gate_rules_count(check->config) == 0 ? FAULT_NONE : fault;
}

static void name(struct buffer *names, const struct check *check, const char *program) {
    buffer_append_format(names, "%s%s%s", names->len != 0 ? ", " : "", program, check->place.suffix);
}

/* Says once for each fault which programs have it. */
static bool tell_faults(struct check *check) {
    struct buffer names[FAULTS] = {BUFFER_EMPTY};
    bool whole = true;
    for (enum route route = ROUTE_START; route < ROUTES; route++)
        name(&names[judge(check, route_program(route))], check, route_program(route));
    name(&names[judge_gate(check)], check, "gate");
    for (size_t fault = FAULT_NONE + 1; fault < FAULTS; fault++) {
        if (names[fault].len == 0)
            continue;
        check_fix(check, "in %s %s: %s; %s", check->place.folder, words[fault].before, buffer_text(&names[fault]),
                  words[fault].after);
        whole = false;
    }
    for (size_t fault = FAULT_NONE; fault < FAULTS; fault++)
        buffer_free(&names[fault]);
    check->told = check->told || !whole;
    return whole;
}

static bool tell_folder(struct check *check) {
    struct stat status;
    const char *folder = check->place.folder;
    if (stat(folder, &status) != 0 || !program_file_others_write(&status))
        return true;
    check_fix(check,
              "others can write the programs' folder %s (mode %04o), in which suEXEC runs nothing; run: chmod 755 %s",
              folder, (unsigned)status.st_mode & 07777U, folder);
    check->told = true;
    return false;
}

/* The routes may want a suffix that the files do not have. */
static bool tell_suffix(struct check *check) {
    const struct htaccess_programs *routed = &check->place.routed;
    const char *suffix = check->place.suffix;
    if (routed->url[0] == '\0' || strcmp(routed->suffix, suffix) == 0 || check->state == SITE_REPORTING)
        return true;
    check_fix(check,
              "the routes in %s/.htaccess lead to programs like login%s, and those in %s are called login%s: give them "
              "that name, or run: cgi-login htaccess add --cgi-suffix '%s'",
              check->place.web_root, routed->suffix, check->place.folder, suffix, suffix);
    check->told = true;
    return false;
}

/* A folder that others can write is passed over, and check_permissions has said so. */
static bool home_is_shared(const struct check *check) {
    struct stat status;
    return stat(check->config->home, &status) == 0 && program_file_others_write(&status);
}

/* The config that the programs find by themselves, as under suEXEC, which hands no variable on. */
static bool tell_config(struct check *check) {
    char program[PATH_MAX], path[PATH_MAX], real[PATH_MAX];
    struct program_file file;
    struct error error;
    if (check->state == SITE_REPORTING || home_is_shared(check) ||
        !program_place_path(&check->place, route_program(ROUTE_LOGIN), program) || !program_file_at(program, &file))
        return true;
    const enum error_code code = config_find(NULL, &file, CONFIG_FOR_REQUEST, path, &error);
    const char *found = code == ERROR_NONE ? config_real_path(path, real) : "";
    if (strcmp(found, check->config->path) == 0)
        return true;
    if (!program_file_trusts(&file, file_look(check->config->path).st_uid))
        check_fix(check,
                  "the programs in %s and the config are of different users, and programs that run as their owner "
                  "(suEXEC) heed no stranger's config: give all of it to the account's user",
                  file.folder);
    else if (code == ERROR_NONE && access(found, F_OK) != 0)
        check_fix(check,
                  "%s/" CONFIG_POINTER_NAME " tells the programs of a config that is not there; write the path of this "
                  "one into it: %s",
                  file.folder, check->config->path);
    else if (code == ERROR_NONE)
        check_fix(
            check,
            "the programs in %s find another config than this, %s, unless .htaccess names one and the host hands "
            "that on (suEXEC does not); remove that one, or write the path of this one into %s/" CONFIG_POINTER_NAME,
            file.folder, found, file.folder);
    else
        check_fix(check,
                  "the programs in %s do not find this config by themselves, as they must under suEXEC, which hands on "
                  "nothing that .htaccess says; write its path, %s, into %s/" CONFIG_POINTER_NAME
                  " (one line, mode 644): %.400s",
                  file.folder, check->config->path, file.folder, error.cause);
    check->told = true;
    return false;
}

void check_programs(struct check *check) {
    if (check->place.folder[0] == '\0')
        return;
    const bool folder = tell_folder(check), files = tell_faults(check), suffix = tell_suffix(check);
    /* What is said beside programs that others can write is heeded by none of them. */
    if (folder && tell_config(check) && files && suffix)
        check_ok(check, "the programs in %s are whole, and can be run by their owner", check->place.folder);
}

void check_htaccess(struct check *check) {
    if (!check->place.has_mark)
        return;
    check_fix(
        check,
        "%s/.htaccess begins with a byte order mark, for which Apache answers every page with 500: save it as UTF-8 "
        "without BOM, or run: cgi-login htaccess add",
        check->place.web_root);
    check->told = true;
}

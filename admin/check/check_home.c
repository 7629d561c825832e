/* SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "admin/ca/ca_folder.h"
#include "admin/session_key_file.h"
#include "admin/web_root.h"
#include "base/file_fault.h"
#include "base/json.h"
#include "base/log_file.h"
#include "config/owners.h"
#include "http/template.h"
#include "language/words.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CA_FOLDER_STALE_DAYS = 365 };

/* The config's own line tells what others may do with it. Whether its group may read it depends on who runs the
 * programs, which they say. */
static void tell_readers(const struct check *check, const struct stat *file) {
    const char *path = check->config->path;
    if ((file->st_mode & 077) == 0)
        check_ok(check, "the config can be read by its owner only");
    if ((file->st_mode & (S_IROTH | S_IWOTH | S_IWGRP)) != 0 || (file->st_mode & S_IRGRP) == 0)
        return;
    if (check->state == SITE_REPORTING)
        check_ok(check, "the config can be read by its owner, and by the web server's programs through its group");
    else if (file->st_uid == geteuid() && check->state != SITE_FAILING)
        check_note(check,
                   "the config can be read by its group: right only where the web server runs the programs as another "
                   "user of that group; where it runs them as you they refuse it, so run: chmod 600 %s",
                   path);
}

void check_permissions(const struct check *check) {
    const struct config *config = check->config;
    struct stat file, folder;
    if (stat(config->path, &file) != 0 || stat(config->home, &folder) != 0) {
        check_fix(check, "%s: %s", config->path, strerror(errno));
        return;
    }
    if (file.st_uid != geteuid())
        check_note(check,
                   "the config belongs to user %ld and you are user %ld: run this as the user that runs the programs",
                   (long)file.st_uid, (long)geteuid());
    if ((folder.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        check_fix(check, "%s can be written by other users (mode %04o); run: chmod 755 %s", config->home,
                  (unsigned)folder.st_mode & 07777u, config->home);
    tell_readers(check, &file);
    if (web_root_is_likely(config->path))
        check_fix(check, "%s seems to lie in a web root; move its folder out of there", config->path);
}

/* True, having told of each that is not, if these templates are whole. NULL ends the names. */
static bool are_whole(const struct check *check, const struct template_set *set, const char *const *names) {
    bool all = true;
    cJSON *view = cJSON_CreateObject();
    for (; *names != NULL; names++) {
        struct buffer page = BUFFER_EMPTY;
        struct error error;
        if (template_render_file(set, *names, view, &page, &error) != ERROR_NONE) {
            check_fix(
                check,
                "%s; correct it, or put the product's own in its place: from templates/ of the archive, or remove "
                "it and run `make install`",
                error.cause);
            all = false;
        }
        buffer_free(&page);
    }
    json_free(view);
    return all;
}

void check_templates(const struct check *check) {
    static const char *const visitors[] = {"login",  "profile",  "accounts",  "unlink",  "logout",           "error",
                                           "delete", "deletion", "forbidden", "deleted", "deletion_unknown", NULL};
    static const char *const owners[] = {"console",      "console_welcome", "console_stranger", "console_users",
                                         "console_user", "console_delete",  "console_gate",     NULL};
    char folder[PATH_MAX], languages[PATH_MAX];
    struct template_set set = {.folder = folder, .strict = true};
    struct error fault;
    snprintf(folder, sizeof folder, "%s/templates", check->config->home);
    snprintf(languages, sizeof languages, "%s/languages", check->config->home);
    if (words_open(languages, check->config->language, NULL, &set.words, &fault) != ERROR_NONE) {
        check_fix(check, "%s", fault.cause);
        return;
    }
    const bool visitors_whole = are_whole(check, &set, visitors);
    const bool owners_whole = !owners_have_page(check->config) || are_whole(check, &set, owners);
    if (visitors_whole && owners_whole)
        check_ok(check, "the page templates are whole");
    words_free(set.words);
}

/* Looks at the programs' own log, and writes nothing to it. */
void check_log(const struct check *check) {
    const char *log = check->config->log;
    if (log == NULL || *log != '/')
        return; /* the line about the config has said so */
    const char *problem = log_file_problem(log);
    if (web_root_is_likely(log))
        check_fix(check, "log: %s seems to lie in a web root; name a file outside of it", log);
    else if (problem != NULL)
        check_fix(check, "the programs' error log, %s, cannot be written: %s; mend that, or name another file in `log`",
                  log, problem);
    else
        check_ok(check, "what goes wrong in the programs is written to %s", log);
}

/* A folder that the config names for what the programs keep; its own folder has been looked at. */
void check_state(const struct check *check) {
    const char *folder = check->config->state;
    struct stat status;
    char fault[FILE_FAULT_MAX];
    if (folder == NULL || *folder != '/' || folder == check->config->home)
        return;
    if (stat(folder, &status) != 0 && errno == ENOENT)
        check_fix(check, "state: there is no folder %s; make the folder", folder);
    else if (access(folder, W_OK | X_OK) != 0)
        check_fix(check, "state: %s cannot be written: %s; mend that, or name another folder", folder,
                  file_fault(folder, errno, fault));
    else if (!S_ISDIR(status.st_mode))
        check_fix(check, "state: %s is no folder; name one", folder);
    else if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        check_fix(check, "state: %s can be written by other users (mode %04o); run: chmod 755 %s", folder,
                  (unsigned)status.st_mode & 07777u, folder);
    else
        check_ok(check, "what the programs keep is in %s", folder);
}

/* Looks at the file of `cgi-login export-key`, where there is one. */
void check_session_keys(const struct check *check) {
    char path[PATH_MAX], fault[LOG_LINE_MAX];
    switch (session_key_file_look(check->config, path, fault)) {
    case SESSION_KEY_FILE_NONE: return;
    case SESSION_KEY_FILE_CURRENT: check_ok(check, "%s is of this config's keys", path); return;
    case SESSION_KEY_FILE_STALE:
        check_fix(check, "%s is of other keys or settings than the config now has; run: cgi-login export-key", path);
        return;
    case SESSION_KEY_FILE_FAULTY: check_fix(check, "%s", fault); return;
    case SESSION_KEY_FILE_NO_MEMORY: check_fix(check, "out of memory: %s could not be checked", path); return;
    }
}

void check_ca_folder(const struct check *check) {
    const char *folder = check->config->ca_folder;
    struct ca_folder_contents contents;
    struct error error;
    char fault[FILE_FAULT_MAX];
    struct stat status;
    if (folder == NULL)
        return;
    if (stat(folder, &status) == 0 && !S_ISDIR(status.st_mode)) {
        check_fix(check, "ca_folder: %s is no folder; name one with certificates in it", folder);
        return;
    }
    if (access(folder, R_OK | X_OK) != 0) {
        check_fix(check, "ca_folder: %s cannot be read: %s", folder, file_fault(folder, errno, fault));
        return;
    }
    check_ok(check, "certificates are checked against %s", folder);
    /* Looks only at a folder that ca-refresh can refresh. */
    const bool ours = ca_folder_look(folder, &contents, &error) == ERROR_NONE && contents.files != 0;
    const long days = ours ? (long)((time(NULL) - contents.newest) / SECONDS_PER_DAY) : 0;
    if (days > CA_FOLDER_STALE_DAYS)
        check_note(
            check,
            "the CA certificates in %s were put there %ld days ago, and CAs come and go; run: cgi-login ca-refresh",
            folder, days);
}

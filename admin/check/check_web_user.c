/* What the user may write whom the web server runs the programs as, judged by owners, groups and modes: nobody but that
 * user could try it.
 * SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "base/file.h"
#include "base/user_name.h"
#include "config/store_uri.h"

#include <sys/stat.h>
#include <unistd.h>

/* True if the user has these rights, of 4 (read), 2 (write) and 1 (run, enter). */
static bool may(const struct site_report *user, const struct stat *status, unsigned rights) {
    unsigned mode = status->st_mode & 07U;
    if (user->user == 0)
        return true;
    for (size_t i = 0; i < user->groups_count; i++)
        if (user->groups[i] == (int64_t)status->st_gid)
            mode = (status->st_mode >> 3) & 07U;
    if (user->user == (int64_t)status->st_uid)
        mode = (status->st_mode >> 6) & 07U;
    return (mode & rights) == rights;
}

/* Returns what the user may not write: the file, or where that is to be made, or has files beside it, its folder; NULL:
 * nothing. */
static const char *find_closed(const struct site_report *user, const char *path, bool beside, char folder[PATH_MAX]) {
    struct stat file, around;
    const bool exists = stat(path, &file) == 0;
    if (!file_parent(path, folder) || stat(folder, &around) != 0)
        return NULL; /* the line about the file itself has said so */
    if (exists && !may(user, &file, 6U))
        return path;
    return (beside || !exists) && !may(user, &around, 3U) ? folder : NULL;
}

static void check_file(const struct check *check, const char *key, const char *path, bool beside) {
    char folder[PATH_MAX], user[USER_NAME_SIZE];
    const char *closed = path != NULL && *path == '/' ? find_closed(&check->report, path, beside, folder) : NULL;
    if (closed != NULL)
        check_fix(check,
                  "%s: user %s, as whom the web server runs the programs, may not write %s; let that user's group "
                  "write it, in a folder of its own, or have the host run programs as you (suEXEC)",
                  key, user_name((uid_t)check->report.user, user), closed);
}

void check_web_user(const struct check *check) {
    const char *problem, *store = check->config->store;
    if (check->state != SITE_REPORTING || check->report.user == (int64_t)geteuid())
        return;
    if (store != NULL && store_uri_kind(store, &problem) == STORE_SQLITE)
        check_file(check, "store", store_uri_sqlite_path(store), true);
    check_file(check, "log", check->config->log, false);
}

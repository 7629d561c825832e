/* What the user may write whom the web server runs the programs as, judged by owners, groups and modes: nobody but that
 * user could try it.
 * SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "base/file.h"
#include "config/store_uri.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

enum { GROUPS_LISTED_MAX = 64 };

/* That user, with all groups. */
struct web_user {
    uid_t id;
    gid_t groups[GROUPS_LISTED_MAX];
    int count;
    char name[64];
};

static void find_user(const struct site_report *report, struct web_user *user) {
    *user = (struct web_user){.id = (uid_t)report->user, .groups = {(gid_t)report->group}, .count = 1};
    const struct passwd *entry = getpwuid(user->id);
    snprintf(user->name, sizeof user->name, "%.40s", entry != NULL ? entry->pw_name : "?");
    int count = GROUPS_LISTED_MAX;
    if (entry != NULL && getgrouplist(entry->pw_name, user->groups[0], user->groups, &count) > 0)
        user->count = count;
}

/* True if the user has these rights, of 4 (read), 2 (write) and 1 (run, enter). */
static bool may(const struct web_user *user, const struct stat *status, unsigned rights) {
    unsigned mode = status->st_mode & 07U;
    if (user->id == 0)
        return true;
    for (int i = 0; i < user->count; i++)
        if (user->groups[i] == status->st_gid)
            mode = (status->st_mode >> 3) & 07U;
    if (user->id == status->st_uid)
        mode = (status->st_mode >> 6) & 07U;
    return (mode & rights) == rights;
}

/* Returns what the user may not write: the file, or where that is to be made, or has files beside it, its folder; NULL:
 * nothing. */
static const char *find_closed(const struct web_user *user, const char *path, bool beside, char folder[PATH_MAX]) {
    struct stat file, around;
    const bool exists = stat(path, &file) == 0;
    if (!file_parent(path, folder) || stat(folder, &around) != 0)
        return NULL; /* the line about the file itself has said so */
    if (exists && !may(user, &file, 6U))
        return path;
    return (beside || !exists) && !may(user, &around, 3U) ? folder : NULL;
}

static void check_file(const struct check *check, const struct web_user *user, const char *key, const char *path,
                       bool beside) {
    char folder[PATH_MAX];
    const char *closed = path != NULL && *path == '/' ? find_closed(user, path, beside, folder) : NULL;
    if (closed != NULL)
        check_fix(
            check,
            "%s: user %s (%ld), as whom the web server runs the programs, may not write %s; let that user's group "
            "write it, in a folder of its own, or have the host run programs as you (suEXEC)",
            key, user->name, (long)user->id, closed);
}

void check_web_user(const struct check *check) {
    struct web_user user;
    const char *problem, *store = check->config->store;
    if (check->state != SITE_REPORTING || check->report.user == (int64_t)geteuid())
        return;
    find_user(&check->report, &user);
    if (store != NULL && store_uri_kind(store, &problem) == STORE_SQLITE)
        check_file(check, &user, "store", store_uri_sqlite_path(store), true);
    check_file(check, &user, "log", check->config->log, false);
}

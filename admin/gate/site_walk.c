/* SPDX-License-Identifier: MIT */
#include "admin/gate/site_walk.h"

#include "base/bounds.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct progress {
    const struct site_walk *walk;
    unsigned entries;
};

static void walk_folder(struct progress *progress, const char *path, unsigned depth);

static void visit(struct progress *progress, const char *folder, const char *name, unsigned depth) {
    const struct site_walk *walk = progress->walk;
    char path[SITE_PATH_MAX + 1], file[PATH_MAX];
    struct stat status;
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path ||
        snprintf(file, sizeof file, "%s%s", walk->web_root, path) >= (int)sizeof file || lstat(file, &status) != 0)
        return;
    if (S_ISDIR(status.st_mode) && depth < walk->depth_max)
        walk_folder(progress, path, depth + 1);
    else if (S_ISREG(status.st_mode))
        walk->take(walk->context, folder, name);
}

static void walk_folder(struct progress *progress, const char *path, unsigned depth) {
    char folder[PATH_MAX];
    if (snprintf(folder, sizeof folder, "%s%s", progress->walk->web_root, path) >= (int)sizeof folder)
        return;
    DIR *entries = opendir(folder);
    for (const struct dirent *entry = entries != NULL ? readdir(entries) : NULL;
         entry != NULL && progress->entries < progress->walk->entries_max; entry = readdir(entries)) {
        progress->entries++;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            visit(progress, path, entry->d_name, depth);
    }
    if (entries != NULL)
        closedir(entries);
}

bool site_walk(const struct site_walk *walk, const char *folder) {
    struct progress progress = {.walk = walk};
    walk_folder(&progress, folder, 0);
    return progress.entries < walk->entries_max;
}

/* SPDX-License-Identifier: MIT */
#include "config/private_file.h"

#include "base/file.h"
#include "base/file_fault.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool private_file_is_private(const char *path, const struct stat *status, enum config_reader reader,
                             char fault[LOG_LINE_MAX]) {
    const unsigned mode = (unsigned)status->st_mode & 07777u;
    const bool ours = status->st_uid == geteuid();
    if ((mode & (S_IROTH | S_IWOTH | S_IWGRP)) != 0)
        snprintf(fault, LOG_LINE_MAX, "%s can be %s by other users (mode %04o); run: chmod 600 %s", path,
                 (mode & S_IROTH) != 0 ? "read" : "written", mode, path);
    else if (ours && (mode & S_IRGRP) != 0 && reader == CONFIG_FOR_REQUEST)
        snprintf(fault, LOG_LINE_MAX, "%s can be read by other users of its group (mode %04o); run: chmod 600 %s", path,
                 mode, path);
    else
        return true;
    return false;
}

void private_file_check(const char *key, const char *path, enum config_reader reader, struct problems *problems) {
    struct stat status;
    char fault[LOG_LINE_MAX];
    if (stat(path, &status) != 0)
        problems_add(problems, "%s: %s cannot be looked at: %s", key, path, file_fault(path, errno, fault));
    else if (!private_file_is_private(path, &status, reader, fault))
        problems_add(problems, "%s: %s", key, fault);
}

/* A file in the web root can be downloaded. Its folder is looked at, since the file need not be there yet. */
void private_file_check_place(const char *home, const char *key, const char *path, const char *web_root,
                              struct problems *problems) {
    char folder[PATH_MAX], real[PATH_MAX];
    if (web_root == NULL || !file_parent(path, folder) || strcmp(folder, home) == 0)
        return;
    if (config_lies_in(config_real_path(folder, real), web_root))
        problems_add(problems, "%s: %s lies in the web root, where anybody could fetch it; name a file outside of it",
                     key, path);
}

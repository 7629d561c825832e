/* Has the programs in a folder find a config where the host hands on no variable that names it (suEXEC): by the file
 * beside them (config/config_pointer.h), which is written only where they would find none without it, or another.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CONFIG_POINTING_H
#define CGI_LOGIN_CONFIG_POINTING_H

#include "base/bounds.h"

#include <limits.h>
#include <stdbool.h>

enum config_pointing {
    CONFIG_POINTING_NEEDLESS, /* they find it by themselves, or the file says so already */
    CONFIG_POINTING_WRITTEN,  /* or, in a dry run, would be */
    CONFIG_POINTING_OTHER,    /* the file names another config, which is there; it was left as it is */
    CONFIG_POINTING_FAILED
};

/* Finds the program `login` in the folder, with whatever suffix, and writes its path. False if there is none. */
bool config_pointing_find_program(const char *folder, char path[PATH_MAX]);

/* Makes sure that `program`, run as its owner, finds `config`, whose folder is there. With `dry_run` nothing is
 * written. `sentence` says what is so, and what to do. */
enum config_pointing config_pointing_ensure(const char *program, const char *config, bool dry_run,
                                            char sentence[LOG_LINE_MAX]);

#endif

/* A folder of the site that a command guards or opens: its path, where it lies, and its rule.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_FOLDER_H
#define CGI_LOGIN_GATE_FOLDER_H

#include "admin/config_edit.h"
#include "admin/gate/htaccess_file.h"
#include "admin/gate/site_place.h"

#include "base/bounds.h"
#include "config/gate_rules.h"

struct gate_folder {
    struct config *config; /* as it is before */
    struct config_edit edit;
    struct site_place place;
    char path[SITE_PATH_MAX + 1]; /* without a slash at its end */
    char folder[PATH_MAX];
    struct htaccess_file htaccess;
    bool has_rule; /* `rule` is that of this very path */
    struct gate_rule rule;
};

/* Reads the path of the command line, and all that there is about it. COMMAND_DONE, or it has complained. *folder is
 * the caller's either way (gate_folder_clear). */
enum command_status gate_folder_read(const struct command_line *line, struct gate_folder *folder);

void gate_folder_clear(struct gate_folder *folder);

#endif

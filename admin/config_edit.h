/* config.json, changed by a command: read as it is, checked as it will be, and put in place in one step, with the file
 * as it was kept beside it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CONFIG_EDIT_H
#define CGI_LOGIN_CONFIG_EDIT_H

#include "admin/command.h"

struct config_edit {
    char path[PATH_MAX]; /* without symbolic links */
    char home[PATH_MAX]; /* the folder that holds it */
    char backup[PATH_MAX];
    bool locked;
    int lock;           /* on the folder, so that no two commands change the config at once */
    struct stat status; /* as it was read, or written last */
    struct buffer text; /* as it was read; holds secrets */
    cJSON *document;    /* the same, parsed: an object without a double key */
};

/* Finds the config that `line` means, and keeps other commands from changing it. False, having complained. *edit, which
 * is zero before, is the caller's either way (config_edit_clear). */
bool config_edit_find(const struct command_line *line, struct config_edit *edit);

/* Reads it, whatever is wrong in it besides: it must have base_url and providers. False, having complained. *edit is
 * the caller's either way (config_edit_clear). */
bool config_edit_read(struct config_edit *edit);

/* Looks at the new config in the file at `path`. False, having complained, if it may not be put in place. */
typedef bool (*config_edit_check)(void *context, const char *path);

/* Writes the new text beside the config, has it checked, and puts it in the config's place, unless somebody else has
 * changed that since. Can be done again: `text` and the file beside it stay what was read first. False, having
 * complained, with nothing changed. */
bool config_edit_replace(struct config_edit *edit, const struct buffer *text, config_edit_check check, void *context);

/* A check for a config that was right as a whole before: it must be so still. */
bool config_edit_loads(void *context, const char *path);

void config_edit_clear(struct config_edit *edit);

#endif

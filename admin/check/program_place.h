/* Where the programs lie on this machine's disk, and what their files are called.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROGRAM_PLACE_H
#define CGI_LOGIN_PROGRAM_PLACE_H

#include "admin/htaccess/htaccess_lines.h"
#include "config/config.h"

#include <limits.h>
#include <stdbool.h>

struct program_place {
    char web_root[PATH_MAX];           /* without symbolic links; "": not known */
    bool has_htaccess;                 /* there is an .htaccess in it */
    bool has_mark;                     /* with a byte order mark */
    struct htaccess_programs routed;   /* where its routes lead; url "": it has none */
    char folder[PATH_MAX];             /* of the programs; "": not known */
    char suffix[PROGRAMS_SUFFIX_SIZE]; /* of most files there: ".cgi", or "" */
};

/* Finds what can be found. `folder` and `document_root` are what the web side says of itself, or NULL. Otherwise what
 * `make install` left tells, the routes in .htaccess, and the names that hosts give their folders. */
void program_place_find(const struct config *config, const char *folder, const char *document_root,
                        struct program_place *place);

/* Writes the path of a program. False if it is too long. */
bool program_place_path(const struct program_place *place, const char *program, char path[PATH_MAX]);

#endif

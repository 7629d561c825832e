/* Where the site is: its document root, the address of the program `gate`, and the program itself. Only the web server
 * knows for sure, so what `make install` left, and our routes in .htaccess, tell, and what stays unclear is asked for.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SITE_PLACE_H
#define CGI_LOGIN_SITE_PLACE_H

#include "config/config.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

enum { GATE_URL_SIZE = 256 };

struct site_place {
    char web_root[PATH_MAX];      /* without symbolic links; "": not known */
    char gate_url[GATE_URL_SIZE]; /* such as "/cgi-bin/gate.cgi"; "": not known */
    char gate_file[PATH_MAX];     /* of the program; "": not known */
    uid_t owner;                  /* whose account it is: the config's owner */
};

/* Finds what can be found. `web_root`, `gate_url` and `gate_file` are what the owner says, or NULL. */
void site_place_find(const struct config *config, const char *web_root, const char *gate_url, const char *gate_file,
                     struct site_place *place);

/* Writes the folder of a path that site_path_read_decoded gave. False, with a sentence in `fault`, if it is not there,
 * is no folder, is not the owner's, or a symbolic link leads to it. */
bool site_place_folder(const struct site_place *place, const char *path, char folder[PATH_MAX],
                       char fault[LOG_LINE_MAX]);

#endif

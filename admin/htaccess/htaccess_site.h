/* The web root's .htaccess as a command changes it: what is there, what is to be there, and where that was found.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTACCESS_SITE_H
#define CGI_LOGIN_HTACCESS_SITE_H

#include "admin/command.h"
#include "admin/gate/htaccess_file.h"
#include "admin/htaccess/htaccess_lines.h"
#include "admin/htaccess/htaccess_merge.h"

struct htaccess_site {
    char config_path[PATH_MAX]; /* need not be there yet */
    char home[PATH_MAX];        /* the folder that holds it */
    struct config *config;      /* NULL: there is none that can be used yet */
    char web_root[PATH_MAX];
    struct htaccess_file file;
    struct htaccess_programs programs;
    struct buffer lines; /* our block */
};

/* Finds all this but the lines by the command line, and reads the file. COMMAND_DONE, or it has complained. *site is
 * the caller's either way (htaccess_site_clear). */
enum command_status htaccess_site_read(const struct command_line *line, struct htaccess_site *site);

/* Finds where the programs are (the command line says it, else the file as it is, else htaccess.example), and makes the
 * lines. False, having complained. */
bool htaccess_site_make_lines(const struct command_line *line, struct htaccess_site *site);

/* Makes the lines with those that let the web root hold programs, where they were without, and the other way round:
 * only the site itself tells which of them the host wants. False if the programs do not lie in the web root, or having
 * complained. */
bool htaccess_site_turn_lines(const struct command_line *line, struct htaccess_site *site);

/* Makes the text that the file is to have: as it is, with the lines in it. False, having complained. */
bool htaccess_site_merge(const struct htaccess_site *site, struct buffer *text, struct htaccess_merge *merge);

void htaccess_site_clear(struct htaccess_site *site);

#endif

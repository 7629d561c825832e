/* Where a new site's parts are, and where they go: found out, or said by the owner.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SITE_PLAN_H
#define CGI_LOGIN_SITE_PLAN_H

#include "admin/htaccess/htaccess_lines.h"

#include <limits.h>
#include <stdbool.h>

enum { SITE_FOLDERS_MAX = 3 };

/* A folder that the programs may go into. */
struct site_folder {
    char path[PATH_MAX];
    char url[PROGRAMS_URL_SIZE]; /* its address's path */
    bool exists;
    bool run_here; /* programs run there once .htaccess says so */
};

struct site_plan {
    bool archive;            /* this program lies in an unpacked archive, beside cgi-bin/ and public_html/ */
    char source[PATH_MAX];   /* the folder above this program's: the archive's cgi-login/, or the product's home */
    char home[PATH_MAX];     /* where config.json is, or will be */
    char web_root[PATH_MAX]; /* "": not found */
    char suffix[PROGRAMS_SUFFIX_SIZE];
    struct site_folder folders[SITE_FOLDERS_MAX]; /* the likeliest first */
    size_t folder_count;
};

/* What the owner says, each NULL where they do not. */
struct site_wishes {
    const char *home, *cgi_bin, *cgi_url;
};

/* Finds the source and the home. False, with a sentence in `fault`, if this program lies in neither. */
bool site_plan_begin(const struct site_wishes *wishes, struct site_plan *plan, char fault[LOG_LINE_MAX]);

/* Finds the web root of the site of this name, such as "www.shop.example". */
void site_plan_find_web_root(struct site_plan *plan, const char *host);

/* Finds the folders for the programs, once the web root is known: that of an install, or those that the archive's may
 * go into. False, with a sentence in `fault`. */
bool site_plan_find_programs(const struct site_wishes *wishes, struct site_plan *plan, char fault[LOG_LINE_MAX]);

#endif

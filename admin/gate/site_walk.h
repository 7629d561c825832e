/* The files of a folder of the site, and of those in it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SITE_WALK_H
#define CGI_LOGIN_SITE_WALK_H

#include <stdbool.h>

/* Takes one file: `folder` is its folder's path on the site, without a slash at its end, so "" for the web root. */
typedef void (*site_walk_taker)(void *context, const char *folder, const char *name);

struct site_walk {
    const char *web_root;
    unsigned entries_max; /* so many are looked at, and no more */
    unsigned depth_max;   /* how deep folders may lie in the first */
    site_walk_taker take;
    void *context;
};

/* Gives each regular file in `folder`, a path as the taker gets it, to the taker. Symbolic links are not followed, and
 * what cannot be read is left out. False if there is more than entries_max. */
bool site_walk(const struct site_walk *walk, const char *folder);

#endif

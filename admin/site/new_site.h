/* A new site as `cgi-login new-site` makes it, once it is known what goes where.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_NEW_SITE_H
#define CGI_LOGIN_NEW_SITE_H

#include "admin/command.h"
#include "admin/site/site_copy.h"
#include "admin/site/site_plan.h"
#include "base/buffer.h"

enum { SITE_URL_SIZE = 512 };

struct new_site {
    const struct command_line *line;
    struct site_plan plan;
    char base_url[SITE_URL_SIZE], host[SITE_URL_SIZE]; /* host: its name alone */
    char config[PATH_MAX];
    bool has_config; /* one is there already */
    char provider[PROVIDER_NAME_MAX + 1];
    struct buffer text; /* of the new config; holds secrets */
    struct site_copy copied;
    const struct site_folder *folder; /* that the programs are in */
};

/* Looks for a config at the home; where there is one, takes base_url and provider from it. False, having complained, if
 * it cannot be used. */
bool new_site_read_config(struct new_site *site);

/* Says what to do at the provider, asks for what it gives, and makes the config's text. False, having complained, with
 * nothing changed. */
bool new_site_ask(struct new_site *site);

/* Says what would be copied and written. */
bool new_site_show(struct new_site *site);

/* Does it, and tries the site. False, having said what is missing; it can be done again. */
bool new_site_make(struct new_site *site);

void new_site_clear(struct new_site *site);

#endif

/* Whether the site guards what a rule of the gate says: asked for the folder, for a name that nobody has, for a file of
 * each kind in it, since a server in front may send pictures by itself, and below each .htaccess in it, which may undo
 * what the folder's own says.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_GUARD_H
#define CGI_LOGIN_GATE_GUARD_H

#include "admin/gate/gate_ask.h"
#include "admin/gate/site_place.h"

#include "base/bounds.h"
#include "config/gate_rules.h"

struct gate_guard {
    struct gate_asked asked;      /* the worst reply: SERVED, OTHER, UNREACHABLE, and REFUSED only if all are */
    char path[SITE_PATH_MAX + 1]; /* what it is about */
    size_t count;                 /* how many paths it was asked for; 0: another rule, or public, is all there */
    bool exists;                  /* the rule's path is there; true also where the web root is not known */
};

/* Asks about a rule. */
struct gate_guard gate_guard_ask(struct http_client *client, const struct config *config,
                                 const struct site_place *place, const struct gate_rule *rule);

#endif

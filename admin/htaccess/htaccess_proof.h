/* Whether the web root's .htaccess does what it should: each route is asked for at the site itself.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTACCESS_PROOF_H
#define CGI_LOGIN_HTACCESS_PROOF_H

#include "base/buffer.h"
#include "config/config.h"

#include <stdbool.h>
#include <stddef.h>

enum htaccess_proof {
    HTACCESS_PROVED,     /* every route leads to its program */
    HTACCESS_UNASKED,    /* the site does not respond at all */
    HTACCESS_DISPROVED,  /* one does not */
    HTACCESS_BREAKS_SITE /* and the home page, which did respond before, is a fault of the server now */
};

/* The status of the home page: 0 if the site does not respond. To be asked before something is changed. */
long htaccess_proof_begin(const struct config *config);

/* Asks for each route, and appends what is not as it should be, a line each. `before` is what htaccess_proof_begin
 * returned. */
enum htaccess_proof htaccess_proof_ask(const struct config *config, const char *web_root, long before,
                                       struct buffer *faults);

#endif

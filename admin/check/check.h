/* What is right with the setup, and what to change: for `cgi-login check` and the owner's page.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CHECK_H
#define CGI_LOGIN_CHECK_H

#include "admin/check/finding.h"

#include <stdbool.h>
#include <stdint.h>

/* Takes a URI that the owner has to register with a provider, whose title is `provider`. `what`: "Redirect URI". */
typedef void (*check_take_uri)(void *context, const char *what, const char *provider, const char *uri);

struct check_options {
    bool online;          /* asks the providers' hosts, too */
    int64_t milliseconds; /* how long the site may be asked, and with `online` the providers; 0: as long as it takes */
    struct finding_taker taker;
    check_take_uri take_uri; /* with the taker's context; or NULL */
};

/* Looks at the config, which `path` names (config_locate), and at all that it leads to. Changes nothing but what is
 * kept of an issuer, and that with `online` only. */
void check_site(const char *path, const struct check_options *options);

#endif

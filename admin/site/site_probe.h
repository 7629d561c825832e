/* Whether the host runs programs in a folder, and as whom: a script of two lines, of a name that nobody guesses, lies
 * there for the moment in which the site is asked for it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SITE_PROBE_H
#define CGI_LOGIN_SITE_PROBE_H

#include "base/bounds.h"
#include "http/http_client.h"

#include <stdbool.h>
#include <sys/types.h>

enum site_probe {
    SITE_PROBE_RUNS,
    SITE_PROBE_DOES_NOT_RUN, /* the site responds, and something else than the script did */
    SITE_PROBE_UNREACHABLE,  /* the site does not respond */
    SITE_PROBE_FAILED        /* the script could not be written */
};

struct site_probed {
    enum site_probe result;
    uid_t user; /* with SITE_PROBE_RUNS */
    char why[LOG_LINE_MAX];
};

/* `url` is that of the folder, such as "https://www.example.com/cgi-bin"; `suffix` ends the script's name. */
struct site_probed site_probe(struct http_client *client, const char *folder, const char *url, const char *suffix);

#endif

/* A folder in the web root for a moment, in which the lines of each way are tried: there is nothing else that tells
 * what a host offers.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_PROBE_H
#define CGI_LOGIN_GATE_PROBE_H

#include "admin/gate/gate_ask.h"
#include "admin/gate/site_place.h"

#define GATE_PROBE_PATH "/cgi-login-probe-" /* the token follows */
enum { GATE_PROBE_TOKEN_LENGTH = 32 };

struct gate_probe {
    char folder[PATH_MAX];                   /* "": there is none */
    char path[64];                           /* its address, without a slash at the end: one that nobody can guess */
    char token[GATE_PROBE_TOKEN_LENGTH + 1]; /* what its files hold */
};

/* Makes the folder, with files in it that a rule for `path` guards, but for one that is `public` there: "open.html".
 * ERROR_INTERNAL if it cannot be made. *probe is the caller's either way (gate_probe_remove). */
enum error_code gate_probe_make(const struct site_place *place, struct gate_probe *probe, struct error *error);

/* Tries these lines: true if the gate keeps what it is to keep and lets through what is public. Otherwise `why` says
 * what happened. */
bool gate_probe_try(const struct gate_probe *probe, struct http_client *client, const struct config *config,
                    const struct buffer *lines, char why[LOG_LINE_MAX]);

/* Removes the folder and what is in it. */
void gate_probe_remove(struct gate_probe *probe);

#endif

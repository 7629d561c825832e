/* What the site itself says to somebody who is not signed in: whether a path is behind the gate.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_ASK_H
#define CGI_LOGIN_GATE_ASK_H

#include "config/config.h"
#include "http/http_client.h"

enum gate_reply {
    GATE_REPLY_REFUSED,    /* by the gate: problem+json, 401, 403 or 404 */
    GATE_REPLY_SERVED,     /* a success: it is open */
    GATE_REPLY_OTHER,      /* something else, which the gate did not say */
    GATE_REPLY_UNREACHABLE /* the site did not respond */
};

struct gate_asked {
    enum gate_reply reply;
    long status;
    char text[LOG_LINE_MAX]; /* what was served, cut; or why there was no response */
};

/* Asks the site for a path that site_path_read_decoded gave, as a script would. */
struct gate_asked gate_ask(struct http_client *client, const struct config *config, const char *path);

#endif

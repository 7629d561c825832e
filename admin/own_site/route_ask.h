/* What the site itself says at one of our routes: whether it leads to its program.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ROUTE_ASK_H
#define CGI_LOGIN_ROUTE_ASK_H

#include "config/config.h"
#include "config/routes.h"
#include "http/http_client.h"

enum route_reply {
    ROUTE_REPLY_OURS,       /* a program of ours responded, whatever it said */
    ROUTE_REPLY_FAULT,      /* one of ours did, and its config is at fault: the log says how */
    ROUTE_REPLY_OTHER,      /* something else did */
    ROUTE_REPLY_UNREACHABLE /* nothing did */
};

struct route_asked {
    enum route_reply reply;
    long status;            /* 0: nothing responded */
    char why[LOG_LINE_MAX]; /* a sentence on what it means; "" for ROUTE_REPLY_OURS */
};

/* Asks for the route as a script would, with GET. `provider` goes into a route that names one. */
struct route_asked route_ask(struct http_client *client, const struct config *config, enum route route,
                             const char *provider);

/* Writes the folder in the web root that hides a route: Apache serves what is in it. False if there is none. */
bool route_is_hidden(const char *web_root, enum route route, char folder[PATH_MAX]);

#endif

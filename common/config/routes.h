/* The addresses of the programs: the one table of them in C. htaccess.example has the same for Apache.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ROUTES_H
#define CGI_LOGIN_ROUTES_H

#include "base/buffer.h"
#include "http/request.h"

enum route {
    ROUTE_START,
    ROUTE_CALLBACK,
    ROUTE_LOGIN,
    ROUTE_PROFILE,
    ROUTE_LOGOUT,
    ROUTE_DEAUTHORIZE,
    ROUTE_DELETION,
    ROUTE_BACKCHANNEL,
    ROUTE_CONSOLE, /* what follows it, in a provider's place, is one of its pages */
    ROUTES         /* how many there are */
};

/* Paths as constants. The first two are the default of a setting. */
#define ROUTE_PATH_LOGIN "/login"
#define ROUTE_PATH_PROFILE "/profile"
#define ROUTE_PATH_LOGOUT "/logout"
#define ROUTE_PATH_START "/auth" /* with all that concerns one provider below */
#define ROUTE_PATH_CONSOLE "/auth/console"
#define ROUTE_PATH_FILES "/cgi-login" /* the folder of what the pages need, such as their style sheet */

/* Returns the name of the program that a route leads to. */
const char *route_program(enum route route);

/* Appends the route's path. `provider` goes into a path that names one; NULL is the default provider. */
void route_append(struct buffer *out, enum route route, const char *provider);

/* Appends the path of a link on a page: the route or, when `request` came by the plain CGI path, the program beside the
 * one that runs. `provider` may be NULL. */
void route_append_link(struct buffer *out, const struct request *request, enum route route, const char *provider);

/* True if the path leads to the route's program for this provider: the route itself, or the plain CGI path, with any
 * folder and suffix; a slash at its end changes nothing. */
bool route_is_reached(enum route route, const char *provider, const char *path);

#endif

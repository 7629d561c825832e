/* Where the person wants to be after the login: the parameter return_to of a link to start or to the sign-in page.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_RETURN_TO_H
#define CGI_LOGIN_RETURN_TO_H

#include "program/context.h"

#define RETURN_TO_PARAMETER "return_to"

/* Reads it as a path of this site, percent-encoded: "" if there is none. Of one that cannot be used a note says why. */
void return_to_read(struct context *context, char path[RETURN_TO_MAX + 1]);

#endif

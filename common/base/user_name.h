/* What a user is called. From /etc/passwd alone, without the C library's name services: those load libraries, and glibc's
 * crash where memory runs out.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_USER_NAME_H
#define CGI_LOGIN_USER_NAME_H

#include <sys/types.h>

enum { USER_NAME_SIZE = 64 };

/* Writes name and number, "anna (1001)", or the number alone where there is no name. Returns `text`. */
const char *user_name(uid_t user, char text[USER_NAME_SIZE]);

#endif

/* What a user is called, by /etc/passwd alone: the name services of the C library load libraries, and those of glibc
 * crash where memory runs out.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_USER_NAME_H
#define CGI_LOGIN_USER_NAME_H

#include <sys/types.h>

enum { USER_NAME_SIZE = 64 };

/* Writes name and number, "anna (1001)", or the number alone where there is no name. Returns `text`. */
const char *user_name(uid_t user, char text[USER_NAME_SIZE]);

#endif

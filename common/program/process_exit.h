/* How a CGI program ends so that Apache need not wait for it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROCESS_EXIT_H
#define CGI_LOGIN_PROCESS_EXIT_H

#include <stdbool.h>

/* True in a build whose leak check wants everything freed first. */
bool exit_is_leak_checked(void);

/* Ends the process. Its output stays open until it has ended: Apache, which looks once whether a program is gone when
 * its output closes, and otherwise sleeps (47 ms with mod_cgi, 10 ms with mod_cgid), then always finds it gone. */
_Noreturn void process_exit(int status);

#endif

/* How a CGI program ends so that Apache need not wait for it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROCESS_EXIT_H
#define CGI_LOGIN_PROCESS_EXIT_H

#include <stdbool.h>

/* True in a build whose leak check wants everything freed first. */
bool exit_is_leak_checked(void);

/* Ends the process. A child keeps the output open until the process has ended. When the output closes, Apache looks
 * once whether the program is gone, and sleeps if it is not (47 ms with mod_cgi, 10 ms with mod_cgid). This way it
 * always finds the program gone. */
_Noreturn void process_exit(int status);

#endif

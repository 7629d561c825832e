/* Ctrl-C, and the signals that end a program, while files are changed that have to be put back first.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_STOP_H
#define CGI_LOGIN_GATE_STOP_H

#include <stdbool.h>

/* From now on such a signal ends nothing, and is remembered. */
void gate_stop_watch(void);

/* True once one has come. */
bool gate_stop_asked(void);

#endif

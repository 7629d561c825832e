/* What went wrong, for the operator: on the server's error log and in a file of our own. Servers differ in where they
 * put the former, and not everybody can read it: mod_cgid sends it to the server's main log, without time or client.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ERROR_LOG_H
#define CGI_LOGIN_ERROR_LOG_H

#include "program/context.h"

/* Writes each line of the response's notes to both. The file is the config's `log`, or the one beside a config that
 * cannot be read; a line in it begins with time, program, process and request. That it cannot be written is no
 * failure: the server's log has the line. */
void error_log_write(const struct context *context, const char *program);

#endif

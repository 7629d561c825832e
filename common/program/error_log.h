/* What went wrong, for the operator: in the server's error log, and in a file of our own. Servers differ in where their
 * log is, and not everybody can read it: mod_cgid writes to the server's main log, without time or client.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ERROR_LOG_H
#define CGI_LOGIN_ERROR_LOG_H

#include "program/context.h"

/* Writes each line of the response's notes to both. The file is the config's `log`, or the one beside a config that
 * cannot be read. A line in it begins with time, program, process and request. A file that cannot be written is no
 * failure, since the server's log has the line. */
void error_log_write(const struct context *context, const char *program);

#endif

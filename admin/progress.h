/* How far a command has come, in a line on the terminal's standard error. Each line is written over the one before.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROGRESS_H
#define CGI_LOGIN_PROGRESS_H

/* Shows the line (printf's format), where standard error is a terminal. */
void progress_show(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends the line, if there is one, so that it stays. */
void progress_end(void);

#endif

/* How far a command has come: a line on a terminal's standard error that each next one is written over.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROGRESS_H
#define CGI_LOGIN_PROGRESS_H

/* Shows the line (printf's format), where standard error is a terminal. */
void progress_show(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Leaves the last line as it is and goes to the next, if there is one. */
void progress_end(void);

#endif

/* What every program of the product does to its own process before anything else.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROCESS_H
#define CGI_LOGIN_PROCESS_H

/* Opens what is closed of standard input, output and error, so that no file and no connection gets its number, and so
 * what is printed. To read from it, or to write to it, fails as before. */
void process_keep_streams(void);

/* Does that, and makes the process leave no secret in a core file and make no file that others can read. Neither a
 * reader that goes away nor a file that may not grow ends it half-way. */
void process_harden(void);

#endif

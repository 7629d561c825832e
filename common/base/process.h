/* What every program of the product does to its own process before anything else.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROCESS_H
#define CGI_LOGIN_PROCESS_H

/* Makes the process leave no secret in a core file and make no file that others can read. Neither a reader that goes
 * away nor a file that may not grow ends it half-way. */
void process_harden(void);

#endif

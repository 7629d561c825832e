/* What the running program is called, for who starts its full program (mongodb_loader.h).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROGRAM_NAME_H
#define CGI_LOGIN_PROGRAM_NAME_H

/* Says it, once; `name` is a constant. */
void program_name_set(const char *name);

/* The name; "" while nobody has said it. */
const char *program_name(void);

#endif

/* The file beside the programs that says in one line where their config is: for hosts that hand on no variable
 * (suEXEC), where the search would find no config, or another site's.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CONFIG_POINTER_H
#define CGI_LOGIN_CONFIG_POINTER_H

#include "base/error.h"
#include "config/program_file.h"

/* Its name. The rules of htaccess.example hide files that begin with a dot. */
#define CONFIG_POINTER_NAME ".cgi-login-config"

enum config_pointer { CONFIG_POINTER_NONE, CONFIG_POINTER_READ, CONFIG_POINTER_REFUSED };

/* Reads it. With CONFIG_POINTER_READ `path` is what it names; what does not begin with a slash counts from the
 * programs' folder. It is refused, with an error that says what to do, if anybody but the program's owner could have
 * written it: who names the config decides who is signed in. */
enum config_pointer config_pointer_read(const struct program_file *program, char path[PATH_MAX], struct error *error);

#endif

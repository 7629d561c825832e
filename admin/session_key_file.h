/* The file with which the site's own scripts open the session's cookie (identity/): what session.c opens it with, in
 * JSON, of the keys only the subkeys for sessions.
 *
 *   version           1
 *   cookie            the cookie's name
 *   base_url          of the config
 *   recheck_seconds   after so long a session is due for a check
 *   limit_seconds     after so long without one an opener refuses it
 *   providers         those of the config: a session of another one is none
 *   keys              each {"ids": its id and its older one, "key": the subkey}, in hexadecimal
 *   names             what the short keys in the cookie stand for
 *
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SESSION_KEY_FILE_H
#define CGI_LOGIN_SESSION_KEY_FILE_H

#include "config/config.h"

/* The file's name beside the config. */
#define SESSION_KEY_FILE_NAME "session-keys.json"

/* Makes the text, which the same config always makes the same, to be freed with json_free_text. NULL when memory runs
 * out. */
char *session_key_file_text(const struct config *config);

/* What there is to say of a file of an earlier run. */
enum session_key_file_state {
    SESSION_KEY_FILE_NONE,    /* there is none */
    SESSION_KEY_FILE_CURRENT, /* it is what would be written now */
    SESSION_KEY_FILE_STALE,   /* something else */
    SESSION_KEY_FILE_FAULTY,  /* others can read or write it, or it cannot be read; `fault` has a sentence */
    SESSION_KEY_FILE_NO_MEMORY
};

/* Looks at the file beside the config, whose path is written. */
enum session_key_file_state session_key_file_look(const struct config *config, char path[PATH_MAX],
                                                  char fault[LOG_LINE_MAX]);

#endif

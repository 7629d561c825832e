/* The lines that the web root's .htaccess needs: those of htaccess.example, with what is this site's own in them.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTACCESS_LINES_H
#define CGI_LOGIN_HTACCESS_LINES_H

#include "base/buffer.h"
#include "base/error.h"

#include <limits.h>

enum { PROGRAMS_URL_SIZE = 256, PROGRAMS_SUFFIX_SIZE = 16 };

/* Where the programs are asked for. */
struct htaccess_programs {
    char url[PROGRAMS_URL_SIZE];       /* of their folder, such as "/cgi-bin"; "": not known */
    char suffix[PROGRAMS_SUFFIX_SIZE]; /* ".cgi", or "" */
    bool run_here;                     /* the lines that make them run are there: ExecCGI, and a handler */
};

/* Reads this off the routes in a text. False, with an empty url, if it has none. */
bool htaccess_programs_read(const char *text, struct htaccess_programs *programs);

/* True for the path of a folder that can be written into a rule, and for ".cgi" and its like. */
bool htaccess_url_is_valid(const char *url);
bool htaccess_suffix_is_valid(const char *suffix);

/* Appends the block, marks included, each line with "\n" at its end. `example` is the text of htaccess.example,
 * `config` the path of the config. ERROR_CONFIG if the example has no whole block, or the path cannot be written. */
enum error_code htaccess_lines_make(const char *example, const char *config, const struct htaccess_programs *programs,
                                    struct buffer *lines, struct error *error);

/* Reads htaccess.example: `named`, or the one in `home`, or the one of the archive, beside that. ERROR_CONFIG if it
 * cannot be read. */
enum error_code htaccess_example_read(const char *named, const char *home, struct buffer *text, struct error *error);

#endif

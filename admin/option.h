/* The options of the command line, read by the rows of the commands.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_OPTION_H
#define CGI_LOGIN_OPTION_H

#include "admin/command.h"

enum { OPTIONS_MAX = 60 };

/* The rows that are known, the first of each name, and what the command line says to each. */
struct options {
    const struct option_row *rows[OPTIONS_MAX];
    const char *values[OPTIONS_MAX]; /* the last of each; NULL: not given; "" for a flag */
    size_t count;
    struct {
        size_t row;
        const char *value;
    } listed[OPTION_VALUES_MAX]; /* each value of the options that may be given more than once */
    size_t listed_count;
};

/* Takes a row in, if there is none of its name yet. */
void options_know(struct options *options, const struct option_row *row);

/* Reads the options in argv; getopt's optind then is where the words start. False, having complained, if one is not
 * known, or lacks its value. */
bool options_read(struct options *options, int argc, char **argv);

/* Puts what was given of `rows` (NULL at the end), or else the defaults, into the command line. False, having
 * complained, if a value does not fit. */
bool options_apply(const struct options *options, const struct option_row *const *rows, struct command_line *line);

/* The name of an option that was given and is in neither of the lists; NULL if there is none. */
const char *options_find_stray(const struct options *options, const struct option_row *const *rows,
                               const struct option_row *const *more);

/* Prints the rows (NULL at the end) for --help. */
void options_print(FILE *out, const struct option_row *const *rows);

#endif

/* Where config.json is, and the log of a product whose config cannot be read.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CONFIG_PLACE_H
#define CGI_LOGIN_CONFIG_PLACE_H

#include "base/error.h"
#include "config/program_file.h"

#include <limits.h>
#include <stdbool.h>

/* The log's name beside the config. */
#define CONFIG_LOG_NAME "error.log"

/* Who reads the config: a program that answers requests refuses what the command line only warns about, and the check
 * goes on where the others stop. */
enum config_reader {
    CONFIG_FOR_REQUEST,
    CONFIG_FOR_COMMAND,
    CONFIG_FOR_CHECK,
    CONFIG_FOR_OWNER, /* a request of the owner's page, which is shown with a faulty config, too (entrance.h) */
    CONFIG_FOR_PRESET /* a provider's file is judged, in a config that is nobody's: no file of an owner's is there */
};

/* Finds the config file, and writes its path: `named` if it is not NULL or empty; else what the file beside the program
 * names (config_pointer.h); else cgi-login/config.json in the folders above the program's, the nearest first (for the
 * command line config.json in the one above before). Of these the nearest two are looked at, and those after them as
 * far as they are the program's owner's and the first that is not. A folder that others can write is passed over, and
 * so is what a stranger owns: who could put a config there must not say who is signed in. ERROR_CONFIG if none is
 * found; the cause tells a place that was passed over, or could not be looked at, from an empty one. Where `program` is
 * NULL, the system does not tell where it lies. */
enum error_code config_find(const char *named, const struct program_file *program, enum config_reader reader,
                            char path[PATH_MAX], struct error *error);

/* What a program finds for a request where no variable names the config; one that is `expected` (NULL: none), by a path
 * without symbolic links, need not be there yet. For commands that lay out a site. */
enum error_code config_find_expected(const struct program_file *program, const char *expected, char path[PATH_MAX],
                                     struct error *error);

/* What config_find finds for the running program: `named` if it is not NULL, else what the process's own variable says,
 * else as above. */
enum error_code config_locate(const char *named, enum config_reader reader, char path[PATH_MAX], struct error *error);

/* Writes where the log is while no config says so: beside the config that cannot be read, or where one is looked for.
 * `named` as for config_locate, `document_root` NULL where it is not known. False if there is no such folder, or it is
 * another user's or in the web root. */
bool config_find_log(const char *named, const char *document_root, char path[PATH_MAX]);

/* Returns the path without symbolic links, in `real`, or `path` itself where that cannot be told. */
const char *config_real_path(const char *path, char real[PATH_MAX]);

/* Returns the path of the web root without symbolic links; NULL if the web root is not known. */
const char *config_web_root(const char *document_root, char real[PATH_MAX]);

/* True if `path` is `folder` or lies in it. Both are real paths. */
bool config_lies_in(const char *path, const char *folder);

#endif

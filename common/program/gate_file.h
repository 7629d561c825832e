/* Where the file lies that a web server is about to serve, as a path of the site: what the gate judges beside the path
 * that was asked for, which a RewriteRule or a DirectoryIndex has made another.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_FILE_H
#define CGI_LOGIN_GATE_FILE_H

#include "base/bounds.h"
#include "base/error.h"
#include "http/request.h"

#include <limits.h>

/* Reads it from SCRIPT_FILENAME, which lies below DOCUMENT_ROOT or, with Apache's Alias and user folders, below
 * CONTEXT_DOCUMENT_ROOT. "" where the server serves no file but passes the request on ("proxy:…"). ERROR_CONFIG where
 * it does not name the file or the file lies in none of these: nothing can be judged then. ERROR_BAD_REQUEST for a name
 * that site_path_read_decoded refuses. */
enum error_code gate_file_read(const struct request *request, char path[SITE_PATH_MAX + 1], struct error *error);

/* Writes the name of the file or folder that the first `len` bytes of a path of the site are, below the same folders.
 * Returns its length, which is PATH_MAX or more where it has no room; 0 where none is known: the server does not say
 * where the site lies, or the path goes no further than an alias itself. */
size_t gate_file_name(const struct request *request, const char *path, size_t len, char file[PATH_MAX]);

#endif

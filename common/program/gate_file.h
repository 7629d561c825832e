/* Where the file lies that a web server is about to serve, as a path of the site: what the gate judges beside the path
 * that was asked for, which a RewriteRule or a DirectoryIndex has made another.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_FILE_H
#define CGI_LOGIN_GATE_FILE_H

#include "base/bounds.h"
#include "base/error.h"
#include "http/request.h"

/* Reads it from SCRIPT_FILENAME, which lies below DOCUMENT_ROOT or, with Apache's Alias and user folders, below
 * CONTEXT_DOCUMENT_ROOT. "" where the server serves no file but passes the request on ("proxy:…"). ERROR_CONFIG where
 * it does not name the file or the file lies in none of these: nothing can be judged then. ERROR_BAD_REQUEST for a name
 * that site_path_read_decoded refuses. */
enum error_code gate_file_read(const struct request *request, char path[SITE_PATH_MAX + 1], struct error *error);

#endif

/* The lines that guard a folder, as its .htaccess has them: made of the files in gate/ beside the config, which `make
 * install` and the archive bring.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_LINES_H
#define CGI_LOGIN_GATE_LINES_H

#include "admin/gate/site_place.h"

#include "base/buffer.h"
#include "base/error.h"

/* The ways, the strongest first. */
enum gate_lines_way { GATE_LINES_AUTHORIZER, GATE_LINES_REDIRECT, GATE_LINES_WAYS };

/* The way's name, which is that of its file. */
const char *gate_lines_name(enum gate_lines_way way);

/* Finds a way by its name; GATE_LINES_WAYS if there is none. */
enum gate_lines_way gate_lines_find(const char *name);

/* Makes the lines of a way for this site, marks included, each with "\n" at its end. ERROR_CONFIG if the file is not
 * there or damaged, or if what it needs to know of the site is not known: the cause says what to do. */
enum error_code gate_lines_make(const char *home, const struct site_place *place, enum gate_lines_way way,
                                struct buffer *lines, struct error *error);

#endif

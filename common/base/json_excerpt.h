/* A line of a JSON text for the log, without its values: each may be a secret.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_JSON_EXCERPT_H
#define CGI_LOGIN_JSON_EXCERPT_H

#include "base/buffer.h"

/* Appends what is around `at` of the line that begins at `line`, such as `"client_id": >>>“…”,`: the keys and the
 * punctuation, and ">>>" before `at`. A key is made of small letters and "_". The text ends at `end`, with a NUL
 * there. */
void json_excerpt_append(struct buffer *out, const char *line, const char *at, const char *end);

#endif

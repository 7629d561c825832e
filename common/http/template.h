/* Page templates: a subset of Mustache that always escapes.
 *   {{name}} {{a.b}} {{.}}        a value, escaped for HTML text and double-quoted attributes
 *   {{#name}}…{{/name}}           a section: for each element of a list, or once if the value is there, not false, and
 *                                 not ""
 *   {{^name}}…{{/name}}           the other case
 *   {{! … }}                      a comment
 * There is no unescaped form. A section's tag or a comment that stands alone on its line takes the line with it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TEMPLATE_H
#define CGI_LOGIN_TEMPLATE_H

#include "base/buffer.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

enum template_result { TEMPLATE_RENDERED, TEMPLATE_UNUSABLE, TEMPLATE_NO_MEMORY };

/* Renders the template with the view. TEMPLATE_UNUSABLE, with *problem in a few words, if it is malformed, or makes too
 * large a page; *problem is NULL otherwise. */
enum template_result template_render(const char *text, const cJSON *view, struct buffer *out, const char **problem);

/* Appends text escaped for HTML. */
void template_append_escaped(struct buffer *out, const char *text);

#endif

/* Page templates: a subset of Mustache that always escapes.
 *   {{name}} {{a.b}} {{.}}        a value, escaped for HTML text and double-quoted attributes
 *   {{#name}}…{{/name}}           a section: for each element of a list, or once if the value is there, not false, and
 *                                 not ""
 *   {{^name}}…{{/name}}           the other case
 *   {{> name}}                    another template of the same folder, NAME.html, with the same view; at most four deep
 *   {{"key"}}                     a sentence of the visitor's language (language/words.h), escaped. A {name} in it is a
 *                                 value of the view: a text in <bdi>, since it may be of any language, an object of
 *                                 `datetime` and `text` as <time>
 *   {{plain "key"}}               the same without markup, for <title> and attributes
 *   {{! … }}                      a comment
 * There is no unescaped form. A tag of a section, of another template or of a comment that stands alone on its line
 * takes the line with it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TEMPLATE_H
#define CGI_LOGIN_TEMPLATE_H

#include "base/buffer.h"
#include "base/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

struct words;

/* Where templates are, and the words for them. */
struct template_set {
    const char *folder;
    struct words *words; /* NULL: there are none */
    bool strict;         /* for a check: what a section that is skipped wants must be there, too */
};

/* Renders FOLDER/NAME.html with the view. ERROR_CONFIG if it, or one that it names, cannot be read, is malformed, wants
 * a word that there is not, or makes too large a page: the cause names the file, the line and what is wrong.
 * ERROR_INTERNAL when memory runs out. */
enum error_code template_render_file(const struct template_set *set, const char *name, const cJSON *view,
                                     struct buffer *out, struct error *error);

/* Renders a text in the same way; it cannot name another template. */
enum error_code template_render(const char *text, const cJSON *view, struct words *words, struct buffer *out,
                                struct error *error);

/* Appends text escaped for HTML. */
void template_append_escaped(struct buffer *out, const char *text);

#endif

/* Colours as CSS writes them, and whether a text of one can be read on a ground of another (WCAG 2.2).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_COLOUR_H
#define CGI_LOGIN_COLOUR_H

#include "base/buffer.h"

#include <stdbool.h>

struct colour {
    unsigned char red, green, blue;
};

/* Reads "#rrggbb". False for anything else, also for the short form and for names. */
bool colour_parse(const char *text, struct colour *colour);

/* `percent` of `other` in `colour`. */
struct colour colour_mix(struct colour colour, struct colour other, int percent);

/* Black or white, whichever is read more easily on `ground`: at least AA's 4.5 on any. */
struct colour colour_text_on(struct colour ground);

/* The colour nearest to `colour`, on its way to `end`, that can be read on each of the grounds, as `end` itself can. */
struct colour colour_readable(struct colour colour, struct colour end, const struct colour *grounds, size_t count);

/* Appends "#rrggbb". */
void colour_append(struct buffer *out, struct colour colour);

#endif

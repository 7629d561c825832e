/* A text with JSON Pointers in braces, "{/first_name} {/last_name}", which makes one text of several values. The
 * pointer of nothing, "{}", is the whole value.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_JSON_TEMPLATE_H
#define CGI_LOGIN_JSON_TEMPLATE_H

#include "base/bounds.h"
#include "base/buffer.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

enum json_template_use {
    /* For people, or a URL where the template is one: what is missing in a text is left out, with the blanks that are
     * then too many; in a URL all must be there, and is percent-encoded. */
    JSON_TEMPLATE_TEXT,
    /* Two people must never get the same: all must be there, and is percent-encoded, so that what stands between two
     * values stands in neither. */
    JSON_TEMPLATE_ID
};

/* NULL for a template that can be used, else what is wrong and what to do, in words. A host is never a value: what a
 * provider answers must not choose where a browser loads a picture from. */
const char *json_template_fault(const char *text, enum json_template_use use);

/* Appends what the template makes of `root`. False, with nothing appended, if what it needs is not there. Texts and
 * whole numbers count, a text in which nothing can be seen does not. A buffer with a limit may fail as too large. */
bool json_template_append(struct buffer *out, const char *text, const cJSON *root, enum json_template_use use);

/* Takes the template's next pointer from `*at` on, which is moved behind it. False if there is none left. */
bool json_template_next_pointer(const char **at, char pointer[JSON_TEMPLATE_MAX]);

#endif

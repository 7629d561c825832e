/* The tags of a template, each read by itself (template.h says what they are).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TEMPLATE_TAG_H
#define CGI_LOGIN_TEMPLATE_TAG_H

#include "base/bounds.h"

#include <stdbool.h>

#define TEMPLATE_NAME_SIZE (LANGUAGE_KEY_MAX + 1)

enum template_tag_kind {
    TAG_VALUE,
    TAG_SECTION = '#',
    TAG_INVERTED = '^',
    TAG_END = '/',
    TAG_COMMENT = '!',
    TAG_PARTIAL = '>',
    TAG_WORDS = '"',
    TAG_PLAIN_WORDS = 'p'
};

struct template_tag {
    enum template_tag_kind kind;
    char name[TEMPLATE_NAME_SIZE];
    const char *start; /* the end of the text before the tag */
    const char *after; /* the start of the text after the tag */
};

/* Reads the tag whose braces open at `text`, in a template that begins at `whole`. False if it is malformed. */
bool template_tag_read(const char *whole, const char *text, struct template_tag *tag);

#endif

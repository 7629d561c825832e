/* What a check finds, in a view: `fixes`, `notes` and `right`, each a list of {sentence}.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_FINDINGS_H
#define CGI_LOGIN_FINDINGS_H

#include "admin/check/finding.h"
#include "base/view.h"

#include <stddef.h>

struct findings {
    struct view lists[FINDING_FIX + 1];
    size_t fixes;
};

/* Adds the lists to the view, which must outlive them. */
void findings_begin(struct findings *findings, struct view *view);

/* A finding_take, whose context is the findings. */
void findings_take(void *context, enum finding_kind kind, const char *sentence);

#endif

/* What the button that sent a form stands for.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_FORM_ACTION_H
#define CGI_LOGIN_FORM_ACTION_H

#include "base/query.h"

#include <stddef.h>

/* Finds the form's `action` among `names`, with NULL at their end, and writes its place. ERROR_BAD_REQUEST for none, or
 * for another. */
enum error_code form_action_find(const struct query *form, const char *const *names, size_t *place,
                                 struct error *error);

#endif

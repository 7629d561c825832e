/* SPDX-License-Identifier: MIT */
#include "program/form_action.h"

#include "base/text.h"

enum error_code form_action_find(const struct query *form, const char *const *names, size_t *place,
                                 struct error *error) {
    const char *name;
    const enum error_code code = query_read(form, "action", &name, error);
    if (code != ERROR_NONE)
        return code;
    for (*place = 0; names[*place] != NULL; ++*place)
        if (text_equal(name, names[*place]))
            return ERROR_NONE;
    return error_set(error, ERROR_BAD_REQUEST, "the form names no action that there is");
}

/* SPDX-License-Identifier: MIT */
#include "program/return_to.h"

#include "base/redirect.h"

/* Returns why the parameter cannot be used, as what it does or is; NULL if it can be, or if there is none. */
static const char *read(const struct query *query, char path[RETURN_TO_MAX + 1]) {
    const char *text;
    enum redirect_fault fault = REDIRECT_IS_LOCAL;
    *path = '\0';
    switch (query_find(query, RETURN_TO_PARAMETER, &text)) {
    case QUERY_ABSENT: break;
    case QUERY_TWICE: return "stands twice";
    case QUERY_MALFORMED: return "has malformed percent-encoding or characters";
    case QUERY_FOUND:
        if (*text != '\0')
            fault = redirect_encode(text, path);
        break;
    }
    return fault != REDIRECT_IS_LOCAL ? redirect_describe(fault) : NULL;
}

void return_to_read(struct context *context, char path[RETURN_TO_MAX + 1]) {
    const char *why = read(&context->request->query, path);
    if (why != NULL)
        response_note(context->response, "return_to is dropped, and the login ends at redirects.success: it %s", why);
}

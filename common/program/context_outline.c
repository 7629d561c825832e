/* This function is apart from context.c, so that only a program with such a page links it.
 * SPDX-License-Identifier: MIT */
#include "program/context.h"

enum error_code context_outline(struct context *context, const char *name, const struct provider_outline **outline,
                                struct error *error) {
    struct problems problems = {.count = 0};
    const enum error_code code =
        process_cache_outline(context->cache, context->config, name, outline, &problems, error);
    for (size_t i = 0; i < problems.count; i++)
        response_note(context->response, "%s", problems.lines[i]);
    problems_clear(&problems);
    return code;
}

/* SPDX-License-Identifier: MIT */
#include "program/answer.h"

#include "program/page.h"

#include <string.h>

static void answer_json(struct context *context, const struct view *view) {
    response_json(context->response, 200, "application/json", view);
    page_add_language(context);
}

enum error_code answer_page(struct context *context, const char *name, struct view *view, const char *picture,
                            struct error *error) {
    if (!context->request->wants_json)
        return page_render(context, name, 200, view, picture, error);
    answer_json(context, view);
    return ERROR_NONE;
}

void answer_redirect(struct context *context, const struct buffer *url, const struct view *view) {
    if (context->request->wants_json)
        answer_json(context, view);
    else
        response_redirect(context->response, url);
}

void answer_see_other(struct context *context, const struct buffer *url, const struct view *view) {
    if (context->request->wants_json)
        answer_json(context, view);
    else
        response_see_other(context->response, url);
}

void answer_home(struct context *context, const char *done, const struct view *view) {
    struct buffer url = BUFFER_EMPTY;
    buffer_append_format(&url, "%s%s", context->config->base_url, context->config->home_path);
    if (done != NULL && strchr(context->config->home_path, '#') == NULL)
        buffer_append_format(&url, "#%s", done);
    answer_redirect(context, &url, view);
    buffer_free(&url);
}

void answer_failure_redirect(struct context *context, enum error_code code, const struct buffer *url) {
    if (context->request->wants_json)
        page_error(context, code);
    else
        response_redirect(context->response, url);
}

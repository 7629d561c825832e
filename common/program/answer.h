/* How a handler answers: with a page, or by sending the browser on. A client that wants JSON (accept.h) gets the same
 * content as JSON, and is not sent on.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ANSWER_H
#define CGI_LOGIN_ANSWER_H

#include "program/context.h"

/* The id of the element of the home page that says so. */
#define DONE_SIGNED_OUT "signed-out"

/* 200 with `view`, as templates/NAME.html or as JSON. `picture` is for the page: see page_render. */
enum error_code answer_page(struct context *context, const char *name, struct view *view, const char *picture,
                            struct error *error);

/* 302 to `url`, an absolute one; or 200 with `view` as JSON. */
void answer_redirect(struct context *context, const struct buffer *url, const struct view *view);

/* 303 to `url` after a POST that has done what it was to do; or 200 with `view` as JSON. */
void answer_see_other(struct context *context, const struct buffer *url, const struct view *view);

/* 302 or 200, likewise, to the site's own home page. `done` is NULL, or names the element of that page which says what
 * was done: it goes behind "#", unless redirects.home has a fragment of its own. */
void answer_home(struct context *context, const char *done, const struct view *view);

/* 302 to `url` after a failure; or the failure as JSON (page_error). */
void answer_failure_redirect(struct context *context, enum error_code code, const struct buffer *url);

#endif

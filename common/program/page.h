/* Pages: a view put into one of the templates beside the config.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PAGE_H
#define CGI_LOGIN_PAGE_H

#include "program/context.h"

/* Renders templates/NAME.html with `view`, to which the URLs of our pages, `site`, and `lang` and `dir` of the words
 * are added, into the response. `picture` is the one picture the page may show from elsewhere, or NULL. */
enum error_code page_render(struct context *context, const char *name, int status, struct view *view,
                            const char *picture, struct error *error);

/* The same, with a template that is written in English and asks no language file: it is there for whoever has to find
 * out that there are none. */
enum error_code page_render_english(struct context *context, const char *name, int status, struct view *view,
                                    struct error *error);

/* Names the language of a response for which words were asked for, and says that it is the browser's choice. */
void page_add_language(struct context *context);

/* Adds a point in time (seconds since 1970), in UTC: as JSON the text of ISO 8601, for a page an object of that,
 * `datetime`, and of `text` as the words (NULL for JSON) write it. */
void page_add_time(struct view *view, const char *key, int64_t seconds, struct words *words);

/* The provider that a failed login was begun with, as the browser remembers (last_provider.h): the config's own name
 * of it, or NULL. */
const char *page_failed_provider(const struct context *context);

/* Adds `error` {code, title, message, quiet, report} if the request's ?error= names one, as a failed login leaves it.
 * `quiet`: nothing went wrong, the visitor wanted it so; `report`: the code helps who has to mend it. Neither is for
 * JSON. `provider` is the title of the failed login's, or NULL. Fails as context_words does. */
enum error_code page_add_error(struct context *context, const char *provider, struct view *view, struct error *error);

/* Answers with problem+json, whatever the client wants. `login_url` goes into it where that is not NULL. Never
 * fails. */
void page_problem(struct context *context, enum error_code code, const struct buffer *login_url);

/* Answers with an error: problem+json (RFC 9457) for a client that wants JSON, else the error page; and with a page of
 * its own when there is no config or the template cannot be used. Never fails. */
void page_error(struct context *context, enum error_code code);

#endif

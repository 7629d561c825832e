/* A request to the own site, through base_url, as somebody who is not signed in makes it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SITE_ASK_H
#define CGI_LOGIN_SITE_ASK_H

#include "config/config.h"
#include "http/http_client.h"

enum { SITE_PROBLEM_SIZE = 48 };

struct site_answer {
    struct http_response response;
    struct error error;              /* why there is none, or none that can be used */
    bool is_whole;                   /* read to its end */
    bool is_large;                   /* a success of more than is read */
    char problem[SITE_PROBLEM_SIZE]; /* the `code` of a failure that one of our programs tells; "": it is none */
};

/* How to ask. */
enum site_method { SITE_GET, SITE_HEAD, SITE_GET_PAGE }; /* a script's GET, its HEAD, and a browser's GET */

/* Asks for a path of the site, with its query. `header` is one more line, or NULL. The answer is the caller's
 * (site_answer_free). */
void site_ask(struct http_client *client, const struct config *config, enum site_method method, const char *path,
              const char *header, struct site_answer *answer);

/* True if there is a response, of whatever status. */
bool site_answer_is_there(const struct site_answer *answer);

/* True if one of our programs tells of a failure. Its response to HEAD has no body to prove that. */
bool site_answer_is_failure(const struct site_answer *answer);

void site_answer_free(struct site_answer *answer);

#endif

/* SPDX-License-Identifier: MIT */
#include "program/visitor_headers.h"

#include "program/visitor.h"

static const char *const names[VISITOR_VALUES] = {
    [VISITOR_USER] = "X-Cgi-Login-User",    [VISITOR_PROVIDER] = "X-Cgi-Login-Provider",
    [VISITOR_ID] = "X-Cgi-Login-Id",        [VISITOR_USERNAME] = "X-Cgi-Login-Username",
    [VISITOR_NAME] = "X-Cgi-Login-Name",    [VISITOR_EMAIL] = "X-Cgi-Login-Email",
    [VISITOR_GROUPS] = "X-Cgi-Login-Groups"};

void visitor_headers_add(struct response *response, const struct session *session) {
    for (enum visitor_value value = 0; value < VISITOR_VALUES; value++) {
        struct buffer text = BUFFER_EMPTY;
        if (session != NULL)
            visitor_append(&text, session, value);
        response_header_buffer(response, names[value], &text);
        buffer_free(&text);
    }
}

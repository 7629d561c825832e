/* SPDX-License-Identifier: MIT */
#include "program/login_discovery.h"

#include "config/provider.h"

#define BEGIN_PARAMETER "begin"

void login_hand_over(struct context *context, const struct login_wish *wish) {
    struct buffer url = BUFFER_EMPTY;
    buffer_append_text(&url, context->provider->callback_url);
    query_append_to_url(&url, BEGIN_PARAMETER, "1");
    login_wish_append(wish, &url);
    login_start_redirect(context, &url);
    buffer_free(&url);
}

bool login_is_handed_over(const struct query *query) {
    static const char *const others[] = {"state", "code", "error"};
    const char *value;
    bool handed_over = query_find(query, BEGIN_PARAMETER, &value) == QUERY_FOUND;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        handed_over = handed_over && query_find(query, others[i], &value) == QUERY_ABSENT;
    return handed_over;
}

/* GET /auth/{provider}: sends the browser to the provider to log in, with a state that only this browser can bring
 * back.
 * SPDX-License-Identifier: MIT */
#include "config/own_host.h"
#include "config/provider.h"
#include "config/routes.h"
#include "program/login_discovery.h"
#include "program/login_start.h"
#include "program/program.h"

#include <unistd.h>

/* The parameter that base_url's start is given by another name's: a proxy may hide the name that the browser knows, and
 * no request goes round more than once. */
#define MOVED_PARAMETER "moved"

static bool is_moved(const struct query *query) {
    const char *moved;
    return query_find(query, MOVED_PARAMETER, &moved) != QUERY_ABSENT;
}

/* Sends the browser to the same program under base_url, where the cookie of the login will be wanted. */
static void move(struct context *context, const struct login_wish *wish) {
    struct buffer url = BUFFER_EMPTY;
    buffer_append_text(&url, context->config->base_url);
    route_append_link(&url, context->request, ROUTE_START, context->provider->name);
    login_wish_append(wish, &url);
    query_append_to_url(&url, MOVED_PARAMETER, "1");
    login_start_redirect(context, &url);
    buffer_free(&url);
}

static enum error_code begin(struct context *context, const struct login_wish *wish, struct error *error) {
    enum issuer_state state;
    const enum error_code code =
        process_cache_issuer(context->cache, context->config, context->request->now, &state, error);
    if (code != ERROR_NONE)
        return code;
    if (state != ISSUER_UNKNOWN)
        return login_start(context, wish, error);
    login_hand_over(context, wish);
    return ERROR_NONE;
}

static enum error_code handle(struct context *context, struct error *error) {
    struct login_wish wish;
    const enum error_code code = login_wish_read(context, &wish, error);
    if (code != ERROR_NONE)
        return code;
    if (own_host_is_asked(context->config, context->request) || is_moved(&context->request->query))
        return begin(context, &wish, error);
    move(context, &wish);
    return ERROR_NONE;
}

int main(void) {
    static const struct program program = {
        .name = "start", .methods = METHOD_GET | METHOD_HEAD, .wants = CONTEXT_PROVIDER, .handle = handle};
    return program_run(&program, environ);
}

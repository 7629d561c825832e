/* SPDX-License-Identifier: MIT */
#include "program/login_discovery.h"

#include "oauth/provider_outage.h"
#include "openid/issuer_fetch.h"
#include "program/provider_watch.h"

static enum error_code fetch(struct context *context, struct deadline deadline, struct error *error) {
    struct http_client *client = NULL;
    struct error remark;
    enum error_code code = process_cache_http_client(context->cache, context->config, &client, error);
    if (code != ERROR_NONE)
        return code;
    http_client_limit(client, deadline);
    code = issuer_fetch(context->config, context->cache->provider, client, context->request->now, &remark, error);
    provider_watch_note_published(context, code);
    if (code == ERROR_NONE && remark.cause[0] != '\0')
        response_note(context->response, "what the issuer publishes is fetched anew for each login, since %s",
                      remark.cause);
    return code;
}

enum error_code login_discover(struct context *context, struct deadline deadline, enum issuer_state *state,
                               struct error *error) {
    enum error_code code = process_cache_issuer(context->cache, context->config, context->request->now, state, error);
    if (code == ERROR_NONE && *state == ISSUER_UNKNOWN) {
        code = fetch(context, deadline, error);
        *state = ISSUER_KNOWN;
    }
    return code;
}

enum error_code login_take_over(struct context *context, int64_t *left, struct error *error) {
    const struct outage_place place = {context->config->state, context->provider->name};
    const struct deadline end = deadline_in(context->config->callback_seconds * MILLISECONDS_PER_SECOND);
    struct login_wish wish;
    enum issuer_state state;
    *left = provider_outage_left(&place, context->request->now);
    if (*left != 0)
        return ERROR_NONE;
    enum error_code code = login_wish_read(context, &wish, error);
    if (code == ERROR_NONE)
        code = login_discover(context, end, &state, error);
    return code == ERROR_NONE ? login_start(context, &wish, error) : code;
}

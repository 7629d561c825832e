/* SPDX-License-Identifier: MIT */
#include "program/provider_watch.h"

#include "config/provider.h"
#include "oauth/provider_outage.h"
#include "store/store.h"

#include <time.h>

enum error_code provider_watch_check(struct context *context, const char *session_id, int64_t *left,
                                     struct error *error) {
    const struct outage_place place = {context->config->state, context->provider->name};
    struct store *store = NULL;
    struct login login;
    *left = provider_outage_left(&place, context->request->now);
    if (*left == 0)
        return ERROR_NONE;
    enum error_code code = context_store(context, &store, error);
    if (code == ERROR_NONE)
        code = store_login_find(store, session_id, &login, error);
    if (code == ERROR_NONE && login.state != LOGIN_UNKNOWN)
        *left = 0;
    return code;
}

void provider_watch_note(struct context *context, enum error_code code) {
    const struct outage_place place = {context->config->state, context->provider->name};
    if (code != ERROR_PROVIDER_UNREACHABLE && code != ERROR_PROVIDER_FAULT) {
        if (code != ERROR_INTERNAL)
            provider_outage_note_response(&place);
    } else if (provider_outage_note_failure(&place, (int64_t)time(NULL))) {
        response_note(context->response,
                      "%s failed %d times in a row: visitors are told so at once from now on, and one tries it every "
                      "%d seconds, until it responds",
                      context->provider->name, OUTAGE_FAILURES, OUTAGE_SECONDS);
    }
}

void provider_watch_note_published(struct context *context, enum error_code code) {
    provider_watch_note(context, code == ERROR_PROVIDER ? ERROR_PROVIDER_FAULT : code);
}
